package io.github.dl4jaskew.margin.internal.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Configurations of a replica: the network's, by JSON because DL4J's own clone shares the layers inside wrappers, and
 * without what draws random numbers in training; in float32 if the network has fewer bits.
 */
final class ReplicaConfiguration {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> RANDOM = List.of("idropout", "iDropout", "weightNoise");

    private ReplicaConfiguration() {}

    static MultiLayerConfiguration of(MultiLayerConfiguration original) {
        MultiLayerConfiguration copy = MultiLayerConfiguration.fromJson(withoutNoise(original.toJson()));
        copy.setDataType(atLeastFloat(original.getDataType()));
        copy.setInferenceWorkspaceMode(original.getInferenceWorkspaceMode());
        copy.setTrainingWorkspaceMode(original.getTrainingWorkspaceMode());
        return copy;
    }

    static ComputationGraphConfiguration of(ComputationGraphConfiguration original) {
        ComputationGraphConfiguration copy = ComputationGraphConfiguration.fromJson(withoutNoise(original.toJson()));
        copy.setDataType(atLeastFloat(original.getDataType()));
        copy.setInferenceWorkspaceMode(original.getInferenceWorkspaceMode());
        copy.setTrainingWorkspaceMode(original.getTrainingWorkspaceMode());
        return copy;
    }

    /** Half precision rounds margins to 3 digits or to 0, which is no property of the weights. */
    private static DataType atLeastFloat(DataType type) {
        return type == DataType.DOUBLE ? type : DataType.FLOAT;
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
