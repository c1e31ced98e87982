package io.github.dl4jaskew.cli;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How many numbers go into a network and come out, as far as its configuration says. */
final class Widths {

    private static final long UNKNOWN = 0;

    private Widths() {}

    /**
     * Refuses features that the network would reject, or read as something else.
     *
     * @throws IllegalArgumentException if the network has several inputs, or takes another width
     */
    static void requireInput(Model network, INDArray features) {
        long width = input(network);
        if (features.rank() == 2 && width != UNKNOWN && features.size(1) != width) {
            throw new IllegalArgumentException(
                    "an example has " + features.size(1) + " numbers, but the network takes " + width);
        }
    }

    /**
     * Refuses names that are not those of the network's outputs; a single output may have two, of the classes 0 and 1.
     *
     * @throws IllegalArgumentException if they are too few or too many
     */
    static void requireOutput(Model network, List<String> labels) {
        long width = output(network);
        boolean binary = width == 1 && labels.size() == 2;
        if (width != UNKNOWN && labels.size() != width && !binary) {
            throw new IllegalArgumentException(
                    labels.size() + " labels were given " + labels + ", but the network has " + width + " outputs");
        }
    }

    private static long input(Model network) {
        if (network instanceof MultiLayerNetwork multiLayer) {
            return input(
                    multiLayer.getLayerWiseConfigurations().getInputPreProcess(0),
                    multiLayer.getLayer(0).conf().getLayer());
        }
        ComputationGraphConfiguration graph = ((ComputationGraph) network).getConfiguration();
        if (graph.getNetworkInputs().size() != 1) {
            throw new IllegalArgumentException(
                    "the network has the inputs " + graph.getNetworkInputs() + "; only one can be given here");
        }
        String input = graph.getNetworkInputs().get(0);
        for (Map.Entry<String, List<String>> vertex : graph.getVertexInputs().entrySet()) {
            if (vertex.getValue().contains(input)
                    && graph.getVertices().get(vertex.getKey()) instanceof LayerVertex layer) {
                return input(layer.getPreProcessor(), layer.getLayerConf().getLayer());
            }
        }
        return UNKNOWN;
    }

    private static long input(@Nullable InputPreProcessor before, Layer first) {
        if (before instanceof FeedForwardToCnnPreProcessor flat) {
            return flat.getInputHeight() * flat.getInputWidth() * flat.getNumChannels();
        }
        boolean takesVectors = before == null
                && first instanceof FeedForwardLayer
                && !(first instanceof ConvolutionLayer)
                && !(first instanceof BaseRecurrentLayer);
        return takesVectors ? ((FeedForwardLayer) first).getNIn() : UNKNOWN;
    }

    private static long output(Model network) {
        Layer last;
        if (network instanceof MultiLayerNetwork multiLayer) {
            last = multiLayer.getLayer(multiLayer.getnLayers() - 1).conf().getLayer();
        } else {
            ComputationGraph graph = (ComputationGraph) network;
            if (graph.getNumOutputArrays() != 1) {
                return UNKNOWN;
            }
            last = graph.getOutputLayer(0).conf().getLayer();
        }
        return last instanceof BaseOutputLayer output ? output.getNOut() : UNKNOWN;
    }
}
