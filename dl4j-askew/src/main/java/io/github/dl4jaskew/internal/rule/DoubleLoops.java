package io.github.dl4jaskew.internal.rule;

import java.util.Arrays;

/**
 * The loops of {@link DoubleKernel}. HotSpot vectorizes each of them except those that look up a table, which is why they
 * look as they do: all arrays share one index, there are no branches, a choice between two values is a weighted sum
 * with weights that are exactly 0 and 1, and no loop does everything: beyond some size HotSpot gives up.
 */
final class DoubleLoops {

    /** Adding 2^52 rounds a double in [0, 2^51] to an integer and leaves that integer in its lowest bits. */
    static final double TO_BITS = 0x1p52;

    /** Adding and subtracting 1.5 * 2^52 rounds a double of magnitude below 2^51 to an integer. */
    private static final double ROUND = 0x1.8p52;

    /** Takes any difference that matters here to at least 1. */
    private static final double SHARPEN = 0x1p1000;

    /**
     * Takes the product of violation and slope to above 1 wherever this precision can tell a weight from a feasible one; a
     * cell coordinate below some 2^-160 counts as the middle.
     */
    private static final double SHARPEN_PRODUCT = 0x1p160;

    private static final double HALF_MAX = Double.MAX_VALUE / 2;

    /** Keeps a division by 0 finite; far below the slope of any infeasible weight. */
    private static final double NOT_ZERO = 0x1p-250;

    private DoubleLoops() {}

    static void multiply(double[] v, double[] factor, int n) {
        for (int i = 0; i < n; i++) {
            v[i] *= factor[i];
        }
    }

    /** Cell coordinates on two levels, whose middle is {@code middle} half cells from 0. */
    static void locateInOneCell(double[] w, double[] inverse, double[] t, int n, double middle) {
        for (int i = 0; i < n; i++) {
            t[i] = w[i] * inverse[i] - middle;
        }
    }

    /** Cell coordinates on evenly spaced levels; the cell at {@code middle} has the number 0. */
    static void locateInEvenCells(
            double[] w, double[] inverse, double[] t, int n, double middle, double lowest, double highest) {
        for (int i = 0; i < n; i++) {
            double y = 0.5 * (w[i] * inverse[i] - middle);
            double near = Math.max(lowest, Math.min(highest, y));
            double cell = (near + ROUND) - ROUND;
            t[i] = 2 * (y - cell);
        }
    }

    /** Weights at unit scale, and their buckets in the lowest bits of a double. */
    static void bucket(
            double[] w,
            double[] inverse,
            double[] x,
            double[] bucket,
            int n,
            double perUnit,
            double offset,
            double last) {
        for (int i = 0; i < n; i++) {
            x[i] = w[i] * inverse[i];
            bucket[i] = Math.max(0, Math.min(last, w[i] * inverse[i] * perUnit + offset)) + TO_BITS;
        }
    }

    /** From weights at unit scale to cell coordinates, and to half cells at unit scale. */
    static void locateInBuckets(double[] t, double[] bucket, double[] half, int n, CellTable table) {
        char[] first = table.first();
        double[] edge = table.edges();
        double[] cells = table.cells();
        for (int i = 0; i < n; i++) {
            int b = (int) Double.doubleToRawLongBits(bucket[i]);
            // The sign of x - edge as a mask instead of a branch, which would be taken at random.
            int beyond = (int) ~(Double.doubleToRawLongBits(t[i] - edge[b & (edge.length - 1)]) >> 63);
            int cell = first[b & (first.length - 1)] + (CellTable.STRIDE & beyond);
            t[i] = (t[i] - cells[cell]) * cells[cell + 1];
            half[i] = cells[cell + 2];
        }
    }

    /** The same where a bucket may hold several edges. */
    static void locateStepwise(double[] t, double[] bucket, double[] half, int n, CellTable table) {
        char[] first = table.first();
        double[] cells = table.cells();
        for (int i = 0; i < n; i++) {
            int cell = first[(int) Double.doubleToRawLongBits(bucket[i]) & (first.length - 1)];
            while (t[i] >= cells[cell + 3]) {
                cell += CellTable.STRIDE;
            }
            t[i] = (t[i] - cells[cell]) * cells[cell + 1];
            half[i] = cells[cell + 2];
        }
    }

    /** Positive where a weight is infeasible, 0 elsewhere. */
    static void violate(double[] t, double[] violation, int n, double epsilon) {
        for (int i = 0; i < n; i++) {
            double u = (1 - t[i]) * (1 + t[i]);
            violation[i] = Math.abs(u * u - epsilon) + (u * u - epsilon);
        }
    }

    /**
     * From t to |K| before its clamp, in units of v, and to its direction: -1 or +1, and 0 in the middle of a cell.
     * Where the weight moves freely, k is below any velocity.
     */
    static void restore(double[] t, double[] half, double[] k, double[] direction, int n, double epsilon, double rho) {
        for (int i = 0; i < n; i++) {
            double u = (1 - t[i]) * (1 + t[i]);
            double violation = u * u - epsilon;
            double slope = 4 * t[i] * u;
            double perSlope = 1 / (Math.abs(slope) + NOT_ZERO);
            double idle = 1 - SHARPEN_PRODUCT * ((violation + Math.abs(violation)) * Math.abs(slope));
            direction[i] = slope * perSlope;
            k[i] = half[i] * (rho * violation * perSlope) - HALF_MAX * (idle + Math.abs(idle));
        }
    }

    /** Keeps a velocity that restores faster than K; otherwise takes K, limited to {@code limit} half cells. */
    static void choose(
            double[] v, double[] k, double[] direction, double[] half, double[] chosen, int n, double limit) {
        for (int i = 0; i < n; i++) {
            double lead = -direction[i] * v[i] - k[i];
            double keep = Math.min(1, (lead + Math.abs(lead)) * SHARPEN);
            chosen[i] = keep * v[i] - (1 - keep) * direction[i] * Math.min(k[i], half[i] * limit);
        }
    }

    /** Limits a velocity so that {@code w - v} stays in the hull. */
    static void clip(double[] w, double[] v, double[] low, double[] high, double[] clipped, int n) {
        for (int i = 0; i < n; i++) {
            clipped[i] = Math.max(w[i] - high[i], Math.min(w[i] - low[i], v[i]));
        }
    }

    /** The nearest place in the hull. */
    static void clamp(double[] w, double[] low, double[] high, double[] clamped, int n) {
        for (int i = 0; i < n; i++) {
            clamped[i] = Math.max(low[i], Math.min(high[i], w[i]));
        }
    }

    /** 0 where the velocity stays as it is, positive where it changes, NaN where a number is not finite. */
    static void compare(double[] w, double[] v, double[] result, double[] difference, int n) {
        for (int i = 0; i < n; i++) {
            difference[i] = Math.abs(result[i] - v[i]) + (w[i] + v[i]) * 0;
        }
    }

    /** The sum of the first n; the array has 8 times as many elements as {@code eighth}, and those behind n are lost. */
    static double sum(double[] values, double[] eighth, int n) {
        int m = eighth.length;
        Arrays.fill(values, n, 8 * m, 0);
        for (int i = 0; i < m; i++) {
            eighth[i] = values[i]
                    + values[i + m]
                    + values[i + 2 * m]
                    + values[i + 3 * m]
                    + values[i + 4 * m]
                    + values[i + 5 * m]
                    + values[i + 6 * m]
                    + values[i + 7 * m];
        }
        double sum = 0;
        for (double e : eighth) {
            sum += e;
        }
        return sum;
    }
}
