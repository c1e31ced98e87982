package io.github.dl4jaskew.examples.report;

import java.util.Collection;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A mean over seeds with its standard error.
 *
 * @param mean the mean
 * @param standardError standard deviation of the values over the root of their number; 0 for a single value
 */
public record Average(
        @JsonProperty("mean") double mean,
        @JsonProperty("standard_error") double standardError) {

    /**
     * Averages values.
     *
     * @param values at least one
     * @return the average
     * @throws IllegalArgumentException if there is no value
     */
    public static Average of(Collection<Double> values) {
        int count = values.size();
        double mean = values.stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow(() -> new IllegalArgumentException("there is nothing to average"));
        double squares =
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        return new Average(mean, count == 1 ? 0 : Math.sqrt(squares / (count - 1) / count));
    }
}
