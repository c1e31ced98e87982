package io.github.dl4jaskew.margin.metrics;

/**
 * How fast the weights grow: late in training, {@code rho^L} grows like {@code log k} over the iterations k. Pure
 * functions; thread safe.
 *
 * <p>Source: Schechtman and Schreuder, COLT 2025.
 */
public final class NormGrowth {

    private NormGrowth() {}

    /**
     * The slope of {@code rho^L} against {@code log k} between two evaluations. About constant late in training; with a
     * constant learning rate and one of the losses here, it tends to one over the limit of the normalized margin.
     *
     * @param iterationBefore k, at least 1
     * @param normBefore rho at that iteration, positive and finite
     * @param iterationAfter above the one before
     * @param normAfter rho at that iteration, positive and finite
     * @param degree degree of homogeneity L, positive and finite
     * @return the slope
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static double slope(
            long iterationBefore, double normBefore, long iterationAfter, double normAfter, double degree) {
        if (iterationBefore < 1 || iterationAfter <= iterationBefore) {
            throw new IllegalArgumentException("iterations are " + iterationBefore + " and " + iterationAfter
                    + "; allowed are 1 or above, rising");
        }
        return slope(normBefore, normAfter, degree, Math.log((double) iterationAfter / iterationBefore));
    }

    private static double slope(double normBefore, double normAfter, double degree, double logGrowth) {
        Checks.positive("degree", degree);
        double before = Math.pow(Checks.positive("norm before", normBefore), degree);
        double after = Math.pow(Checks.positive("norm after", normAfter), degree);
        return (after - before) / logGrowth;
    }
}
