package io.github.dl4jaskew.margin.metrics;

/**
 * The step that gradient descent makes on the sphere of directions: {@code (gamma / N) rho^(L-2) Sum |l'(q_j)|} for
 * learning rate gamma on the mean loss of N examples. Its sum must diverge for the direction to converge to critical
 * points; it falls like 1/k for constant gamma. Pure functions; thread safe.
 *
 * <p>Source: Schechtman and Schreuder, COLT 2025.
 */
public final class EffectiveStep {

    private EffectiveStep() {}

    /**
     * The logarithm of the effective step, which may be beyond double.
     *
     * @param learningRate gamma, positive and finite
     * @param examples N, at least 1
     * @param norm euclidean norm rho of all weights, positive and finite
     * @param degree degree of homogeneity L, positive and finite
     * @param logDerivativeSum logarithm of {@code Sum |l'|} over the training set, finite
     * @return the logarithm
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static double log(double learningRate, int examples, double norm, double degree, double logDerivativeSum) {
        return Math.log(Checks.positive("learning rate", learningRate))
                - Math.log(Checks.atLeast(1, "number of examples", examples))
                + (Checks.positive("degree", degree) - 2) * Math.log(Checks.positive("norm", norm))
                + Checks.finite("log sum of derivatives", logDerivativeSum);
    }

    /**
     * The effective step.
     *
     * @param learningRate gamma, positive and finite
     * @param examples N, at least 1
     * @param norm euclidean norm rho of all weights, positive and finite
     * @param degree degree of homogeneity L, positive and finite
     * @param logDerivativeSum logarithm of {@code Sum |l'|} over the training set, finite
     * @return the exponential of {@link #log}; 0 below 1e-323
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static double of(double learningRate, int examples, double norm, double degree, double logDerivativeSum) {
        return Math.exp(log(learningRate, examples, norm, degree, logDerivativeSum));
    }
}
