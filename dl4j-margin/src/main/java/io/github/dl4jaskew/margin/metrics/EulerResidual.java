package io.github.dl4jaskew.margin.metrics;

/**
 * How far a network is from Euler's identity {@code <grad_w q, w> = L q}, which holds exactly for a homogeneous one of
 * degree L, also with ReLU. Pure functions; thread safe.
 */
public final class EulerResidual {

    private EulerResidual() {}

    /**
     * The relative residual of one margin: {@code |<grad q, w> - L q| / (|<grad q, w>| + |L q|)}.
     *
     * @param derivative {@code <grad q, w>}, finite
     * @param margin q, finite
     * @param degree degree of homogeneity L, positive and finite
     * @return 0 (identity holds, also if both sides are 0) to 1 (one side is 0, or the signs differ)
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static double of(double derivative, double margin, double degree) {
        double other = Checks.positive("degree", degree) * Checks.finite("margin", margin);
        double size = Math.abs(Checks.finite("derivative", derivative)) + Math.abs(other);
        return size == 0 ? 0 : Math.abs(derivative - other) / size;
    }

    /**
     * The relative residual of the whole training set, from one gradient of the loss: {@code -<grad Loss, w> = L Sum
     * |l'(q_i)| q_i}, with the margins of {@link MarginSet#weightedMargin}.
     *
     * @param product {@code <grad Loss, w>} of the sum of the losses, divided by {@code exp(logScale)}; finite
     * @param logScale 0 for the true gradient; the logarithm of the largest {@code |l'|} if the output's error was scaled
     * @param margins of the training set
     * @param degree degree of homogeneity L, positive and finite
     * @return 0 to 1
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static double of(double product, double logScale, MarginSet margins, double degree) {
        double factor = Math.exp(Checks.finite("log scale", logScale)
                - margins.logLargestDerivative()
                - margins.logRelativeDerivativeSum());
        return of(-product * factor, margins.weightedMargin(), degree);
    }
}
