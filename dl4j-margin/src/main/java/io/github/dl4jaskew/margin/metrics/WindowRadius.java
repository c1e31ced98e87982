package io.github.dl4jaskew.margin.metrics;

/**
 * How far apart the weights' directions are at which the gradients of a {@link WindowedAlignment} were taken: {@code sqrt(Sum a_k
 * ||u_k - u||^2)}, with the present direction {@code u = w / rho} and the weights a_k that the average has for each gradient. An
 * average tells about the present point only if this is small. Memory: one double for each weight. Mutable, not thread safe.
 */
public final class WindowRadius {

    private final RunningMean directions;

    /**
     * Nothing added so far.
     *
     * @param weights number of weights, at least 1
     * @param window as that of the alignment, at least 1
     * @throws IllegalArgumentException if an argument is out of range
     */
    public WindowRadius(int weights, int window) {
        directions = new RunningMean(weights, window);
    }

    /**
     * Adds the weights of one evaluation.
     *
     * @param weights finite, not all 0
     * @return this
     * @throws IllegalArgumentException if the weights are bad or have another length
     */
    public WindowRadius add(double[] weights) {
        directions.add(weights, 1 / Checks.positive("norm", Vectors.norm(weights)));
        return this;
    }

    /**
     * The root of the mean square distance from a direction. Values below 1e-7 are rounding.
     *
     * @param weights w, finite, not all 0
     * @return 0 (all the same) to 2 (all opposed)
     * @throws IllegalArgumentException if the weights are bad
     * @throws IllegalStateException if nothing was added
     */
    public double around(double[] weights) {
        if (directions.isEmpty()) {
            throw new IllegalStateException("no weights were added");
        }
        double cosine = Vectors.dot(directions.values(), weights) / Checks.positive("norm", Vectors.norm(weights));
        return Math.sqrt(Math.max(0, 2 - 2 * cosine));
    }
}
