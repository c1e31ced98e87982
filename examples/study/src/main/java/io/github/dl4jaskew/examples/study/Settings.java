package io.github.dl4jaskew.examples.study;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What a figure depends on beside its cell. A figure is taken from a file only if its settings are equal to those of
 * today's run, so figures of different lengths or recipes are never mixed.
 *
 * @param recipes version of {@link Method}'s recipes and {@link StudyNetwork}'s shapes
 * @param epochs length of a training
 * @param tuningEpochs length of a training that learning rates are compared by
 * @param tuningSeeds number of trainings that a learning rate is judged by
 * @param rates the learning rates compared at first
 */
record Settings(
        @JsonProperty("recipes") int recipes,
        @JsonProperty("epochs") int epochs,
        @JsonProperty("tuning_epochs") int tuningEpochs,
        @JsonProperty("tuning_seeds") int tuningSeeds,
        @JsonProperty("rates") List<Double> rates) {}
