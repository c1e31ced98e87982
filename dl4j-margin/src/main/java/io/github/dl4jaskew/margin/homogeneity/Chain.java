package io.github.dl4jaskew.margin.homogeneity;

import io.github.dl4jaskew.margin.internal.network.TrainedParameters;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;

/** Whether the layers in front of an output follow each other, each with weights of degree 1. */
final class Chain {

    private final Map<String, LayerDegree> degrees = new HashMap<>();
    private final TrainedParameters trained;

    private Chain(List<LayerDegree> layers, TrainedParameters trained) {
        layers.forEach(layer -> degrees.put(layer.name(), layer));
        this.trained = trained;
    }

    /** Why they do not, or null. */
    static @Nullable String obstacle(MultiLayerNetwork network, List<LayerDegree> layers, TrainedParameters trained) {
        Chain chain = new Chain(layers, trained);
        for (int i = 0; i < network.getnLayers(); i++) {
            String obstacle = chain.layer(network.getLayerNames().get(i), network.getLayer(i));
            if (obstacle != null) {
                return obstacle;
            }
        }
        return null;
    }

    /** Why those in front of one output do not, or null. */
    static @Nullable String obstacle(
            ComputationGraph network, String output, List<LayerDegree> layers, TrainedParameters trained) {
        return new Chain(layers, trained).vertex(network, output, new HashSet<>());
    }

    private @Nullable String vertex(ComputationGraph network, String name, Set<String> seen) {
        List<String> inputs = network.getConfiguration().getVertexInputs().get(name);
        if (inputs == null || !seen.add(name)) {
            return null;
        }
        if (inputs.size() > 1 && inputs.stream().anyMatch(this::dependsOnWeights)) {
            return "\"" + name + "\" joins " + inputs.size() + " branches";
        }
        for (String input : inputs) {
            String obstacle = vertex(network, input, seen);
            if (obstacle != null) {
                return obstacle;
            }
        }
        return network.getVertex(name).hasLayer()
                ? layer(name, network.getVertex(name).getLayer())
                : adds(name, 0);
    }

    private boolean dependsOnWeights(String vertex) {
        LayerDegree degree = degrees.get(vertex);
        return degree != null && degree.degree() > 0;
    }

    private @Nullable String layer(String name, Layer layer) {
        boolean learns = layer.paramTable().keySet().stream().anyMatch(key -> trained.isTrained(name, key));
        return adds(name, learns ? 1 : 0);
    }

    private @Nullable String adds(String name, int expected) {
        LayerDegree degree = degrees.get(name);
        if (degree == null || degree.contribution() == expected) {
            return null;
        }
        return "\"" + name + "\" adds " + degree.contribution() + " to the degree";
    }
}
