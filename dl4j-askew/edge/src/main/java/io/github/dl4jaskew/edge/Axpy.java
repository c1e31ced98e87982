package io.github.dl4jaskew.edge;

/**
 * Sums of rows times numbers. HotSpot 17 makes vector instructions of this loop because every array is indexed by {@code i}
 * alone and there are few of them: with offsets, or with more than five rows, it took three times as long.
 */
final class Axpy {

    /** Rows of one pass, which spares three of four loads and stores of the sums. */
    static final int ROWS = 4;

    private Axpy() {}

    /** The smallest multiple of {@link #ROWS} that is at least {@code rows}. */
    static int padded(int rows) {
        return (rows + ROWS - 1) / ROWS * ROWS;
    }

    /**
     * {@code y[i] += sum_r w[from + r] x[r][i]} for {@code i < n} and {@code r < rows}, a multiple of {@link #ROWS}.
     */
    static void add(float[][] x, float[] w, int from, int rows, float[] y, int n) {
        for (int r = 0; r < rows; r += ROWS) {
            int at = from + r;
            add(x[r], x[r + 1], x[r + 2], x[r + 3], w[at], w[at + 1], w[at + 2], w[at + 3], y, n);
        }
    }

    /** {@code y[i] += w0 x0[i] + w1 x1[i] + w2 x2[i] + w3 x3[i]} for {@code i < n}. */
    static void add(
            float[] x0, float[] x1, float[] x2, float[] x3, float w0, float w1, float w2, float w3, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] += (w0 * x0[i] + w1 * x1[i]) + (w2 * x2[i] + w3 * x3[i]);
        }
    }

    /** {@code y[i] = w0 x0[i] + w1 x1[i]} for {@code i < n}. */
    static void set(float[] x0, float[] x1, float w0, float w1, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = w0 * x0[i] + w1 * x1[i];
        }
    }
}
