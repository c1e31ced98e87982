package io.github.dl4jaskew.edge;

/**
 * All sums of some rows times levels that are symmetric about 0, of which one of each pair {@code s} and {@code -s} is
 * computed: of four rows for two levels, of two rows for three or four. Levels are taken relative to the largest, so that no
 * sum is larger than its rows are together. Immutable, thread safe.
 */
final class SignedSums {

    private static final int CODES = 16;

    private final float[] levels;
    private final byte[] row = new byte[CODES];
    private final float[] sign = new float[CODES];
    /** For each sum of two rows, the levels of both. */
    private final float[] first = new float[CODES / 2];

    private final float[] second = new float[CODES / 2];
    private int pairs;

    SignedSums(float[] given) {
        this.levels = new float[given.length];
        for (int k = 0; k < levels.length; k++) {
            levels[k] = given[k] / given[levels.length - 1];
        }
        if (levels.length == 2) {
            binary();
        } else {
            others();
        }
    }

    static boolean covers(float[] levels) {
        boolean symmetric = levels.length <= 4 && levels[levels.length - 1] > 0;
        for (int k = 0; symmetric && k < levels.length; k++) {
            symmetric = levels[k] == -levels[levels.length - 1 - k];
        }
        return symmetric;
    }

    /** Sums {@code (x0 +- x1) +- (x2 +- x3)}: bit t of a code says that row t counts at the upper level. */
    private void binary() {
        for (int code = 0; code < CODES; code++) {
            boolean negative = (code & 1) == 0;
            int of = negative ? CODES - 1 - code : code;
            int left = (of & 2) != 0 ? 0 : 1;
            int right = (of >> 2 & 1) == (of >> 3 & 1) ? 0 : 1;
            row[code] = (byte) (4 * left + 2 * right + ((of & 4) != 0 ? 0 : 1));
            sign[code] = negative ? -1 : 1;
        }
    }

    private void others() {
        int n = levels.length;
        for (int i = n - 1; i >= 0; i--) {
            for (int j = n - 1; j >= 0; j--) {
                int code = i + n * j;
                int opposite = n * n - 1 - code;
                if (levels[i] > 0 || (levels[i] == 0 && levels[j] > 0)) {
                    first[pairs] = levels[i];
                    second[pairs] = levels[j];
                    row[code] = (byte) pairs;
                    row[opposite] = (byte) pairs;
                    sign[code] = 1;
                    sign[opposite] = -1;
                    pairs++;
                }
            }
        }
    }

    /** How many rows go into a sum. */
    int columns() {
        return levels.length == 2 ? 4 : 2;
    }

    /** Memory for {@link #fill}: the sums come first. */
    int rows() {
        return levels.length == 2 ? CODES / 2 + 4 : pairs;
    }

    /** The code of consecutive weights. */
    int code(byte[] kernel, int from) {
        int code = 0;
        for (int t = columns() - 1; t >= 0; t--) {
            code = code * levels.length + kernel[from + t];
        }
        return code;
    }

    int row(int code) {
        return row[code];
    }

    /** 1, -1, or 0 where all weights are 0. */
    float sign(int code) {
        return sign[code];
    }

    /** Computes all sums of rows from {@code from} on into rows from {@code to} on. */
    void fill(float[][] rows, int from, int to, int n) {
        if (levels.length != 2) {
            for (int p = 0; p < pairs; p++) {
                Axpy.set(rows[from], rows[from + 1], first[p], second[p], rows[to + p], n);
            }
            return;
        }
        int half = to + CODES / 2;
        for (int p = 0; p < 2; p++) {
            float other = p == 0 ? 1 : -1;
            Axpy.set(rows[from], rows[from + 1], 1, other, rows[half + p], n);
            Axpy.set(rows[from + 2], rows[from + 3], 1, other, rows[half + 2 + p], n);
        }
        for (int s = 0; s < CODES / 2; s++) {
            float[] left = rows[half + s / 4];
            float[] right = rows[half + 2 + s / 2 % 2];
            Axpy.set(left, right, 1, s % 2 == 0 ? 1 : -1, rows[to + s], n);
        }
    }
}
