package io.github.dl4jaskew.margin.internal.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.graph.vertex.impl.FrozenVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Which parameters of a network are weights w in the sense of the margin: those that its loss trains. Not so those of
 * frozen layers and, because DL4J's {@link FrozenLayer} lets no gradient pass, of layers that reach the loss only through
 * one; those with the updater {@link NoOp}; and the running statistics of batch norm. Immutable and thread safe.
 */
public final class TrainedParameters {

    private final Map<String, Layer> learning;

    private TrainedParameters(Map<String, Layer> learning) {
        this.learning = learning;
    }

    /**
     * The trained parameters of a network.
     *
     * @param network initialised
     * @return which they are
     */
    public static TrainedParameters of(MultiLayerNetwork network) {
        Map<String, Layer> learning = new HashMap<>();
        List<String> names = network.getLayerNames();
        for (int i = 0; i < names.size(); i++) {
            Layer layer = network.getLayers()[i];
            if (layer instanceof FrozenLayer) {
                learning.clear();
            } else if (!isFrozen(layer)) {
                learning.put(names.get(i), layer);
            }
        }
        return new TrainedParameters(learning);
    }

    /**
     * The trained parameters of a network.
     *
     * @param network initialised
     * @return which they are
     */
    public static TrainedParameters of(ComputationGraph network) {
        return of(network, network.getConfiguration().getNetworkOutputs());
    }

    /**
     * The parameters that the losses of some of a graph's outputs train: of those and the vertices before them.
     *
     * @param network initialised
     * @param outputs their names
     * @return which they are
     */
    public static TrainedParameters of(ComputationGraph network, List<String> outputs) {
        Map<String, GraphVertex> reached = new LinkedHashMap<>();
        outputs.forEach(o -> reach(network, network.getVertex(o), reached, new ArrayList<>()));
        Map<String, Layer> learning = new HashMap<>();
        reached.forEach((name, vertex) -> {
            if (vertex.hasLayer() && !isFrozen(vertex.getLayer())) {
                learning.put(name, vertex.getLayer());
            }
        });
        return new TrainedParameters(learning);
    }

    /**
     * Where the gradient of an output ends before it has come to all inputs.
     *
     * @param network initialised
     * @param output its name
     * @return name of a frozen layer; empty if there is none
     */
    static Optional<String> frozenBefore(ComputationGraph network, String output) {
        List<String> stopped = new ArrayList<>();
        reach(network, network.getVertex(output), new LinkedHashMap<>(), stopped);
        return stopped.stream().findFirst();
    }

    /** Follows the gradient backwards. */
    private static void reach(
            ComputationGraph network, GraphVertex vertex, Map<String, GraphVertex> reached, List<String> stopped) {
        boolean stops =
                vertex instanceof FrozenVertex || (vertex.hasLayer() && vertex.getLayer() instanceof FrozenLayer);
        if (stops) {
            stopped.add(vertex.getVertexName());
            return;
        }
        if (reached.putIfAbsent(vertex.getVertexName(), vertex) != null || vertex.isInputVertex()) {
            return;
        }
        Arrays.stream(vertex.getInputVertices())
                .mapToInt(VertexIndices::getVertexIndex)
                .forEach(i -> reach(network, network.getVertices()[i], reached, stopped));
    }

    /**
     * Whether the loss trains a parameter.
     *
     * @param layer name of a layer with parameters
     * @param key of the parameter, such as "W"
     * @return false also if there is no such layer
     */
    public boolean isTrained(String layer, String key) {
        Layer instance = learning.get(layer);
        return instance != null && isTrained(instance, key);
    }

    private static boolean isTrained(Layer layer, String key) {
        // a batch norm with lockGammaBeta, for one, lists keys of parameters that it has not
        return !isFrozen(layer)
                && layer.paramTable().containsKey(key)
                && !(inner(layer.conf().getLayer()).getUpdaterByParam(key) instanceof NoOp);
    }

    public static boolean isFrozen(Layer layer) {
        if (layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop) {
            return true;
        }
        return layer instanceof BaseWrapperLayer wrapper && isFrozen(wrapper.getUnderlying());
    }

    /** The layer inside all wrappers. */
    public static org.deeplearning4j.nn.conf.layers.Layer inner(org.deeplearning4j.nn.conf.layers.Layer layer) {
        if (layer instanceof org.deeplearning4j.nn.conf.layers.misc.FrozenLayer frozen) {
            return inner(frozen.getLayer());
        }
        return layer instanceof org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer wrapper
                ? inner(wrapper.getUnderlying())
                : layer;
    }
}
