package io.github.dl4jaskew.activation;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The sign of a number, "A1" of the papers: {@code y = 1} if {@code x >= 0}, else -1. NaN stays NaN. Its gradient is that of
 * another function, since its own is 0:
 *
 * <ul>
 *   <li>{@link #tanh()}: {@code 1 - tanh(x)^2}, as in the AskewSGD paper's runs with one-bit activations;
 *   <li>{@link #clipped()}: 1 for {@code |x| <= 1}, else 0 (Hubara et al., "Binarized Neural Networks", 2016).
 * </ul>
 *
 * <p>It belongs behind a batch norm: {@code new ActivationLayer(SignActivation.tanh())}. There are no statistics. Immutable,
 * thread safe, with value equality; survives JSON.
 *
 * @serial exclude
 */
public final class SignActivation extends BaseActivationFunction {

    private static final long serialVersionUID = 1L;

    /** Functions whose gradient stands in. */
    private enum Surrogate {
        TANH,
        CLIPPED
    }

    private final Surrogate gradient;

    @JsonCreator
    SignActivation(@JsonProperty("gradient") @Nullable Surrogate gradient) {
        if (gradient == null) {
            throw new IllegalArgumentException(
                    "the gradient of a SignActivation is missing; allowed are TANH and CLIPPED");
        }
        this.gradient = gradient;
    }

    /** {@return the sign with the gradient of tanh} */
    public static SignActivation tanh() {
        return new SignActivation(Surrogate.TANH);
    }

    /** {@return the sign with the gradient of {@code min(1, max(-1, x))}} */
    public static SignActivation clipped() {
        return new SignActivation(Surrogate.CLIPPED);
    }

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        return Quantizer.limit(Transforms.floor(in, false), -1, 0).muli(2).addi(1);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        assertShape(in, epsilon);
        INDArray slope;
        if (gradient == Surrogate.TANH) {
            INDArray tanh = Transforms.tanh(in, true);
            slope = tanh.muli(tanh).rsubi(1);
        } else {
            slope = new Quantizer(1, 1, true).mask(in);
        }
        return new Pair<>(slope.muli(epsilon), null);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignActivation that && gradient == that.gradient;
    }

    @Override
    public int hashCode() {
        return Objects.hash(gradient);
    }

    @Override
    public String toString() {
        return "A1(" + gradient.name().toLowerCase(Locale.ROOT) + ")";
    }
}
