package io.github.dl4jaskew.interval;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.grid.Weights;

/**
 * How far the weights of one parameter are from the grid.
 *
 * @param weights number of weights
 * @param infeasible weights outside the intervals: psi(t) &gt; eps or beyond the hull
 * @param sum sum of the distances to the nearest level, in half cells: 0 on a level, 1 in the middle of a cell
 * @param largest largest distance to the nearest level, in half cells
 */
public record Distances(long weights, long infeasible, double sum, double largest) {

    /** What rounding a level to float32 can add to a cell coordinate, and to psi next to a level. */
    private static final double COORDINATE_ROUNDING = 2e-5;

    private static final double PSI_ROUNDING = 1e-9;

    /** The distances of no weights: the neutral element of {@link #plus}. */
    public static final Distances NONE = new Distances(0, 0, 0, 0);

    /**
     * Measures all weights of a parameter in one pass.
     *
     * @param grid the levels
     * @param weights the weights
     * @param epsilon width of the intervals, in [0, 1]
     * @return the distances
     */
    public static Distances measure(ScaledGrid grid, Weights weights, double epsilon) {
        long infeasible = 0;
        double sum = 0;
        double largest = 0;
        long size = weights.size();
        for (long i = 0; i < size; i++) {
            double t = Math.abs(grid.coordinate(grid.channels().of(i), weights.at(i)));
            double distance = Math.abs(1 - t);
            sum += distance;
            largest = Math.max(largest, distance);
            if (t > 1 + COORDINATE_ROUNDING || Interval.psi(Math.min(t, 1)) > epsilon + PSI_ROUNDING) {
                infeasible++;
            }
        }
        return new Distances(size, infeasible, sum, largest);
    }

    /**
     * The distances of both sets of weights together.
     *
     * @param other another parameter's
     * @return the total
     */
    public Distances plus(Distances other) {
        return new Distances(
                weights + other.weights,
                infeasible + other.infeasible,
                sum + other.sum,
                Math.max(largest, other.largest));
    }

    /**
     * The mean distance.
     *
     * @return in half cells; 0 if there are no weights
     */
    public double mean() {
        return weights == 0 ? 0 : sum / weights;
    }

    /**
     * The share of weights outside the intervals.
     *
     * @return in [0, 1]; 0 if there are no weights
     */
    public double infeasibleShare() {
        return weights == 0 ? 0 : (double) infeasible / weights;
    }
}
