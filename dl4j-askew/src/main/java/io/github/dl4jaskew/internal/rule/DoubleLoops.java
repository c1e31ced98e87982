package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Grid;
import java.util.Arrays;

/**
 * The loops for {@code double}, generated from {@link FloatLoops}.
 *
 * <p>HotSpot vectorizes each of them except those that look up a table, which is why they look as they do: all arrays share
 * one index, there are no branches, a choice between two values is a weighted sum with weights that are exactly 0 and 1, and
 * no loop does everything: beyond some size (60 nodes, LoopUnrollLimit) HotSpot gives up, and a loop takes ten times as long.
 */
final class DoubleLoops implements Loops<double[]> {

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

    private static final double UNBOUNDED = 0x1p300;

    private static final double ULP = 0x1p-52;

    /**
     * A kernel's arrays lie one behind the other, {@code BLOCK} elements and 320 bytes apart, of which 16 are a header. So
     * vectors that are aligned in one of them are aligned in all, and no two are nearly a multiple of 4096 bytes apart, where
     * a processor takes a load for one of what has just been stored, and waits.
     */
    private static final int LENGTH = BlockKernel.BLOCK + (320 - 16) / Double.BYTES;

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
        return CellTable.forDoubles(grid);
    }

    @Override
    public HostMemory.Window<double[]> window() {
        return new HostMemory.DoubleCursor();
    }

    @Override
    public double[] block() {
        return new double[LENGTH];
    }

    @Override
    public double get(double[] array, int i) {
        return array[i];
    }

    @Override
    public void set(double[] array, int i, double value) {
        array[i] = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
    }

    @Override
    public void copy(double[] from, int at, double[] to, int n) {
        for (int i = 0; i < n; i++) {
            to[i] = from[at + i];
        }
    }

    @Override
    public void spreadRuns(
            ChannelTables c,
            long first,
            int n,
            double[] inverse,
            double[] half,
            double[] low,
            double[] high,
            double[] unit) {
        int channel = (int) (first / c.stride % c.count);
        long left = c.stride - first % c.stride;
        for (int i = 0; i < n; left = c.stride) {
            int end = (int) Math.min(n, i + left);
            double channelInverse = c.inverse[channel];
            double channelHalf = c.half[channel];
            double channelLow = c.low[channel];
            double channelHigh = c.high[channel];
            double channelUnit = c.unit[channel];
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
    public void multiply(double[] v, double[] factor, int n) {
        for (int i = 0; i < n; i++) {
            v[i] *= factor[i];
        }
    }

    @Override
    public void locateInOneCell(double[] w, double[] inverse, double[] t, int n, double middle) {
        double m = middle;
        for (int i = 0; i < n; i++) {
            t[i] = w[i] * inverse[i] - m;
        }
    }

    @Override
    public void locateInEvenCells(
            double[] w, double[] inverse, double[] t, int n, double middle, int lowest, int highest) {
        double m = middle;
        double low = lowest;
        double high = highest;
        for (int i = 0; i < n; i++) {
            double y = 0.5 * (w[i] * inverse[i] - m);
            double near = Math.max(low, Math.min(high, y));
            double cell = (near + ROUND) - ROUND;
            t[i] = 2 * (y - cell);
        }
    }

    @Override
    public void bucket(double[] w, double[] inverse, double[] x, double[] bucket, int n, CellTable table) {
        double perUnit = table.bucketsPerUnit();
        double offset = table.offset();
        double last = table.lastBucket();
        for (int i = 0; i < n; i++) {
            x[i] = w[i] * inverse[i];
            bucket[i] = Math.max(0, Math.min(last, w[i] * inverse[i] * perUnit + offset)) + TO_BITS;
        }
    }

    @Override
    public void locateInBuckets(double[] t, double[] bucket, double[] half, int n, CellTable table) {
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

    @Override
    public void locateStepwise(double[] t, double[] bucket, double[] half, int n, CellTable table) {
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

    @Override
    public void violate(double[] t, double[] violation, int n, double epsilon) {
        double e = epsilon;
        for (int i = 0; i < n; i++) {
            double u = (1 - t[i]) * (1 + t[i]);
            violation[i] = Math.abs(u * u - e) + (u * u - e);
        }
    }

    @Override
    public void restore(double[] t, double[] half, double[] k, double[] direction, int n, double epsilon, double rho) {
        double e = epsilon;
        double r = rho;
        for (int i = 0; i < n; i++) {
            double u = (1 - t[i]) * (1 + t[i]);
            double violation = u * u - e;
            double slope = 4 * t[i] * u;
            double perSlope = 1 / (Math.abs(slope) + NOT_ZERO);
            double idle = 1 - SHARPEN_PRODUCT * ((violation + Math.abs(violation)) * Math.abs(slope));
            direction[i] = slope * perSlope;
            k[i] = half[i] * (r * violation * perSlope) - HALF_MAX * (idle + Math.abs(idle));
        }
    }

    @Override
    public void choose(
            double[] v, double[] k, double[] direction, double[] half, double[] chosen, int n, double limit) {
        double most = limit;
        for (int i = 0; i < n; i++) {
            double behind = direction[i] * v[i] + k[i];
            double keep = Math.min(1, (Math.abs(behind) - behind) * SHARPEN);
            chosen[i] = keep * v[i] - (1 - keep) * direction[i] * Math.min(k[i], half[i] * most);
        }
    }

    @Override
    public void clip(double[] w, double[] v, double[] low, double[] high, double[] clipped, int n) {
        for (int i = 0; i < n; i++) {
            clipped[i] = Math.max(w[i] - high[i], Math.min(w[i] - low[i], v[i]));
        }
    }

    @Override
    public void clamp(double[] w, double[] low, double[] high, double[] clamped, int n) {
        for (int i = 0; i < n; i++) {
            clamped[i] = Math.max(low[i], Math.min(high[i], w[i]));
        }
    }

    @Override
    public void check(double[] w, double[] v, double[] finite, int n) {
        for (int i = 0; i < n; i++) {
            finite[i] = (w[i] + v[i]) * 0;
        }
    }

    @Override
    public void compare(double[] v, double[] result, double[] difference, int n) {
        for (int i = 0; i < n; i++) {
            difference[i] = Math.abs(result[i] - v[i]);
        }
    }

    @Override
    public double sum(double[] values, double[] eighth, int n) {
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
        double sum = 0;
        for (int i = 0; i < LAST; i++) {
            sum += eighth[i];
        }
        return sum;
    }
}
