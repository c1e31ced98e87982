package io.github.dl4jaskew.grid;

import java.math.BigInteger;

/**
 * Minimises {@code E(s) = sum (w - s q(w/s))^2} for each channel. E has many local minima, so the
 * search starts from the best of a geometric ladder of scales (on a sample of at most {@value #SAMPLE}
 * weights a channel), and then alternates, on all weights, the assignment of weights to levels with the scale
 * that is best for it, {@code s = sum w q / sum q^2}. Each turn lowers E; it ends when s stands still.
 */
final class LeastSquaresScale {

    private static final int SAMPLE = 1 << 14;
    private static final int LADDER = 128;
    private static final int MAX_TURNS = 100;
    private static final int SHORT_LADDER = 33;
    private static final double LOWEST_RUNG = 0.05;

    /** Levels that grow geometrically, or lie to one side of zero, fit best beyond the largest weight. */
    private static final double HIGHEST_RUNG = 4;

    private final Grid grid;
    private final Weights weights;
    private final Channels layout;

    LeastSquaresScale(Grid grid, Weights weights, Channels layout) {
        this.grid = grid;
        this.weights = weights;
        this.layout = layout;
    }

    double[] solve() {
        WeightMoments moments = WeightMoments.of(weights, layout);
        double[] scales = moments.map(m -> m.max() / smallestReach());
        climb(scales, LADDER, LOWEST_RUNG, HIGHEST_RUNG);
        // What lies between two rungs matters for grids of many levels.
        double apart = Math.pow(HIGHEST_RUNG / LOWEST_RUNG, 1.0 / (LADDER - 1));
        climb(scales, SHORT_LADDER, 1 / apart, apart);
        for (int turn = 0; turn < MAX_TURNS && refine(scales); turn++) {}
        return scales;
    }

    /** Replaces each scale by the best of its multiples between two factors; the smaller one of equals. */
    private void climb(double[] scales, int rungs, double lowest, double highest) {
        int count = layout.count();
        double[] factor = new double[rungs];
        for (int r = 0; r < rungs; r++) {
            factor[r] = lowest * Math.pow(highest / lowest, (double) r / (rungs - 1));
        }
        double[][] error = new double[rungs][count];
        long step = Math.max(1, weights.size() / ((long) SAMPLE * count));
        // A step that shares a factor with the number of channels would visit only some of those side by side.
        while (BigInteger.valueOf(step).gcd(BigInteger.valueOf(count)).intValue() != 1) {
            step++;
        }
        for (long i = 0; i < weights.size(); i += step) {
            int c = layout.of(i);
            double w = weights.at(i);
            if (scales[c] > 0) {
                for (int r = 0; r < rungs; r++) {
                    double s = scales[c] * factor[r];
                    double miss = w - s * grid.level(grid.nearest(w / s));
                    error[r][c] += miss * miss;
                }
            }
        }
        for (int c = 0; c < count; c++) {
            int best = 0;
            for (int r = 1; r < rungs; r++) {
                if (error[r][c] < error[best][c]) {
                    best = r;
                }
            }
            scales[c] *= factor[best];
        }
    }

    /** One turn of the alternation; false when no scale has moved. */
    private boolean refine(double[] scales) {
        double[] wq = new double[scales.length];
        double[] qq = new double[scales.length];
        long size = weights.size();
        for (long i = 0; i < size; i++) {
            int c = layout.of(i);
            if (scales[c] > 0) {
                double w = weights.at(i);
                double q = grid.level(grid.nearest(w / scales[c]));
                wq[c] += w * q;
                qq[c] += q * q;
            }
        }
        boolean moved = false;
        for (int c = 0; c < scales.length; c++) {
            if (wq[c] > 0) {
                double next = wq[c] / qq[c];
                moved |= Math.abs(next - scales[c]) > 1e-9 * scales[c];
                scales[c] = next;
            }
        }
        return moved;
    }

    /** The scale at which the end level that is nearer to zero still reaches the largest weight. */
    private double smallestReach() {
        double low = Math.abs(grid.level(0));
        double high = Math.abs(grid.level(grid.size() - 1));
        double reach = Math.min(low, high);
        return reach > 0 ? reach : Math.max(low, high);
    }
}
