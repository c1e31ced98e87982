package io.github.dl4jaskew.margin.homogeneity;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Which parameters of a layer are weights w in the sense of the margin: those that training changes. Not so those of
 * frozen layers, those with the updater {@link NoOp}, and the running statistics of batch norm. Pure functions; thread
 * safe.
 */
public final class TrainedParameters {

    private TrainedParameters() {}

    /**
     * Whether training changes a parameter.
     *
     * @param layer of an initialised network
     * @param key of the parameter, such as "W"
     * @return false for frozen layers, for the updater NoOp and for running statistics
     */
    public static boolean isTrained(Layer layer, String key) {
        return !(layer instanceof org.deeplearning4j.nn.layers.FrozenLayer)
                && isTrained(layer.conf().getLayer(), key);
    }

    static boolean isTrained(org.deeplearning4j.nn.conf.layers.Layer layer, String key) {
        return !isFrozen(layer) && !(inner(layer).getUpdaterByParam(key) instanceof NoOp);
    }

    static boolean isFrozen(org.deeplearning4j.nn.conf.layers.Layer layer) {
        if (layer instanceof FrozenLayer || layer instanceof FrozenLayerWithBackprop) {
            return true;
        }
        return layer instanceof BaseWrapperLayer wrapper && isFrozen(wrapper.getUnderlying());
    }

    /** The layer inside all wrappers. */
    static org.deeplearning4j.nn.conf.layers.Layer inner(org.deeplearning4j.nn.conf.layers.Layer layer) {
        if (layer instanceof FrozenLayer frozen) {
            return inner(frozen.getLayer());
        }
        return layer instanceof BaseWrapperLayer wrapper ? inner(wrapper.getUnderlying()) : layer;
    }
}
