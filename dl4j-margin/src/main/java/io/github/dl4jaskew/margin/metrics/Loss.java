package io.github.dl4jaskew.margin.metrics;

import java.util.function.DoubleUnaryOperator;

/**
 * A loss as function of the margin, with its derivative and inverse, all by logarithms: right for margins of 500, where
 * the loss is 1e-217, and of 1e6, where no double can hold it. Immutable and thread safe.
 *
 * <p>Write {@code q} for the margin. Of several classes, q is the {@link Margins#soft soft margin}, which makes the
 * cross entropy a logistic loss. Relative error of all logarithms: about 1e-15.
 */
public enum Loss {

    /** {@code l(q) = exp(-q)}. */
    EXPONENTIAL(0) {
        @Override
        public double log(double margin) {
            return -Checks.finite("margin", margin);
        }

        @Override
        public double logDerivative(double margin) {
            return -Checks.finite("margin", margin);
        }

        @Override
        public double inverse(double logLoss) {
            return -Checks.finite("log loss", logLoss);
        }
    },

    /** {@code l(q) = log(1 + exp(-q))}, of one logit: binary cross entropy with sigmoid. */
    LOGISTIC(Math.log(Math.log(2))),

    /** {@code l(q) = log(1 + exp(-q))} of the soft margin: cross entropy with softmax. */
    CROSS_ENTROPY(Math.log(Math.log(2)));

    private final double logAtZero;

    Loss(double logAtZero) {
        this.logAtZero = logAtZero;
    }

    /**
     * The logarithm of the loss.
     *
     * @param margin q, finite; for {@link #CROSS_ENTROPY} the soft margin
     * @return {@code log l(q)}
     * @throws IllegalArgumentException if the margin is not finite
     */
    public double log(double margin) {
        Checks.finite("margin", margin);
        if (margin <= 0) {
            return Math.log(Math.log1p(Math.exp(margin)) - margin);
        }
        double tail = Math.exp(-margin);
        return tail == 0 ? -margin : Math.log(Math.log1p(tail) / tail) - margin;
    }

    /**
     * The logarithm of the derivative's magnitude, {@code log |l'(q)|}.
     *
     * @param margin q, finite; for {@link #CROSS_ENTROPY} the soft margin
     * @return {@code -q} for the exponential loss, {@code -log(1 + exp(q))} for the others
     * @throws IllegalArgumentException if the margin is not finite
     */
    public double logDerivative(double margin) {
        Checks.finite("margin", margin);
        return margin > 0 ? -margin - Math.log1p(Math.exp(-margin)) : -Math.log1p(Math.exp(margin));
    }

    /**
     * The margin at which the loss has a given value.
     *
     * @param logLoss logarithm of the loss (or of a sum of losses), finite
     * @return {@code -log v} for the exponential loss, {@code -log(exp(v) - 1)} for the others, where {@code v =
     *     exp(logLoss)}; negative infinity if v is beyond double
     * @throws IllegalArgumentException if the logarithm is not finite
     */
    public double inverse(double logLoss) {
        double value = Math.exp(Checks.finite("log loss", logLoss));
        if (value > 1) {
            return -value - Math.log1p(-Math.exp(-value));
        }
        return value == 0 ? -logLoss : -logLoss - Math.log(Math.expm1(value) / value);
    }

    /**
     * The logarithm of the loss at margin 0. A sum of losses below that value proves that every margin is positive.
     *
     * @return 0 for the exponential loss, {@code log log 2} for the others
     */
    public double logAtZero() {
        return logAtZero;
    }

    /**
     * The logarithm of the sum of losses.
     *
     * @param margins at least one, finite; for {@link #CROSS_ENTROPY} soft margins
     * @return {@code log of the sum of l(q_i)}
     * @throws IllegalArgumentException if there is no margin or one is not finite
     */
    public double logSum(double... margins) {
        return logSum(this::log, margins);
    }

    /**
     * The logarithm of the sum of the derivatives' magnitudes.
     *
     * @param margins at least one, finite; for {@link #CROSS_ENTROPY} soft margins
     * @return {@code log of the sum of |l'(q_i)|}
     * @throws IllegalArgumentException if there is no margin or one is not finite
     */
    public double logDerivativeSum(double... margins) {
        return logSum(this::logDerivative, margins);
    }

    private static double logSum(DoubleUnaryOperator logarithm, double[] margins) {
        Checks.atLeast(1, "number of margins", margins.length);
        LogSum sum = new LogSum();
        for (double margin : margins) {
            sum.add(logarithm.applyAsDouble(margin));
        }
        return sum.value();
    }
}
