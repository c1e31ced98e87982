package io.github.dl4jaskew.export;

import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * The preprocessors of DL4J's Keras import, which this library does not depend on: what they do is read from the JSON that they
 * are saved as.
 */
final class KerasNodes {

    private static final String PACKAGE = "org.deeplearning4j.nn.modelimport.keras.preprocessors.";

    private KerasNodes() {}

    static Tensor of(OnnxLayer layer, InputPreProcessor conf, Tensor x, OnnxGraph graph) {
        String type = conf.getClass().getName();
        JsonNode json = NeuralNetConfiguration.mapper().valueToTree(conf);
        if (type.equals(PACKAGE + "ReshapePreprocessor")) {
            return reshape(layer, conf, x, graph, json);
        } else if (type.equals(PACKAGE + "PermutePreprocessor")) {
            JsonNode axes = json.get("permutationIndices");
            int[] all = IntStream.range(0, axes.size() + 1)
                    .map(i -> i == 0 ? 0 : axes.get(i - 1).asInt())
                    .toArray();
            return x.as(graph.transpose(layer.name(), x.name(), all));
        } else if (type.equals(PACKAGE + "TensorFlowCnnToFeedForwardPreProcessor")) {
            throw layer.refusal(conf, "it is deprecated, and its layout is not known from its settings");
        }
        throw layer.refusal(conf, "this preprocessor has no counterpart");
    }

    private static Tensor reshape(OnnxLayer layer, InputPreProcessor conf, Tensor x, OnnxGraph graph, JsonNode json) {
        JsonNode target = json.get("targetShape");
        if (target == null || json.path("hasMiniBatchDimension").asBoolean()) {
            throw layer.refusal(conf, "its shape is one of a minibatch, " + target);
        }
        long[] shape = IntStream.range(0, target.size() + 1)
                .mapToLong(i -> i == 0 ? -1 : target.get(i - 1).asLong())
                .toArray();
        return new Tensor(graph.reshape(layer.name(), x.name(), shape), shape.length);
    }
}
