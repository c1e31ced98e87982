package io.github.dl4jaskew.examples.report;

import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * One line of a results file.
 *
 * @param dataset the data's name
 * @param network the network's name
 * @param model "float", "rounded", "binaryconnect" or "askew"
 * @param grid the levels; "none" for a float network
 * @param accuracy on the test data, in [0, 1]
 * @param loss mean cross entropy on the test data
 * @param seconds training time
 * @param seed what data and first weights are drawn with
 * @param epochs length of the training
 * @param onGrid true only if every constrained weight equals one of its levels, bit by bit
 */
public record Result(
        @JsonProperty("dataset") String dataset,
        @JsonProperty("network") String network,
        @JsonProperty("model") String model,
        @JsonProperty("grid") String grid,
        @JsonProperty("accuracy") double accuracy,
        @JsonProperty("loss") double loss,
        @JsonProperty("seconds") double seconds,
        @JsonProperty("seed") long seed,
        @JsonProperty("epochs") int epochs,
        @JsonProperty("on_grid") boolean onGrid) {}
