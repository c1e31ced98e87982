package io.github.dl4jaskew.margin.metrics;

/**
 * How far the weights are from a point of Karush, Kuhn and Tucker of {@code min 1/2 ||w||^2 so that q_i >= 1}, after
 * scaling them to {@code q_min = 1}. Both residuals are 0 exactly at such a point. Immutable and thread safe.
 *
 * <ul>
 *   <li>stationarity {@code epsilon = sqrt(2 (1 - beta)) gbar^(-1/L)}
 *   <li>complementary slackness {@code delta = max_i lambda_i (q_i / q_min - 1)}, {@code lambda_i = q_min^(1-2/L) rho
 *       |l'(q_i)| / ||Sum_j |l'(q_j)| grad q_j||}
 * </ul>
 *
 * <p>Of several classes, the constraints are on the N margins {@code q_i} and not on the N (K - 1) differences of logits:
 * {@code |l'|} is then the derivative by the soft margin, {@code 1 - p_y}, the sum of the multipliers of the example's
 * differences. The stationarity is the same in both; delta needs no more memory than the margins.
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
     * @param epsilon residual of stationarity, 0 or above
     * @param delta residual of complementary slackness, 0 or above
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public KktResiduals {
        Checks.notNegative("epsilon", epsilon);
        Checks.notNegative("delta", delta);
    }

    /**
     * The residuals.
     *
     * @param margins of the training set, the smallest positive
     * @param norm euclidean norm rho of all weights, positive and finite
     * @param degree degree of homogeneity L, positive and finite
     * @param alignment of the weights with the gradient, or with a window of gradients
     * @param logGradientNorm logarithm of the euclidean norm of the gradient of the sum of the losses, finite: if the
     *     output's error was scaled by {@code exp(-c)}, the logarithm of the computed norm plus c
     * @return the residuals
     * @throws IllegalArgumentException if the smallest margin is not positive or an argument is out of range
     */
    public static KktResiduals of(
            MarginSet margins, double norm, double degree, Alignment alignment, double logGradientNorm) {
        double smallest = Checks.positive("smallest margin", margins.minimum());
        double logNorm = Math.log(Checks.positive("norm", norm));
        Checks.positive("degree", degree);
        Checks.finite("log norm of the gradient", logGradientNorm);
        double epsilon = alignment.distance() * Math.exp(logNorm - Math.log(smallest) / degree);
        double logCommon = (1 - 2 / degree) * Math.log(smallest) + logNorm - logGradientNorm;
        double[] q = margins.margins();
        double[] seen = margins.lossMargins();
        double delta = 0;
        for (int i = 0; i < q.length; i++) {
            double multiplier = Math.exp(logCommon + margins.loss().logDerivative(seen[i]));
            delta = Math.max(delta, multiplier * ((q[i] - smallest) / smallest));
        }
        return new KktResiduals(epsilon, delta);
    }
}
