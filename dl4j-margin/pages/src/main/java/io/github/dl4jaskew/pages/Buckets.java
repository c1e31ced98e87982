package io.github.dl4jaskew.pages;

/**
 * How rows are gathered for drawing. Row r with {@code 2^k <= r < 2^(k+1)} belongs to a bucket of {@code min(2^level,
 * 2^max(0, k - 4))} rows: 16 buckets for each doubling, which serve a logarithmic axis, of at most {@code 2^level} rows,
 * which serve a linear one. Borders depend on the level alone, so that a full bucket never changes while rows are added.
 * Pure functions.
 */
final class Buckets {

    private static final int LOG_OF_PER_OCTAVE = 4;
    private static final int MAX_LEVEL = 25;

    private Buckets() {}

    /** The smallest level at which the rows fill no more than so many buckets. */
    static int level(int rows, int maxBuckets) {
        int level = 0;
        while (level < MAX_LEVEL && count(rows, level) > maxBuckets) {
            level++;
        }
        return level;
    }

    /** Number of rows of the bucket in which a row is. */
    static int width(int row, int level) {
        if (row == 0) {
            return 1;
        }
        int octave = 31 - Integer.numberOfLeadingZeros(row);
        return 1 << Math.min(level, Math.max(0, octave - LOG_OF_PER_OCTAVE));
    }

    static boolean isBorder(int row, int level) {
        return row % width(row, level) == 0;
    }

    static long count(int rows, int level) {
        long count = rows > 0 ? 1 : 0;
        for (long begin = 1; begin < rows; begin *= 2) {
            int width = width((int) begin, level);
            count += (Math.min(rows, 2 * begin) - begin + width - 1) / width;
        }
        return count;
    }

    /** Row of the smallest of the values from..to, ends excluded, or -1 if all are NaN. */
    static int lowest(double[] values, int from, int to) {
        int best = -1;
        for (int i = from; i < to; i++) {
            if (best < 0 ? !Double.isNaN(values[i]) : values[i] < values[best]) {
                best = i;
            }
        }
        return best;
    }

    /** Row of the greatest, or -1. */
    static int highest(double[] values, int from, int to) {
        int best = -1;
        for (int i = from; i < to; i++) {
            if (best < 0 ? !Double.isNaN(values[i]) : values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }
}
