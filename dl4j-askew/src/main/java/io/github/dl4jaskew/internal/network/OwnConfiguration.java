package io.github.dl4jaskew.internal.network;

import java.util.IdentityHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.recurrent.BidirectionalLayer;
import org.deeplearning4j.nn.layers.samediff.SameDiffGraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Gives a network a configuration of its own. DL4J's networks hold the configuration object that they are built from, so
 * that all networks of one object share their layers' settings, and {@code clone()} of a network or configuration keeps
 * what wrappers (last time step, bidirectional, time distributed, ...) wrap. What is put on one must not reach the others.
 */
final class OwnConfiguration {

    private OwnConfiguration() {}

    /** A copy that shares no layer with the original. */
    static MultiLayerConfiguration copyOf(MultiLayerConfiguration configuration) {
        MultiLayerConfiguration copy = configuration.clone();
        copy.getConfs().forEach(conf -> separate(conf.getLayer()));
        return copy;
    }

    /** A copy that shares no layer with the original. */
    static ComputationGraphConfiguration copyOf(ComputationGraphConfiguration configuration) {
        ComputationGraphConfiguration copy = configuration.clone();
        configuration.getVertices().forEach((name, vertex) -> complete(vertex, copy.getVertices(), name));
        copy.setIterationCount(configuration.getIterationCount());
        copy.setEpochCount(configuration.getEpochCount());
        copy.setTopologicalOrder(configuration.getTopologicalOrder());
        copy.setTopologicalOrderStr(configuration.getTopologicalOrderStr());
        return copy;
    }

    /** Puts right what DL4J's clone() of a vertex leaves out. */
    private static void complete(
            org.deeplearning4j.nn.conf.graph.GraphVertex original,
            Map<String, org.deeplearning4j.nn.conf.graph.GraphVertex> copies,
            String name) {
        org.deeplearning4j.nn.conf.graph.GraphVertex copy = copies.get(name);
        if (original instanceof LayerVertex old && copy instanceof LayerVertex layer) {
            separate(layer.getLayerConf().getLayer());
            layer.setOutputVertex(old.isOutputVertex());
        } else if (original instanceof SameDiffVertex old && copy instanceof SameDiffVertex vertex) {
            vertex.setName(old.getName());
            vertex.setRegularization(old.getRegularization());
            vertex.setRegularizationBias(old.getRegularizationBias());
            vertex.setUpdater(old.getUpdater());
            vertex.setBiasUpdater(old.getBiasUpdater());
            vertex.setGradientNormalization(old.getGradientNormalization());
            vertex.setGradientNormalizationThreshold(old.getGradientNormalizationThreshold());
            vertex.setDataType(old.getDataType());
            if (!vertex.equals(old)) {
                // A user's clone() may forget more; nothing but the mark of an AskewSgd is ever put on a vertex.
                copies.put(name, original);
            }
        }
    }

    /** Whether DL4J's clone() of a layer keeps something of the original. */
    static boolean isShared(Layer layer) {
        return layer instanceof BaseWrapperLayer
                || layer instanceof Bidirectional
                || layer instanceof AbstractSameDiffLayer
                || (layer instanceof FrozenLayer frozen && isShared(frozen.getLayer()));
    }

    /** Clones what DL4J's clone() of a layer has kept. */
    private static void separate(Layer cloned) {
        if (cloned instanceof BaseWrapperLayer wrapper) {
            wrapper.setUnderlying(wrapper.getUnderlying().clone());
            separate(wrapper.getUnderlying());
        } else if (cloned instanceof FrozenLayer frozen) {
            separate(frozen.getLayer());
        } else if (cloned instanceof Bidirectional both) {
            both.setFwd(both.getFwd().clone());
            both.setBwd(both.getBwd().clone());
            both.setInitializer(null);
            separate(both.getFwd());
            separate(both.getBwd());
        } else if (cloned instanceof AbstractSameDiffLayer layer && layer.getRegularization() != null) {
            layer.setRegularization(layer.getRegularization().stream()
                    .map(Regularization::clone)
                    .toList());
        }
    }

