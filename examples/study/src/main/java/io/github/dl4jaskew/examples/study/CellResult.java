package io.github.dl4jaskew.examples.study;

import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A finished cell.
 *
 * @param dataset the data's name, with the number of training examples
 * @param network the network's name
 * @param grid the levels; "none" for a float network
 * @param method the method's name
 * @param seed of first weights and order of examples
 * @param accuracy of the quantized network on the test data, in [0, 1]
 * @param seconds training time
 * @param learningRate where the weights' rate starts; in half cells a step, but for float and its rounding
 * @param epochs length of the training
 * @param loss mean cross entropy of the quantized network on the test data
 * @param accuracyInTraining of the network as training leaves it, before quantization
 * @param onGrid true only if every constrained weight equals one of its levels, bit by bit
 * @param settings what else the figure depends on
 */
record CellResult(
        @JsonProperty("dataset") String dataset,
        @JsonProperty("network") String network,
        @JsonProperty("grid") String grid,
        @JsonProperty("method") String method,
        @JsonProperty("seed") long seed,
        @JsonProperty("accuracy") double accuracy,
        @JsonProperty("seconds") double seconds,
        @JsonProperty("learning_rate") double learningRate,
        @JsonProperty("epochs") int epochs,
        @JsonProperty("loss") double loss,
        @JsonProperty("accuracy_before_quantization") double accuracyInTraining,
        @JsonProperty("on_grid") boolean onGrid,
        @JsonProperty("settings") Settings settings) {}
