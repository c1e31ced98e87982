package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Grid;
import java.util.Arrays;

/**
 * The loops for {@code float}; {@link DoubleLoops} is generated from this file.
 *
 * <p>HotSpot vectorizes each of them except those that look up a table, which is why they look as they do: all arrays share
 * one index, there are no branches, a choice between two values is a weighted sum with weights that are exactly 0 and 1, and
 * no loop does everything: beyond some size (60 nodes, LoopUnrollLimit) HotSpot gives up, and a loop takes ten times as long.
 */
final class FloatLoops implements Loops<float[]> {

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

    private static final float UNBOUNDED = 0x1p50f;

    private static final float ULP = 0x1p-23f;

    /**
     * A kernel's arrays lie one behind the other, {@code BLOCK} elements and 320 bytes apart, of which 16 are a header. So
     * vectors that are aligned in one of them are aligned in all, and no two are nearly a multiple of 4096 bytes apart, where
     * a processor takes a load for one of what has just been stored, and waits.
     */
    private static final int LENGTH = BlockKernel.BLOCK + (320 - 16) / Float.BYTES;

    /** Constants: with lengths of arrays in their place, HotSpot does not vectorize the loops of {@link #sum}. */
    private static final int EIGHTH = BlockKernel.BLOCK / 8;

    private static final int LAST = EIGHTH / 8;

    @Override
    public double ulp() {
        return ULP;
    }

    @Override
    public double unbounded() {
        return UNBOUNDED;
    }

    @Override
    public CellTable table(Grid grid) {
        return CellTable.forFloats(grid);
    }

    @Override
    public HostMemory.Window<float[]> window() {
        return new HostMemory.FloatCursor();
    }

    @Override
    public float[] block() {
        return new float[LENGTH];
    }

    @Override
    public double get(float[] array, int i) {
        return array[i];
    }

    @Override
    public void set(float[] array, int i, double value) {
        array[i] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }

    @Override
    public void copy(double[] from, int at, float[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = (float) from[at + i];
        }
    }

    @Override
    public void spreadRuns(
            ChannelTables c,
            long first,
            int n,
            float[] inverse,
            float[] half,
            float[] low,
            float[] high,
            float[] unit) {
        int channel = (int) (first / c.stride % c.count);
        long left = c.stride - first % c.stride;
        for (int i = 0; i < n; left = c.stride) {
            int end = (int) Math.min(n, i + left);
            float channelInverse = (float) c.inverse[channel];
            float channelHalf = (float) c.half[channel];
            float channelLow = (float) c.low[channel];
            float channelHigh = (float) c.high[channel];
            float channelUnit = (float) c.unit[channel];
            for (; i < end; i++) {
                inverse[i] = channelInverse;
                half[i] = channelHalf;
                low[i] = channelLow;
                high[i] = channelHigh;
                unit[i] = channelUnit;
            }
            channel = channel + 1 == c.count ? 0 : channel + 1;
        }
    }

    @Override
    public void multiply(float[] v, float[] factor, int n) {
        for (int i = 0; i < n; i++) {
            v[i] *= factor[i];
        }
    }

    @Override
    public void locateInOneCell(float[] w, float[] inverse, float[] t, int n, double middle) {
        float m = (float) middle;
        for (int i = 0; i < n; i++) {
            t[i] = w[i] * inverse[i] - m;
        }
    }

    @Override
    public void locateInEvenCells(
            float[] w, float[] inverse, float[] t, int n, double middle, int lowest, int highest) {
        float m = (float) middle;
        float low = lowest;
        float high = highest;
        for (int i = 0; i < n; i++) {
            float y = 0.5f * (w[i] * inverse[i] - m);
            float near = Math.max(low, Math.min(high, y));
            float cell = (near + ROUND) - ROUND;
            t[i] = 2 * (y - cell);
        }
    }

