package io.github.dl4jaskew.examples.study;

import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * One learning rate tried: trained on a part of the training set and measured on the rest of it.
 *
 * @param dataset the data's name
 * @param network the network's name
 * @param grid the levels
 * @param method the method's name
 * @param seed of the training; none of the study's own
 * @param learningRate the rate tried, for AskewSGD in units of its recipe's
 * @param heldOutAccuracy of the quantized network on the held-out part of the training set, in [0, 1]
 * @param heldOutLoss its mean cross entropy there
 * @param seconds training time
 * @param settings what else the figure depends on
 */
record Trial(
        @JsonProperty("dataset") String dataset,
        @JsonProperty("network") String network,
        @JsonProperty("grid") String grid,
        @JsonProperty("method") String method,
        @JsonProperty("seed") long seed,
        @JsonProperty("learning_rate") double learningRate,
        @JsonProperty("held_out_accuracy") double heldOutAccuracy,
        @JsonProperty("held_out_loss") double heldOutLoss,
        @JsonProperty("seconds") double seconds,
        @JsonProperty("settings") Settings settings) {}
