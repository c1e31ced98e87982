package io.github.dl4jaskew.edge;

import java.util.Arrays;

/**
 * A dense layer on packed codes, which are never turned back into weights. As many codes of K levels as fit share a byte
 * (8 binary, 5 ternary, 2 of four bits), which stands for one partial sum over as many inputs. All 256 partial sums are
 * tabulated once for the example; then each unit looks up one number for each of its bytes instead of 8 products.
 */
final class TableDense implements Step {

    private static final int TABLE = 256;
    private static final int TABLES = Long.BYTES;

    private final int inputs;
    private final int outputs;
    private final float[] levels;
    private final int codesPerByte;
    private final long[] bytes;
    private final float[] scale;
    private final float[] shift;

    TableDense(int inputs, int outputs, Codes codes, Affine affine) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.levels = codes.levels();
        this.codesPerByte = codesPerByte(levels.length);
        this.bytes = transposed(codes);
        this.scale = new float[outputs];
        for (int j = 0; j < outputs; j++) {
            scale[j] = (float) (affine.scale(j) * codes.scale(j));
        }
        this.shift = affine.shifts();
    }

    /**
     * Whether this is the better choice. With more levels a byte stands for fewer inputs, and floats are faster; with few
     * units, filling the tables costs more than they save.
     */
    static boolean pays(int levels, int outputs) {
        return levels <= 4 && outputs >= TABLE / 8;
    }

    private static int codesPerByte(int levels) {
        int count = 1;
        for (int power = levels * levels; power <= TABLE; power *= levels) {
            count++;
        }
        return count;
    }

    private int inputsPerBlock() {
        return codesPerByte * TABLES;
    }

    /** Eight bytes of each unit side by side: block b of unit j is element {@code b * outputs + j}. */
    private long[] transposed(Codes codes) {
        int block = inputsPerBlock();
        int blocks = (inputs + block - 1) / block;
        long[] all = new long[Math.multiplyExact(blocks, outputs)];
        byte[] row = new byte[blocks * block];
        for (int j = 0; j < outputs; j++) {
            codes.get((long) j * inputs, row, inputs);
            for (int b = 0; b < blocks; b++) {
                all[b * outputs + j] = word(row, b * block);
            }
        }
        return all;
    }

    private long word(byte[] row, int from) {
        long word = 0;
        for (int g = 0; g < TABLES; g++) {
            int sum = 0;
            for (int t = codesPerByte - 1; t >= 0; t--) {
                sum = sum * levels.length + (row[from + g * codesPerByte + t] & 0xFF);
            }
            word |= (long) sum << (Byte.SIZE * g);
        }
        return word;
    }

    @Override
    public float[][] scratch() {
        return new float[1][TABLE * TABLES];
    }

    @Override
    public long cost() {
        return (long) inputs * outputs;
    }

    @Override
    public long bytes() {
        return (long) Long.BYTES * bytes.length + 2L * Float.BYTES * outputs;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        Arrays.fill(out, 0, outputs, 0);
        float[] tables = scratch[0];
        int block = inputsPerBlock();
        for (int first = 0, at = 0; first < inputs; first += block, at += outputs) {
            if (fill(in, first, tables)) {
                add(bytes, at, tables, out, outputs);
            }
        }
        for (int j = 0; j < outputs; j++) {
            out[j] = out[j] * scale[j] + shift[j];
        }
    }

    /** Fills the eight tables of a block; says whether any of its inputs is not 0. */
    private boolean fill(float[] in, int first, float[] tables) {
        boolean any = false;
        for (int g = 0; g < TABLES; g++) {
            int from = first + g * codesPerByte;
            int to = Math.min(inputs, from + codesPerByte);
            float sum = 0;
            for (int i = from; i < to; i++) {
                sum += in[i];
                any |= in[i] != 0;
            }
            tables[g * TABLE] = levels[0] * sum;
            int size = 1;
            for (int i = from; i < to; i++) {
                extend(tables, g * TABLE, size, in[i]);
                size *= levels.length;
            }
        }
        return any;
    }

    /** One more input: each sum so far, which counts it at the lowest level, continues with each other level. */
    private void extend(float[] tables, int from, int size, float x) {
        for (int c = 1; c < levels.length; c++) {
            float more = (levels[c] - levels[0]) * x;
            int to = from + c * size;
            for (int i = 0; i < size; i++) {
                tables[to + i] = tables[from + i] + more;
            }
        }
    }

    private static void add(long[] codes, int from, float[] t, float[] out, int outputs) {
        for (int j = 0; j < outputs; j++) {
            long word = codes[from + j];
            int lower = (int) word;
            int upper = (int) (word >>> Integer.SIZE);
            float first = (t[lower & 255] + t[256 + (lower >>> 8 & 255)])
                    + (t[512 + (lower >>> 16 & 255)] + t[768 + (lower >>> 24)]);
            float second = (t[1024 + (upper & 255)] + t[1280 + (upper >>> 8 & 255)])
                    + (t[1536 + (upper >>> 16 & 255)] + t[1792 + (upper >>> 24)]);
            out[j] += first + second;
        }
    }
}
