package io.github.dl4jaskew.margin.internal.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Configurations of a replica: the network's, by JSON because DL4J's own clone shares the layers inside wrappers, and
 * without what draws random numbers in training.
 */
final class ReplicaConfiguration {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> RANDOM = List.of("idropout", "iDropout", "weightNoise");

    private ReplicaConfiguration() {}

    static MultiLayerConfiguration of(MultiLayerConfiguration original) {
        MultiLayerConfiguration copy = MultiLayerConfiguration.fromJson(withoutNoise(original.toJson()));
        copy.setInferenceWorkspaceMode(original.getInferenceWorkspaceMode());
        copy.setTrainingWorkspaceMode(original.getTrainingWorkspaceMode());
        return copy;
    }

    static ComputationGraphConfiguration of(ComputationGraphConfiguration original) {
        ComputationGraphConfiguration copy = ComputationGraphConfiguration.fromJson(withoutNoise(original.toJson()));
        copy.setInferenceWorkspaceMode(original.getInferenceWorkspaceMode());
        copy.setTrainingWorkspaceMode(original.getTrainingWorkspaceMode());
        return copy;
    }

    private static String withoutNoise(String json) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            for (String name : RANDOM) {
                for (JsonNode parent : tree.findParents(name)) {
                    ((ObjectNode) parent).putNull(name);
                }
            }
            return MAPPER.writeValueAsString(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
