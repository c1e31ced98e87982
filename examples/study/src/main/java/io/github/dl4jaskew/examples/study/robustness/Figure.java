package io.github.dl4jaskew.examples.study.robustness;

import java.util.Arrays;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * One training's value.
 *
 * @param network network and data
 * @param grid the levels; "none" of a float network
 * @param method what trained it
 * @param seed of the first weights; 0 of a training on a part of the training data, by which a learning rate is chosen
 * @param value on the test data, or on the held-out part
 * @param metric what the value is
 * @param learningRate that of the method, or 0 where a recipe chooses its own
 * @param floatLearningRate that of the float network, which also moves what is not quantized
 * @param version {@link Contender#version} at the time; 0 in files that name none
 */
record Figure(
        @JsonProperty("network") String network,
        @JsonProperty("grid") String grid,
        @JsonProperty("method") String method,
        @JsonProperty("seed") long seed,
        @JsonProperty("value") double value,
        @JsonProperty("metric") String metric,
        @JsonProperty("learning_rate") double learningRate,
        @JsonProperty("float_learning_rate") double floatLearningRate,
        @JsonProperty("version") int version) {

    Figure withValue(double other) {
        return new Figure(network, grid, method, seed, other, metric, learningRate, floatLearningRate, version);
    }

    /** Whether a training of today would give it. */
    boolean isOfToday() {
        return Arrays.stream(Contender.values())
                .anyMatch(contender -> contender.label().equals(method) && contender.version() == version);
    }

    /** Whether it is a figure of the same training, by the same version of it. */
    boolean isOfTrainingOf(Figure other) {
        return network.equals(other.network)
                && grid.equals(other.grid)
                && method.equals(other.method)
                && seed == other.seed
                && learningRate == other.learningRate
                && floatLearningRate == other.floatLearningRate
                && version == other.version;
    }
}
