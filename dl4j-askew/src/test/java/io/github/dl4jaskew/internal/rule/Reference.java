package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.interval.Stage;
import java.util.Arrays;

/** The rule for one weight, in double, from {@link Interval} and {@link ScaledGrid} alone. */
final class Reference {

    /** The results that rounding of the weight allows. */
    record Range(double low, double high) {

        boolean holds(double value, double relative) {
            return value >= low - relative * Math.abs(low) && value <= high + relative * Math.abs(high);
        }
    }

    private Reference() {}

    /** The velocity that the rule leaves. */
    static double apply(SkewRule rule, ScaledGrid grid, int channel, double weight, double velocity) {
        return apply(rule, grid, channel, weight, velocity, grid.coordinate(channel, weight));
    }

    private static double apply(SkewRule rule, ScaledGrid grid, int channel, double weight, double velocity, double t) {
        double unit = Math.pow(SkewRule.meanHalfCell(grid, channel), rule.cellPower());
        boolean step = rule.stage() == Stage.STEP;
        double gamma = step ? 1 : rule.gamma() * unit;
        double proposed = step ? velocity * unit : velocity;
        double half = grid.halfCell(channel, weight);
        double d = -gamma * proposed / half;
        // No constraint at all, even beyond the hull, where psi is above 1
        boolean free = gamma == 0 || rule.epsilon() == 1;
        double taken = free ? d : Interval.skew(t, d, rule.epsilon(), rule.rho(), rule.maxStep());
        double result = taken == d ? proposed : -taken * half / gamma;
        if (!step) {
            return result;
        }
        double low = grid.level(channel, 0);
        double high = grid.level(channel, grid.grid().size() - 1);
        return Math.max(weight - high, Math.min(weight - low, result));
    }

    /** The velocities that the rule leaves for all weights. */
    static double[] apply(SkewRule rule, ScaledGrid grid, double[] weights, double[] velocity) {
        double[] result = new double[weights.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = apply(rule, grid, grid.channels().of(i), weights[i], velocity[i]);
        }
        return result;
    }

    /**
     * The results for weights within {@code shift} of this one. A kernel that computes the coordinate in float32
     * computes the rule of such a weight: K has a pole in the middle of a cell, a zero on a level, and the choice
     * between d and K jumps where h = 0, so that no relative bound on the result itself can hold there.
     */
    static Range around(SkewRule rule, ScaledGrid grid, int channel, double weight, double velocity, double shift) {
        double[] results = new double[12];
        for (int i = 0; i < 9; i++) {
            results[i] = apply(rule, grid, channel, weight + 0.25 * (i - 4) * shift, velocity);
        }
        double t = grid.coordinate(channel, weight);
        boolean middle = Math.abs(t) * grid.halfCell(channel, weight) <= shift;
        for (int i = 9; i < results.length; i++) {
            // The middle itself lets d pass, and K has both signs and any magnitude beside it.
            double there = middle ? (i - 10) * 1e-300 : t;
            results[i] = apply(rule, grid, channel, weight, velocity, there);
        }
        Arrays.sort(results);
        return new Range(results[0], results[results.length - 1]);
    }
}
