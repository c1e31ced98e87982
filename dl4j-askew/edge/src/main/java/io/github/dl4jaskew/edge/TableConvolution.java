package io.github.dl4jaskew.edge;

import java.util.Arrays;

/**
 * Convolution on packed codes of two to four levels that are symmetric about 0, with half a byte for four binary weights or
 * two others. All sums that four (or two) {@link Columns} can have with such weights are computed once, up to their sign;
 * then each output channel adds one of them instead of four (or two) columns times weights.
 */
final class TableConvolution implements Step {

    /** Half a byte. */
    private static final int SUMS = 16;

    /** Groups of columns whose sums are computed at a time, as many as {@link Axpy} adds in a pass. */
    private static final int GROUPS = Axpy.ROWS;

    private final Extent input;
    private final Extent output;
    private final Columns columns;
    private final SignedSums sums;
    private final short[] codes;
    private final float[] scale;
    private final float[] shift;
    private final int patch;
    private final int chunks;
    private final int rowsPerBlock;

    TableConvolution(Extent input, Extent output, Columns columns, int patch, Codes codes, Affine affine) {
        this.input = input;
        this.output = output;
        this.columns = columns;
        this.patch = patch;
        float[] levels = codes.levels();
        this.sums = new SignedSums(levels);
        int chunk = GROUPS * sums.columns();
        this.chunks = (patch + chunk - 1) / chunk;
        this.codes = words(codes, chunks * chunk);
        this.scale = new float[output.channels()];
        double largest = levels[levels.length - 1];
        for (int o = 0; o < scale.length; o++) {
            scale[o] = (float) (affine.scale(o) * codes.scale(o) * largest);
        }
        this.shift = affine.shifts();
        this.rowsPerBlock = columns.rowsPerBlock(patch);
    }

    /** Whether this is the better choice: with few output channels, computing the sums costs more than they save. */
    static boolean pays(float[] levels, int outputs) {
        return outputs >= SUMS && SignedSums.covers(levels);
    }

    /** Four groups of each output channel side by side: chunk c of channel o is element {@code c * outputs + o}. */
    private short[] words(Codes codes, int padded) {
        int outputs = output.channels();
        short[] words = new short[Math.multiplyExact(chunks, outputs)];
        byte[] kernel = new byte[padded];
        for (int o = 0; o < outputs; o++) {
            codes.get((long) o * patch, kernel, patch);
            for (int c = 0; c < chunks; c++) {
                int word = 0;
                for (int g = 0; g < GROUPS; g++) {
                    word |= sums.code(kernel, (c * GROUPS + g) * sums.columns()) << (Integer.BYTES * g);
                }
                words[c * outputs + o] = (short) word;
            }
        }
        return words;
    }

    /** Columns, rows of zeros up to a whole number of chunks, the sums of a chunk, and those of each output channel. */
    @Override
    public float[][] scratch() {
        int rows = paddedPatch() + GROUPS * sums.rows() + output.channels();
        return new float[rows][rowsPerBlock * output.width()];
    }

    private int paddedPatch() {
        return chunks * GROUPS * sums.columns();
    }

    @Override
    public long cost() {
        return (output.channels() + 1L) * output.pixels() * patch;
    }

    @Override
    public long bytes() {
        return (long) Short.BYTES * codes.length + 2L * Float.BYTES * scale.length;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        int first = paddedPatch() + GROUPS * sums.rows();
        for (int y = 0; y < output.height(); y += rowsPerBlock) {
            int rows = Math.min(rowsPerBlock, output.height() - y);
            int pixels = rows * output.width();
            columns.layOut(in, 0, input.channels(), y, rows, scratch);
            for (int o = 0; o < output.channels(); o++) {
                Arrays.fill(scratch[first + o], 0, pixels, 0);
            }
            for (int c = 0; c < chunks; c++) {
                Step.honourInterrupts(cost());
                add(c, scratch, first, pixels);
            }
            for (int o = 0; o < output.channels(); o++) {
                write(scratch[first + o], scale[o], shift[o], out, o * output.pixels() + y * output.width(), pixels);
            }
        }
    }

    private void add(int chunk, float[][] scratch, int first, int pixels) {
        int table = paddedPatch();
        int rows = sums.rows();
        for (int g = 0; g < GROUPS; g++) {
            sums.fill(scratch, (chunk * GROUPS + g) * sums.columns(), table + g * rows, pixels);
        }
        int outputs = output.channels();
        for (int o = 0; o < outputs; o++) {
            int word = codes[chunk * outputs + o];
            int a = word & 15;
            int b = word >>> 4 & 15;
            int c = word >>> 8 & 15;
            int d = word >>> 12 & 15;
            Axpy.add(
                    scratch[table + sums.row(a)],
                    scratch[table + rows + sums.row(b)],
                    scratch[table + 2 * rows + sums.row(c)],
                    scratch[table + 3 * rows + sums.row(d)],
                    sums.sign(a),
                    sums.sign(b),
                    sums.sign(c),
                    sums.sign(d),
                    scratch[first + o],
                    pixels);
        }
    }

    private static void write(float[] sums, float scale, float shift, float[] out, int at, int count) {
        for (int i = 0; i < count; i++) {
            out[at + i] = sums[i] * scale + shift;
        }
    }
}