    /**
     * Replaces a live network's configuration, in its layers too.
     *
     * @param own a copy of the network's configuration, for this network alone
     * @throws IllegalStateException if a layer is not the one of the configuration; the network is then as before
     */
    static void give(MultiLayerNetwork network, MultiLayerConfiguration own) {
        IdentityHashMap<org.deeplearning4j.nn.api.Layer, NeuralNetConfiguration> owners = new IdentityHashMap<>();
        for (int i = 0; i < network.getnLayers(); i++) {
            assign(network.getLayer(i), own.getConf(i), owners);
        }
        network.setLayerWiseConfigurations(own);
        owners.forEach(OwnConfiguration::give);
    }

    /**
     * Replaces a live graph's configuration, in its layers too.
     *
     * @param own a copy of the graph's configuration, for this graph alone
     * @throws IllegalStateException if a layer is not the one of the configuration; the graph is then as before
     */
    static void give(ComputationGraph network, ComputationGraphConfiguration own) {
        IdentityHashMap<org.deeplearning4j.nn.api.Layer, NeuralNetConfiguration> owners = new IdentityHashMap<>();
        for (GraphVertex vertex : network.getVertices()) {
            if (vertex.hasLayer() && own.getVertices().get(vertex.getVertexName()) instanceof LayerVertex layer) {
                assign(vertex.getLayer(), layer.getLayerConf(), owners);
            }
        }
        HiddenField.set(ComputationGraph.class, "configuration", network, own);
        for (GraphVertex vertex : network.getVertices()) {
            if (vertex instanceof SameDiffGraphVertex
                    && own.getVertices().get(vertex.getVertexName()) instanceof SameDiffVertex conf) {
                HiddenField.set(SameDiffGraphVertex.class, "config", vertex, conf);
            }
        }
        owners.forEach(OwnConfiguration::give);
    }

    private static void give(org.deeplearning4j.nn.api.Layer layer, NeuralNetConfiguration own) {
        layer.setConf(own);
        if (layer instanceof BidirectionalLayer) {
            HiddenField.set(BidirectionalLayer.class, "layerConf", layer, own.getLayer());
        }
    }

    /** Finds the configurations of a layer and of those inside it; a wrapper shows that of what it wraps. */
    private static void assign(
            org.deeplearning4j.nn.api.Layer layer,
            NeuralNetConfiguration own,
            IdentityHashMap<org.deeplearning4j.nn.api.Layer, NeuralNetConfiguration> owners) {
        org.deeplearning4j.nn.api.Layer inner = layer;
        while (inner instanceof org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer wrapper) {
            inner = wrapper.getUnderlying();
        }
        Layer before = inner.conf().getLayer();
        Layer now = own.getLayer();
        Layer wrapped = LayerSite.wrapped(now);
        while (now.getClass() != before.getClass() && wrapped != null) {
            now = wrapped;
            wrapped = LayerSite.wrapped(now);
        }
        if (now.getClass() != before.getClass()) {
            throw new IllegalStateException("layer '" + own.getLayer().getLayerName() + "' is a "
                    + before.getClass().getName() + ", but the network's configuration has a "
                    + now.getClass().getName() + " there; build the network from a configuration that has its layers");
        }
        owners.put(inner, with(now, own, inner.conf()));
        if (inner instanceof BidirectionalLayer && now instanceof Bidirectional both) {
            assignPart(inner, "fwd", both.getFwd(), owners);
            assignPart(inner, "bwd", both.getBwd(), owners);
        }
    }

    private static void assignPart(
            org.deeplearning4j.nn.api.Layer both,
            String name,
            Layer own,
            IdentityHashMap<org.deeplearning4j.nn.api.Layer, NeuralNetConfiguration> owners) {
        var part = (org.deeplearning4j.nn.api.Layer) HiddenField.get(BidirectionalLayer.class, name, both);
        NeuralNetConfiguration conf = part.conf().clone();
        conf.setLayer(own);
        assign(part, conf, owners);
    }

    /** The network's own entry for a layer; inside a wrapper, one that differs from the present one in the layer alone. */
    @SuppressWarnings("ReferenceEquality")
    private static NeuralNetConfiguration with(Layer now, NeuralNetConfiguration own, NeuralNetConfiguration before) {
        if (now == own.getLayer()) {
            return own;
        }
        NeuralNetConfiguration conf = before.clone();
        conf.setLayer(now);
        return conf;
    }
}