    @Override
    public void bucket(float[] w, float[] inverse, float[] x, float[] bucket, int n, CellTable table) {
        float perUnit = (float) table.bucketsPerUnit();
        float offset = (float) table.offset();
        float last = table.lastBucket();
        for (int i = 0; i < n; i++) {
            x[i] = w[i] * inverse[i];
            bucket[i] = Math.max(0, Math.min(last, w[i] * inverse[i] * perUnit + offset)) + TO_BITS;
        }
    }

    @Override
    public void locateInBuckets(float[] t, float[] bucket, float[] half, int n, CellTable table) {
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

    @Override
    public void locateStepwise(float[] t, float[] bucket, float[] half, int n, CellTable table) {
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

    @Override
    public void violate(float[] t, float[] violation, int n, double epsilon) {
        float e = (float) epsilon;
        for (int i = 0; i < n; i++) {
            float u = (1 - t[i]) * (1 + t[i]);
            violation[i] = Math.abs(u * u - e) + (u * u - e);
        }
    }

    @Override
    public void restore(float[] t, float[] half, float[] k, float[] direction, int n, double epsilon, double rho) {
        float e = (float) epsilon;
        float r = (float) rho;
        for (int i = 0; i < n; i++) {
            float u = (1 - t[i]) * (1 + t[i]);
            float violation = u * u - e;
            float slope = 4 * t[i] * u;
            float perSlope = 1 / (Math.abs(slope) + NOT_ZERO);
            float idle = 1 - SHARPEN_PRODUCT * ((violation + Math.abs(violation)) * Math.abs(slope));
            direction[i] = slope * perSlope;
            k[i] = half[i] * (r * violation * perSlope) - HALF_MAX * (idle + Math.abs(idle));
        }
    }

    @Override
    public void choose(float[] v, float[] k, float[] direction, float[] half, float[] chosen, int n, double limit) {
        float most = (float) limit;
        for (int i = 0; i < n; i++) {
            float behind = direction[i] * v[i] + k[i];
            float keep = Math.min(1, (Math.abs(behind) - behind) * SHARPEN);
            chosen[i] = keep * v[i] - (1 - keep) * direction[i] * Math.min(k[i], half[i] * most);
        }
    }

    @Override
    public void clip(float[] w, float[] v, float[] low, float[] high, float[] clipped, int n) {
        for (int i = 0; i < n; i++) {
            clipped[i] = Math.max(w[i] - high[i], Math.min(w[i] - low[i], v[i]));
        }
    }

    @Override
    public void clamp(float[] w, float[] low, float[] high, float[] clamped, int n) {
        for (int i = 0; i < n; i++) {
            clamped[i] = Math.max(low[i], Math.min(high[i], w[i]));
        }
    }

    @Override
    public void check(float[] w, float[] v, float[] finite, int n) {
        for (int i = 0; i < n; i++) {
            finite[i] = (w[i] + v[i]) * 0;
        }
    }

    @Override
    public void compare(float[] v, float[] result, float[] difference, int n) {
        for (int i = 0; i < n; i++) {
            difference[i] = Math.abs(result[i] - v[i]);
        }
    }

    @Override
    public double sum(float[] values, float[] eighth, int n) {
        Arrays.fill(values, n, 8 * EIGHTH, 0);
        for (int i = 0; i < EIGHTH; i++) {
            eighth[i] = values[i]
                    + values[i + EIGHTH]
                    + values[i + 2 * EIGHTH]
                    + values[i + 3 * EIGHTH]
                    + values[i + 4 * EIGHTH]
                    + values[i + 5 * EIGHTH]
                    + values[i + 6 * EIGHTH]
                    + values[i + 7 * EIGHTH];
        }
        // Again, so that few additions are left that have to wait for each other.
        for (int i = 0; i < LAST; i++) {
            eighth[i] += eighth[i + LAST]
                    + eighth[i + 2 * LAST]
                    + eighth[i + 3 * LAST]
                    + eighth[i + 4 * LAST]
                    + eighth[i + 5 * LAST]
                    + eighth[i + 6 * LAST]
                    + eighth[i + 7 * LAST];
        }
        float sum = 0;
        for (int i = 0; i < LAST; i++) {
            sum += eighth[i];
        }
        return sum;
    }
}
