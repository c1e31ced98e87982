package io.github.dl4jaskew.margin.internal.network;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** The layers whose scale reaches an output: those from which a path leads there that batch norm does not interrupt. */
public final class BehindBatchNorm {

    private BehindBatchNorm() {}

    /** Their names, those of batch norm included. */
    public static Set<String> layers(Model network, int output) {
        Set<String> names = new HashSet<>();
        if (network instanceof MultiLayerNetwork multiLayer) {
            for (int i = 0; i < multiLayer.getnLayers(); i++) {
                if (isBatchNorm(multiLayer.getLayer(i))) {
                    names.clear();
                }
                names.add(multiLayer.getLayerNames().get(i));
            }
        } else {
            ComputationGraph graph = (ComputationGraph) network;
            reach(graph, graph.getConfiguration().getNetworkOutputs().get(output), names);
        }
        return names;
    }

    private static void reach(ComputationGraph graph, String name, Set<String> names) {
        List<String> inputs = graph.getConfiguration().getVertexInputs().get(name);
        if (inputs == null || !names.add(name)) {
            return;
        }
        boolean stops = graph.getVertex(name).hasLayer()
                && isBatchNorm(graph.getVertex(name).getLayer());
        if (!stops) {
            inputs.forEach(input -> reach(graph, input, names));
        }
    }

    /** Frozen, it multiplies by constants, and the scale of what is before it reaches the output. */
    private static boolean isBatchNorm(Layer layer) {
        return !TrainedParameters.isFrozen(layer)
                && TrainedParameters.inner(layer.conf().getLayer()) instanceof BatchNormalization;
    }
}
