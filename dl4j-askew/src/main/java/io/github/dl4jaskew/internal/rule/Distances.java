package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.grid.Weights;

/**
 * How far the weights of one parameter are from the grid.
 *
 * @param weights number of weights
 * @param infeasible weights that the rule draws back or clips: psi(t) &gt; eps with eps &lt; 1, or beyond the hull and what
 *     it is open
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
        return measure(grid, weights, epsilon, 0);
    }

    /**
     * Measures all weights of a parameter in one pass while the hull is open.
     *
     * @param grid the levels
     * @param weights the weights
     * @param epsilon width of the intervals, in [0, 1]
     * @param overhang how far weights may be beyond the hull, in mean half cells; at least 0, may be infinite
     * @return the distances
     */
    public static Distances measure(ScaledGrid grid, Weights weights, double epsilon, double overhang) {
        return LevelStatistics.distances(grid, weights, epsilon, overhang);
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

    /** {@return the mean distance in half cells; 0 if there are no weights} */
    public double mean() {
        return weights == 0 ? 0 : sum / weights;
    }

    /** {@return the share of weights outside the intervals, in [0, 1]; 0 if there are no weights} */
    public double infeasibleShare() {
        return weights == 0 ? 0 : (double) infeasible / weights;
    }
}
