package io.github.dl4jaskew.export;

import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.SignActivation;
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

/** DL4J's activation functions as nodes. */
final class Activations {

    // DL4J's constants
    private static final Map<String, Double> SELU = Map.of("alpha", 1.6732632423543772, "gamma", 1.0507009873554805);
    private static final double GELU_SLOPE = 1.702;
    private static final double RATIONAL_SCALE = 1.7159;
    private static final double RATIONAL_FOURTH = 1.41645;

    private Activations() {}

    /**
     * Applies a function.
     *
     * @param softmaxAxis along which a softmax sums
     * @throws IllegalArgumentException if there is no such function in ONNX; names the layer
     */
    static Tensor apply(OnnxLayer layer, Object configuration, IActivation function, Tensor x, int softmaxAxis) {
        if (function instanceof QuantizedActivation quantized) {
            Double clip = quantized.clip();
            if (clip == null) {
                throw layer.refusal(
                        configuration,
                        "activation " + function + " takes its clip from each minibatch; freeze it with"
                                + " askew.quantize(network, data)");
            }
            return levels(layer, configuration, quantized, clip, x);
        }
        if (function.getClass() == ActivationIdentity.class) {
            return x;
        }
        if (function.getClass() == ActivationSoftmax.class) {
            return x.as(layer.node("Softmax", Map.of("axis", softmaxAxis), x.name()));
        }
        String result = of(layer, function, x.name());
        if (result == null) {
            throw layer.refusal(configuration, "activation " + function + " has no counterpart");
        }
        return x.as(result);
    }

    /** {@code s min(n, max(m, floor(f(x) n / clip + 1/2)))}, the same operations in the same order as in DL4J. */
    static Tensor levels(
            OnnxLayer layer, Object configuration, QuantizedActivation function, double clip, Tensor input) {
        Tensor x = apply(layer, configuration, function.inner(), input, -1);
        double steps = function.steps();
        double rate = steps / clip;
        if (!(rate <= Float.MAX_VALUE)) {
            return x.as(layer.node("Mul", x.name(), layer.scalar(0)));
        }
        String scaled = layer.node("Mul", x.name(), layer.scalar(rate));
        String rounded = layer.node("Floor", layer.node("Add", scaled, layer.scalar(0.5)));
        String limited = clip(layer, rounded, function.isSigned() ? -steps : 0, steps);
        return x.as(layer.node("Mul", limited, layer.scalar(clip / steps)));
    }

    private static @Nullable String of(OnnxLayer layer, IActivation f, String x) {
        Class<?> type = f.getClass();
        if (f instanceof ActivationReLU relu) {
            return relu(layer, x, relu.getMax(), relu.getThreshold(), relu.getNegativeSlope());
        } else if (type == ActivationReLU6.class) {
            return clip(layer, x, 0, 6);
        } else if (f instanceof ActivationLReLU leaky) {
            return layer.node("LeakyRelu", Map.of("alpha", leaky.getAlpha()), x);
        } else if (f instanceof ActivationELU elu) {
            return layer.node("Elu", Map.of("alpha", elu.getAlpha()), x);
        } else if (type == ActivationSELU.class) {
            return layer.node("Selu", SELU, x);
        } else if (type == ActivationSigmoid.class) {
            return layer.node("Sigmoid", x);
        } else if (type == ActivationTanH.class) {
            return layer.node("Tanh", x);
        } else if (type == ActivationHardTanH.class) {
            return clip(layer, x, -1, 1);
        } else if (type == ActivationHardSigmoid.class) {
            return layer.node("HardSigmoid", Map.of("alpha", 0.2, "beta", 0.5), x);
        } else if (type == ActivationSoftPlus.class) {
            return layer.node("Softplus", x);
        } else if (type == ActivationSoftSign.class) {
            return layer.node("Softsign", x);
        } else if (f instanceof ActivationThresholdedReLU relu) {
            return layer.node("ThresholdedRelu", Map.of("alpha", relu.getTheta()), x);
        }
        return composed(layer, f, x);
    }

    private static @Nullable String composed(OnnxLayer layer, IActivation f, String x) {
        Class<?> type = f.getClass();
        if (type == ActivationSwish.class) {
            return layer.node("Mul", x, layer.node("Sigmoid", x));
        } else if (f instanceof ActivationGELU gelu && !gelu.isPrecise()) {
            return layer.node("Mul", x, layer.node("Sigmoid", layer.node("Mul", x, layer.scalar(GELU_SLOPE))));
        } else if (type == ActivationCube.class) {
            return layer.node("Mul", layer.node("Mul", x, x), x);
        } else if (type == ActivationRectifiedTanh.class) {
            return layer.node("Relu", layer.node("Tanh", x));
        } else if (type == ActivationMish.class) {
            return layer.node("Mul", x, layer.node("Tanh", layer.node("Softplus", x)));
        } else if (type == ActivationRationalTanh.class) {
            return rationalTanh(layer, x);
        } else if (f instanceof SignActivation) {
            String positive = layer.node("GreaterOrEqual", x, layer.scalar(0));
            return layer.node("Where", positive, layer.scalar(1), layer.scalar(-1));
        }
        return null;
    }

    /** {@code min(max, x < threshold ? slope (x - threshold) : x)}. */
    private static String relu(
            OnnxLayer layer, String x, @Nullable Double max, @Nullable Double threshold, @Nullable Double slope) {
        double t = threshold == null ? 0 : threshold;
        double s = slope == null ? 0 : slope;
        String result;
        if (t != 0) {
            String below = layer.node("Mul", layer.node("Sub", x, layer.scalar(t)), layer.scalar(s));
            result = layer.node("Where", layer.node("Less", x, layer.scalar(t)), below, x);
        } else {
            result = s == 0 ? layer.node("Relu", x) : layer.node("LeakyRelu", Map.of("alpha", s), x);
        }
        return max == null || Double.isInfinite(max) ? result : layer.node("Min", result, layer.scalar(max));
    }

    /** {@code 1.7159 f(2 x / 3)} with {@code f(y) = sign(y) (1 - 1 / (1 + |y| + y^2 + 1.41645 y^4))}. */
    private static String rationalTanh(OnnxLayer layer, String x) {
        String y = layer.node("Abs", layer.node("Mul", x, layer.scalar(2 / 3.0)));
        String square = layer.node("Mul", y, y);
        String fourth = layer.node("Mul", layer.node("Mul", square, square), layer.scalar(RATIONAL_FOURTH));
        String sum = layer.node("Sum", layer.scalar(1), y, square, fourth);
        String f = layer.node("Sub", layer.scalar(1), layer.node("Reciprocal", sum));
        return layer.node("Mul", layer.node("Mul", layer.node("Sign", x), f), layer.scalar(RATIONAL_SCALE));
    }

    private static String clip(OnnxLayer layer, String x, double least, double most) {
        return layer.node("Clip", x, layer.scalar(least), layer.scalar(most));
    }
}
