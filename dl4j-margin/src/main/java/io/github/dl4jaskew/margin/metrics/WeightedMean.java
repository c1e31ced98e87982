package io.github.dl4jaskew.margin.metrics;

/**
 * A mean whose weights are given by their logarithms, in one pass: {@code Sum exp(a_i) x_i / Sum exp(a_i)}. Mutable, not
 * thread safe.
 */
final class WeightedMean {

    private final LogSum weights = new LogSum();
    private double mean;

    void add(double logWeight, double value) {
        weights.add(logWeight);
        mean += (value - mean) * Math.exp(logWeight - weights.value());
    }

    double value() {
        return mean;
    }
}
