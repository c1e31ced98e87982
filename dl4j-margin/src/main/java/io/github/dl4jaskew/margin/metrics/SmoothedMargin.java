package io.github.dl4jaskew.margin.metrics;

/**
 * The smoothed normalized margin {@code l^-1(Sum) / rho^L}, of which gradient flow is proved to increase it once Sum is
 * below {@code l(0)}. Pure functions; thread safe.
 *
 * <p>With the exponential loss, {@code gbar - log(N) / rho^L <= smoothed <= gbar}, where gbar is the normalized margin
 * of N examples; with the others, the upper bound holds too. Negative as long as Sum is above {@code l(0)}.
 *
 * <p>Source: Lyu and Li, "Gradient descent maximizes the margin of homogeneous neural networks", ICLR 2020.
 */
public final class SmoothedMargin {

    private SmoothedMargin() {}

    /**
     * The smoothed normalized margin.
     *
     * @param loss the loss l
     * @param logSum logarithm of the sum of the losses over the training set (not of their mean), finite
     * @param norm euclidean norm rho of all weights, positive and finite
     * @param degree degree of homogeneity L, positive and finite
     * @return {@code l^-1(Sum) / rho^L}
     * @throws IllegalArgumentException if an argument is out of range, or Sum is beyond double
     */
    public static double of(Loss loss, double logSum, double norm, double degree) {
        return NormalizedMargin.of(loss.inverse(logSum), norm, degree);
    }
}
