package io.github.dl4jaskew.listener;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What {@link AskewListener} saw at one iteration.
 *
 * @param iteration iteration count of the network
 * @param epoch epoch count of the network
 * @param epsilon eps
 * @param tau inner edge of the intervals, in cell coordinates
 * @param total all constrained weights together
 * @param parameters each constrained parameter
 */
public record AskewReport(
        @JsonProperty("iteration") int iteration,
        @JsonProperty("epoch") int epoch,
        @JsonProperty("epsilon") double epsilon,
        @JsonProperty("tau") double tau,
        @JsonProperty("total") Row total,
        @JsonProperty("parameters") List<Row> parameters) {

    /**
     * One parameter, or all together.
     *
     * @param layer its layer's name, or "total"
     * @param parameter its key, or ""
     * @param weights number of weights
     * @param infeasibleShare share of weights that the method draws back or clips: outside their intervals once eps is below
     *     1, or beyond the hull and what it is open, in [0, 1]
     * @param meanDistance mean distance to the nearest level, in half cells
     * @param maxDistance largest distance to the nearest level, in half cells
     * @param flips weights whose nearest level has changed since the last report; -1 in the first one
     */
    public record Row(
            @JsonProperty("layer") String layer,
            @JsonProperty("parameter") String parameter,
            @JsonProperty("weights") long weights,
            @JsonProperty("infeasibleShare") double infeasibleShare,
            @JsonProperty("meanDistance") double meanDistance,
            @JsonProperty("maxDistance") double maxDistance,
            @JsonProperty("flips") long flips) {}

    /** Copies the list. */
    public AskewReport {
        parameters = List.copyOf(parameters);
    }
}
