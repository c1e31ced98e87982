package io.github.dl4jaskew.margin.metrics;

/**
 * How far the direction of the weights moved between two evaluations: {@code ||u_b - u_a||} with {@code u = w / rho}. 0
 * if the weights were only rescaled, 2 if they were reversed; right down to 1e-16. Fed block by block, so that large
 * networks need no second copy in double. Mutable, not thread safe.
 *
 * <p>Source: Schechtman and Schreuder, COLT 2025, who show that the direction approaches a set of critical points.
 */
public final class Drift {

    private final UnitDistance distance;

    /**
     * Nothing added so far.
     *
     * @param normBefore euclidean norm of all weights before, positive and finite
     * @param normAfter the same after
     * @throws IllegalArgumentException if a norm is out of range
     */
    public Drift(double normBefore, double normAfter) {
        distance =
                new UnitDistance(Checks.positive("norm before", normBefore), Checks.positive("norm after", normAfter));
    }

    /**
     * The drift between two arrays.
     *
     * @param before all weights, finite, not all 0
     * @param after all weights, as many, finite, not all 0
     * @return 0 to 2
     * @throws IllegalArgumentException if the lengths differ or an array is bad
     */
    public static double between(double[] before, double[] after) {
        return new Drift(Vectors.norm(before), Vectors.norm(after))
                .add(before, after)
                .value();
    }

    /**
     * Adds a block of weights.
     *
     * @param before weights before
     * @param after the same weights after
     * @return this
     * @throws IllegalArgumentException if the lengths differ
     */
    public Drift add(double[] before, double[] after) {
        distance.add(before, after);
        return this;
    }

    /**
     * The drift, once every block was added.
     *
     * @return 0 to 2
     * @throws IllegalArgumentException if a weight was not finite
     */
    public double value() {
        return distance.value();
    }
}
