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
        return LevelCensus.distances(grid, weights, epsilon);
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
