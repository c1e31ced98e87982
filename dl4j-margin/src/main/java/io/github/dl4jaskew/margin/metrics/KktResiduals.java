package io.github.dl4jaskew.margin.metrics;

/**
 * How far the weights are from a point of Karush, Kuhn and Tucker of {@code min 1/2 ||w||^2 so that q_ij >= 1}, after
 * scaling them to {@code q_min = 1}. The constraints are on every pair of an example i and a class j that is not its own,
 * {@code q_ij = s_iy - s_ij}; with one logit, on the margin of every example. Both residuals are 0 exactly at such a point.
 * Immutable and thread safe.
 *
 * <ul>
 *   <li>stationarity {@code epsilon = sqrt(2 (1 - beta)) gbar^(-1/L)}
 *   <li>complementary slackness {@code delta = max over i, j of lambda_ij (q_ij / q_min - 1)}, {@code lambda_ij =
 *       q_min^(1-2/L) rho |dl/dq_ij| / ||grad Sum of the losses||}
 * </ul>
 *
 * <p>Source: Lyu and Li, ICLR 2020.
 *
 * @param epsilon residual of stationarity, 0 or above
 * @param delta residual of complementary slackness, 0 or above
 */
public record KktResiduals(double epsilon, double delta) {

    /**
     * Checks the residuals.
     *
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public KktResiduals {
        Checks.notNegative("epsilon", epsilon);
        Checks.notNegative("delta", delta);
    }

    /**
     * The residuals.
     *
     * @param minimum the smallest margin of the training set, positive
     * @param norm euclidean norm rho of all weights, positive and finite
     * @param degree degree of homogeneity L, positive and finite
     * @param alignment of the weights with the gradient at these weights
     * @param logGradientNorm logarithm of the euclidean norm of the gradient of the sum of the losses, finite: if the
     *     output's error was scaled by {@code exp(-c)}, the logarithm of the computed norm plus c
     * @param logSlack logarithm of the largest {@code |dl/dq_ij| (q_ij - q_min)}, see {@link Margins#slack}; negative infinity
     *     if all pairs have the smallest margin
     * @return the residuals
     * @throws IllegalArgumentException if the smallest margin is not positive or an argument is out of range
     */
    public static KktResiduals of(
            double minimum, double norm, double degree, Alignment alignment, double logGradientNorm, double logSlack) {
        double logMinimum = Math.log(Checks.positive("smallest margin", minimum));
        double logNorm = Math.log(Checks.positive("norm", norm));
        Checks.positive("degree", degree);
        Checks.finite("log norm of the gradient", logGradientNorm);
        double epsilon = alignment.distance() * Math.exp(logNorm - logMinimum / degree);
        double delta = Math.exp(logNorm + logSlack - logGradientNorm - 2 / degree * logMinimum);
        return new KktResiduals(epsilon, delta);
    }
}
