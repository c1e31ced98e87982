package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;

/** Compares the number of labels with the outputs of a network, as far as its configuration tells them. */
final class OutputLabels {

    private static final long UNKNOWN = -1;

    private OutputLabels() {}

    /**
     * Refuses labels that are not those of the outputs. A single output may have two: those of classes 0 and 1.
     *
     * @throws IllegalArgumentException if they are too few or too many
     */
    static void require(Model network, List<String> labels) {
        if (labels.isEmpty()) {
            return;
        }
        long outputs = network instanceof MultiLayerNetwork multiLayer
                ? outputs(multiLayer)
                : outputs(((ComputationGraph) network).getConfiguration());
        boolean fits = labels.size() == outputs || (outputs == 1 && labels.size() == 2);
        if (outputs != UNKNOWN && !fits) {
            throw new IllegalArgumentException("there are " + labels.size() + " labels for " + outputs + " outputs"
                    + (outputs == 1 ? "; allowed are 1, or 2 for the classes 0 and 1" : ""));
        }
    }

    private static long outputs(MultiLayerNetwork network) {
        for (int i = network.getnLayers() - 1; i >= 0; i--) {
            Layer layer = network.getLayerWiseConfigurations().getConf(i).getLayer();
            if (!keepsWidth(layer)) {
                return width(layer);
            }
        }
        return UNKNOWN;
    }

    private static long outputs(ComputationGraphConfiguration graph) {
        List<String> at = graph.getNetworkOutputs();
        while (at != null && at.size() == 1 && graph.getVertices().get(at.get(0)) instanceof LayerVertex vertex) {
            Layer layer = vertex.getLayerConf().getLayer();
            if (!keepsWidth(layer)) {
                return width(layer);
            }
            at = graph.getVertexInputs().get(at.get(0));
        }
        return UNKNOWN;
    }

    private static boolean keepsWidth(@Nullable Layer layer) {
        return layer instanceof LossLayer
                || layer instanceof RnnLossLayer
                || layer instanceof ActivationLayer
                || layer instanceof QuantizedActivationLayer
                || layer instanceof BatchNormalization
                || layer instanceof DropoutLayer;
    }

    /** Not of convolutions, whose channels are not the number of outputs. */
    private static long width(@Nullable Layer layer) {
        if (layer instanceof FrozenLayer frozen) {
            return width(frozen.getLayer());
        }
        if (layer instanceof FrozenLayerWithBackprop frozen) {
            return width(frozen.getUnderlying());
        }
        return layer instanceof BaseOutputLayer || layer instanceof DenseLayer
                ? ((FeedForwardLayer) layer).getNOut()
                : UNKNOWN;
    }
}
