package io.github.dl4jaskew.margin.metrics;

import java.util.Arrays;

/**
 * How many examples the gradient comes from: {@code 1 / Sum lambda_i^2} with {@code lambda_i = |l'(q_i)| / Sum |l'(q_j)|}.
 * N if all weigh the same, 1 if one decides alone. Pure functions; thread safe.
 *
 * <p>Source of lambda: Schechtman and Schreuder, COLT 2025.
 */
public final class EffectiveSupport {

    private EffectiveSupport() {}

    /**
     * The effective support.
     *
     * @param loss the loss l
     * @param margins at least one, finite; for cross entropy soft margins
     * @return 1 to N
     * @throws IllegalArgumentException if there is no margin or one is not finite
     */
    public static double of(Loss loss, double... margins) {
        Checks.atLeast(1, "number of margins", margins.length);
        // relative to the largest, beside whose logarithm that of the sum may be nothing
        double largest = loss.logDerivative(Arrays.stream(margins).min().getAsDouble());
        double sum = 0;
        double squares = 0;
        for (double margin : margins) {
            double weight = Math.exp(loss.logDerivative(margin) - largest);
            sum += weight;
            squares += weight * weight;
        }
        return sum * sum / squares;
    }
}
