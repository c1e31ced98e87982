package io.github.dl4jaskew.quantized;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/**
 * The activation that turns a network's logits into probabilities: the last one before the loss, which may be that of the output layer or,
 * as networks from Keras have it, of a layer in front of a loss layer.
 */
final class OutputActivation {

    private OutputActivation() {}

    /**
     * Makes a network answer with its logits: takes softmax or sigmoid away, if there is one.
     *
     * @param network of one output, which is changed
     * @return whether it was a sigmoid
     */
    static boolean remove(Model network) {
        for (Layer layer : fromOutput(network)) {
            org.deeplearning4j.nn.conf.layers.Layer conf = inner(layer).conf().getLayer();
            IActivation activation = of(conf);
            if (activation instanceof ActivationSoftmax || activation instanceof ActivationSigmoid) {
                set(conf);
                return activation instanceof ActivationSigmoid;
            }
            boolean passes =
                    conf instanceof LossLayer || conf instanceof ActivationLayer || conf instanceof DropoutLayer;
            if (!passes || !(activation == null || activation instanceof ActivationIdentity)) {
                return false;
            }
        }
        return false;
    }

    /** The layers that lie one behind the other in front of the output, the output layer first. */
    private static List<Layer> fromOutput(Model network) {
        List<Layer> layers = new ArrayList<>();
        if (network instanceof MultiLayerNetwork list) {
            for (int i = list.getnLayers() - 1; i >= 0; i--) {
                layers.add(list.getLayer(i));
            }
            return layers;
        }
        ComputationGraph graph = (ComputationGraph) network;
        GraphVertex at =
                graph.getVertex(graph.getConfiguration().getNetworkOutputs().get(0));
        while (at.hasLayer()) {
            layers.add(at.getLayer());
            at = graph.getVertices()[at.getInputVertices()[0].getVertexIndex()];
        }
        return layers;
    }

    private static Layer inner(Layer layer) {
        return layer instanceof BaseWrapperLayer wrapper ? inner(wrapper.getUnderlying()) : layer;
    }

    private static @Nullable IActivation of(org.deeplearning4j.nn.conf.layers.Layer conf) {
        if (conf instanceof ActivationLayer layer) {
            return layer.getActivationFn();
        } else if (conf instanceof DropoutLayer) {
            return null; // its configuration has that of the whole network, which it does not apply
        }
        return conf instanceof BaseLayer layer ? layer.getActivationFn() : null;
    }

    private static void set(org.deeplearning4j.nn.conf.layers.Layer conf) {
        if (conf instanceof ActivationLayer layer) {
            layer.setActivationFn(new ActivationIdentity());
        } else {
            ((BaseLayer) conf).setActivationFn(new ActivationIdentity());
        }
    }
}
