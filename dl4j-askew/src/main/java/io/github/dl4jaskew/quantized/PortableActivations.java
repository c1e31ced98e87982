package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.activation.SignActivation;
import io.github.dl4jaskew.packed.ActivationKind;
import io.github.dl4jaskew.packed.PortableLayer.Activation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;

/** DL4J's activation functions in simple terms. */
final class PortableActivations {

    private static final Map<Class<? extends IActivation>, ActivationKind> PLAIN = Map.ofEntries(
            Map.entry(ActivationIdentity.class, ActivationKind.IDENTITY),
            Map.entry(ActivationSELU.class, ActivationKind.SELU),
            Map.entry(ActivationSigmoid.class, ActivationKind.SIGMOID),
            Map.entry(ActivationTanH.class, ActivationKind.TANH),
            Map.entry(ActivationHardTanH.class, ActivationKind.HARD_TANH),
            Map.entry(ActivationHardSigmoid.class, ActivationKind.HARD_SIGMOID),
            Map.entry(ActivationSoftPlus.class, ActivationKind.SOFTPLUS),
            Map.entry(ActivationSoftSign.class, ActivationKind.SOFTSIGN),
            Map.entry(ActivationSwish.class, ActivationKind.SWISH),
            Map.entry(ActivationCube.class, ActivationKind.CUBE),
            Map.entry(ActivationRationalTanh.class, ActivationKind.RATIONAL_TANH),
            Map.entry(ActivationRectifiedTanh.class, ActivationKind.RECTIFIED_TANH),
            Map.entry(ActivationMish.class, ActivationKind.MISH),
            Map.entry(ActivationSoftmax.class, ActivationKind.SOFTMAX));

    private PortableActivations() {}

    /** The function, or null if there is none. */
    static @Nullable Activation of(IActivation f) {
        ActivationKind plain = PLAIN.get(f.getClass());
        if (plain != null) {
            return new Activation(plain, List.of());
        }
        if (f instanceof ActivationReLU relu) {
            return relu(relu.getMax(), relu.getThreshold(), relu.getNegativeSlope());
        }
        if (f instanceof ActivationReLU6) {
            return relu(6.0, null, null);
        }
        if (f instanceof ActivationLReLU leaky) {
            return relu(null, null, leaky.getAlpha());
        }
        if (f instanceof ActivationELU elu) {
            return new Activation(ActivationKind.ELU, List.of(elu.getAlpha()));
        }
        if (f instanceof ActivationThresholdedReLU relu) {
            return new Activation(ActivationKind.THRESHOLDED_RELU, List.of(relu.getTheta()));
        }
        if (f instanceof ActivationGELU gelu && !gelu.isPrecise()) {
            return new Activation(ActivationKind.GELU, List.of());
        }
        if (f instanceof SignActivation) {
            return new Activation(ActivationKind.SIGN, List.of());
        }
        return null;
    }

    private static Activation relu(@Nullable Double max, @Nullable Double threshold, @Nullable Double slope) {
        return new Activation(
                ActivationKind.RELU,
                List.of(
                        max == null ? Double.POSITIVE_INFINITY : max,
                        threshold == null ? 0.0 : threshold,
                        slope == null ? 0.0 : slope));
    }
}
