package io.github.dl4jaskew.edge;

import java.util.Arrays;

/**
 * A dense layer of binary weights on inputs that are -1 or 1, both as bits: {@code bitCount(w ^ x)} of n products are -1, so
 * that their sum is exactly {@code n - 2 bitCount(w ^ x)}.
 */
final class XnorDense implements Step {

    /** Words of one pass. */
    private static final int WORDS = 4;

    private final int inputs;
    private final int outputs;
    private final long[] bits;
    private final float[] scale;
    private final float[] shift;

    XnorDense(int inputs, int outputs, Codes codes, Affine affine) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.bits = bits(codes);
        this.scale = new float[outputs];
        double level = codes.levels()[1];
        for (int j = 0; j < outputs; j++) {
            scale[j] = (float) (affine.scale(j) * codes.scale(j) * level);
        }
        this.shift = affine.shifts();
    }

    /** Whether the levels are -v and v, and there are inputs enough to fill a word and few enough to be counted in floats. */
    static boolean covers(float[] levels, int inputs) {
        return levels.length == 2 && levels[0] == -levels[1] && inputs >= Long.SIZE && inputs <= 1 << 24;
    }

    /** Word w of unit j is element {@code w * outputs + j}; a last pass is filled with zeros. */
    private long[] bits(Codes codes) {
        int block = WORDS * Long.SIZE;
        long[] all = new long[Math.multiplyExact((inputs + block - 1) / block * WORDS, outputs)];
        byte[] row = new byte[inputs];
        for (int j = 0; j < outputs; j++) {
            codes.get((long) j * inputs, row, inputs);
            for (int i = 0; i < inputs; i++) {
                all[i / Long.SIZE * outputs + j] |= (long) row[i] << i;
            }
        }
        return all;
    }

    @Override
    public long cost() {
        return bits.length;
    }

    @Override
    public long bytes() {
        return (long) Long.BYTES * bits.length + 2L * Float.BYTES * outputs;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        Arrays.fill(out, 0, outputs, 0);
        int at = 0;
        for (int i = 0; i < inputs; i += WORDS * Long.SIZE, at += WORDS * outputs) {
            count(at, word(in, i), word(in, i + 64), word(in, i + 128), word(in, i + 192), out);
        }
        boolean defined = areNumbers(in);
        for (int j = 0; j < outputs; j++) {
            out[j] = defined ? (inputs - 2 * out[j]) * scale[j] + shift[j] : Float.NaN;
        }
    }

    /** The signs of up to 64 inputs. */
    private long word(float[] in, int from) {
        long word = 0;
        int end = Math.min(inputs, from + Long.SIZE);
        for (int i = from; i < end; i++) {
            word |= (in[i] > 0 ? 1L : 0L) << i;
        }
        return word;
    }

    private void count(int at, long x0, long x1, long x2, long x3, float[] out) {
        int second = at + outputs;
        int third = second + outputs;
        int fourth = third + outputs;
        for (int j = 0; j < outputs; j++) {
            out[j] += Long.bitCount(bits[at + j] ^ x0)
                    + Long.bitCount(bits[second + j] ^ x1)
                    + Long.bitCount(bits[third + j] ^ x2)
                    + Long.bitCount(bits[fourth + j] ^ x3);
        }
    }

    /** The sign of what is not a number is none. */
    private boolean areNumbers(float[] in) {
        boolean numbers = true;
        for (int i = 0; i < inputs; i++) {
            numbers &= !Float.isNaN(in[i]);
        }
        return numbers;
    }
}
