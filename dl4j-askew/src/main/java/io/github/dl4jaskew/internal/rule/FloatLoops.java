package io.github.dl4jaskew.internal.rule;

import java.util.Arrays;

/**
 * The loops of {@link FloatKernel}. HotSpot vectorizes each of them except those that look up a table, which is why they
 * look as they do: all arrays share one index, there are no branches, a choice between two values is a weighted sum
 * with weights that are exactly 0 and 1, and no loop does everything: beyond some size HotSpot gives up.
 */
final class FloatLoops {

    /** Adding 2^23 rounds a float in [0, 2^22] to an integer and leaves that integer in its lowest bits. */
    static final float TO_BITS = 0x1p23f;

    /** Adding and subtracting 1.5 * 2^23 rounds a float of magnitude below 2^22 to an integer. */
    private static final float ROUND = 0x1.8p23f;

    /** Takes any difference that matters here to at least 1. */
    private static final float SHARPEN = 0x1p120f;

    /**
     * Takes the product of violation and slope to above 1 wherever this precision can tell a weight from a feasible one; a
     * cell coordinate below some 2^-64 counts as the middle.
     */
    private static final float SHARPEN_PRODUCT = 0x1p64f;

    private static final float HALF_MAX = Float.MAX_VALUE / 2;

    /** Keeps a division by 0 finite; far below the slope of any infeasible weight. */
    private static final float NOT_ZERO = 0x1p-90f;

    private FloatLoops() {}

    static void multiply(float[] v, float[] factor, int n) {
        for (int i = 0; i < n; i++) {
            v[i] *= factor[i];
        }
    }

    /** Cell coordinates on two levels, whose middle is {@code middle} half cells from 0. */
    static void locateInOneCell(float[] w, float[] inverse, float[] t, int n, float middle) {
        for (int i = 0; i < n; i++) {
            t[i] = w[i] * inverse[i] - middle;
        }
    }

    /** Cell coordinates on evenly spaced levels; the cell at {@code middle} has the number 0. */
    static void locateInEvenCells(
            float[] w, float[] inverse, float[] t, int n, float middle, float lowest, float highest) {
        for (int i = 0; i < n; i++) {
            float y = 0.5f * (w[i] * inverse[i] - middle);
            float near = Math.max(lowest, Math.min(highest, y));
            float cell = (near + ROUND) - ROUND;
            t[i] = 2 * (y - cell);
        }
    }

    /** Weights at unit scale, and their buckets in the lowest bits of a float. */
    static void bucket(
            float[] w, float[] inverse, float[] x, float[] bucket, int n, float perUnit, float offset, float last) {
        for (int i = 0; i < n; i++) {
            x[i] = w[i] * inverse[i];
            bucket[i] = Math.max(0, Math.min(last, w[i] * inverse[i] * perUnit + offset)) + TO_BITS;
        }
    }

    /** From weights at unit scale to cell coordinates, and to half cells at unit scale. */
    static void locateInBuckets(float[] t, float[] bucket, float[] half, int n, CellTable table) {
        char[] first = table.first();
        float[] edge = table.floatEdges();
        float[] cells = table.floatCells();
        for (int i = 0; i < n; i++) {
            int b = Float.floatToRawIntBits(bucket[i]);
            // The sign of x - edge as a mask instead of a branch, which would be taken at random.
            int beyond = ~(Float.floatToRawIntBits(t[i] - edge[b & (edge.length - 1)]) >> 31);
            int cell = first[b & (first.length - 1)] + (CellTable.STRIDE & beyond);
            t[i] = (t[i] - cells[cell]) * cells[cell + 1];
            half[i] = cells[cell + 2];
        }
    }

    /** The same where a bucket may hold several edges. */
    static void locateStepwise(float[] t, float[] bucket, float[] half, int n, CellTable table) {
        char[] first = table.first();
        float[] cells = table.floatCells();
        for (int i = 0; i < n; i++) {
            int cell = first[Float.floatToRawIntBits(bucket[i]) & (first.length - 1)];
            while (t[i] >= cells[cell + 3]) {
                cell += CellTable.STRIDE;
            }
            t[i] = (t[i] - cells[cell]) * cells[cell + 1];
            half[i] = cells[cell + 2];
        }
    }

    /** Positive where a weight is infeasible, 0 elsewhere. */
    static void violate(float[] t, float[] violation, int n, float epsilon) {
        for (int i = 0; i < n; i++) {
            float u = (1 - t[i]) * (1 + t[i]);
            violation[i] = Math.abs(u * u - epsilon) + (u * u - epsilon);
        }
    }

    /**
     * From t to |K| before its clamp, in units of v, and to its direction: -1 or +1, and 0 in the middle of a cell.
     * Where the weight moves freely, k is below any velocity.
     */
    static void restore(float[] t, float[] half, float[] k, float[] direction, int n, float epsilon, float rho) {
        for (int i = 0; i < n; i++) {
            float u = (1 - t[i]) * (1 + t[i]);
            float violation = u * u - epsilon;
            float slope = 4 * t[i] * u;
            float perSlope = 1 / (Math.abs(slope) + NOT_ZERO);
            float idle = 1 - SHARPEN_PRODUCT * ((violation + Math.abs(violation)) * Math.abs(slope));
            direction[i] = slope * perSlope;
            k[i] = half[i] * (rho * violation * perSlope) - HALF_MAX * (idle + Math.abs(idle));
        }
    }

    /** Keeps a velocity that restores faster than K; otherwise takes K, limited to {@code limit} half cells. */
    static void choose(float[] v, float[] k, float[] direction, float[] half, float[] chosen, int n, float limit) {
        for (int i = 0; i < n; i++) {
            float lead = -direction[i] * v[i] - k[i];
            float keep = Math.min(1, (lead + Math.abs(lead)) * SHARPEN);
            chosen[i] = keep * v[i] - (1 - keep) * direction[i] * Math.min(k[i], half[i] * limit);
        }
    }

    /** Limits a velocity so that {@code w - v} stays in the hull. */
    static void clip(float[] w, float[] v, float[] low, float[] high, float[] clipped, int n) {
        for (int i = 0; i < n; i++) {
            clipped[i] = Math.max(w[i] - high[i], Math.min(w[i] - low[i], v[i]));
        }
    }

    /** The nearest place in the hull. */
    static void clamp(float[] w, float[] low, float[] high, float[] clamped, int n) {
        for (int i = 0; i < n; i++) {
            clamped[i] = Math.max(low[i], Math.min(high[i], w[i]));
        }
    }

    /** 0 where the velocity stays as it is, positive where it changes, NaN where a number is not finite. */
    static void compare(float[] w, float[] v, float[] result, float[] difference, int n) {
        for (int i = 0; i < n; i++) {
            difference[i] = Math.abs(result[i] - v[i]) + (w[i] + v[i]) * 0;
        }
    }

    /** The sum of the first n; the array has 8 times as many elements as {@code eighth}, and those behind n are lost. */
    static float sum(float[] values, float[] eighth, int n) {
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
        float sum = 0;
        for (float e : eighth) {
            sum += e;
        }
        return sum;
    }
}
