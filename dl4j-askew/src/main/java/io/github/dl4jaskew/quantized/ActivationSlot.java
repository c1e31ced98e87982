package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.activations.IActivation;

/**
 * Where a configuration holds a quantized activation function.
 *
 * @param function what is there
 * @param setter puts another one there
 */
record ActivationSlot(QuantizedActivation function, Consumer<IActivation> setter) {

    /** The slots of a layer and of those within it; the layer that keeps its own clip has none. */
    static List<ActivationSlot> of(Layer layer) {
        List<ActivationSlot> slots = new ArrayList<>();
        collect(layer, slots);
        return slots;
    }

    private static void collect(Layer layer, List<ActivationSlot> slots) {
        if (layer instanceof QuantizedActivationLayer) {
            return;
        }
        if (layer instanceof BaseLayer base) {
            add(base.getActivationFn(), base::setActivationFn, slots);
        } else if (layer instanceof ActivationLayer activation) {
            add(activation.getActivationFn(), activation::setActivationFn, slots);
        } else if (layer instanceof FrozenLayer frozen) {
            collect(frozen.getLayer(), slots);
        } else if (layer instanceof BaseWrapperLayer wrapper) {
            collect(wrapper.getUnderlying(), slots);
        } else if (layer instanceof Bidirectional both) {
            collect(both.getFwd(), slots);
            collect(both.getBwd(), slots);
        }
    }

    private static void add(IActivation function, Consumer<IActivation> setter, List<ActivationSlot> slots) {
        if (function instanceof QuantizedActivation quantized) {
            slots.add(new ActivationSlot(quantized, setter));
        }
    }
}
