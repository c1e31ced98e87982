package io.github.dl4jaskew.margin.metrics;

/**
 * The logarithm of a sum of positive numbers that are given by their logarithms, in one pass: {@code log of the sum of
 * exp(a_i)}. Right where the numbers themselves underflow or overflow. Mutable, not thread safe.
 */
final class LogSum {

    private double largest = Double.NEGATIVE_INFINITY;
    /** Sum of exp(a_i - largest). */
    private double scaled;

    void add(double logarithm) {
        if (logarithm > largest) {
            scaled = scaled * Math.exp(largest - logarithm) + 1;
            largest = logarithm;
        } else {
            scaled += Math.exp(logarithm - largest);
        }
    }

    /** Negative infinity for the empty sum. */
    double value() {
        return largest + Math.log(scaled);
    }
}
