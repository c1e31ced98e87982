package io.github.dl4jaskew.internal.network;

import io.github.dl4jaskew.packed.ParameterId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One layer as it stands in an initialised network.
 *
 * @param name its name; "layer0", "layer1", ... if the user gave none
 * @param parts the configurations that own its parameters, without wrappers: one, or two for a bidirectional layer;
 *     none for a graph vertex that is no layer
 * @param vertex the vertex that owns the parameters if there are no parts
 * @param frozen whether the network never updates it
 * @param params its parameters in the order of the network's parameter vector
 */
public record LayerSite(
        String name, List<Part> parts, @Nullable SameDiffVertex vertex, boolean frozen, Map<String, INDArray> params) {

    /**
     * A configuration that owns parameters.
     *
     * @param conf the configuration
     * @param prefix what the layer puts before the keys of the configuration: "", "f" or "b"
     */
    public record Part(Layer conf, String prefix) {}

    public static LayerSite of(String name, org.deeplearning4j.nn.api.Layer layer) {
        Layer conf = layer.conf().getLayer();
        boolean frozen = layer instanceof org.deeplearning4j.nn.layers.FrozenLayer
                || layer instanceof org.deeplearning4j.nn.layers.FrozenLayerWithBackprop
                || conf instanceof org.deeplearning4j.nn.conf.layers.misc.FrozenLayer
                || conf instanceof org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
        Map<String, INDArray> params = layer.paramTable(false);
        return new LayerSite(
                name, partsOf(conf), null, frozen, params == null ? Map.of() : new LinkedHashMap<>(params));
    }

    static List<Part> partsOf(Layer conf) {
        Layer inner = unwrap(conf);
        if (inner instanceof Bidirectional both) {
            return List.of(new Part(unwrap(both.getFwd()), "f"), new Part(unwrap(both.getBwd()), "b"));
        }
        return List.of(new Part(inner, ""));
    }

    private static Layer unwrap(Layer conf) {
        Layer inner = wrapped(conf);
        return inner == null ? conf : unwrap(inner);
    }

    /** What a wrapper of one layer wraps; null for every other layer. */
    static @Nullable Layer wrapped(Layer conf) {
        if (conf instanceof BaseWrapperLayer wrapper) {
            return wrapper.getUnderlying();
        }
        return conf instanceof org.deeplearning4j.nn.conf.layers.misc.FrozenLayer frozen ? frozen.getLayer() : null;
    }

    /** The same site with the configurations of another copy of the network. */
    LayerSite withParts(List<Part> others) {
        return new LayerSite(name, others, vertex, frozen, params);
    }

    /** The same site with the vertex of another copy of the network. */
    LayerSite withVertex(SameDiffVertex other) {
        return new LayerSite(name, parts, other, frozen, params);
    }

    /** What a parameter of this layer is called. */
    public ParameterId id(String key) {
        return new ParameterId(name, key);
    }

    /** The part that owns a parameter. */
    public Part partOf(String key) {
        return parts.size() > 1 && key.startsWith("b") ? parts.get(1) : parts.get(0);
    }

    /** The parameter's key in the configuration of its part. */
    public String keyInPart(String key) {
        return key.substring(partOf(key).prefix().length());
    }
}
