package io.github.dl4jaskew.activation;

import io.github.dl4jaskew.internal.rule.ArrayWeights;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationPReLU;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * An activation function f whose values are rounded to even levels, "A4" and "A2" of the papers:
 *
 * <pre>{@code
 * y = s min(n, max(m, floor(f(x) / s + 1/2))),   s = clip / n
 * unsigned, k bits:  n = 2^k - 1,      m = 0     2^k levels from 0 to clip
 * signed, k bits:    n = 2^(k-1) - 1,  m = -n    2^k - 1 levels from -clip to clip, zero among them
 * }</pre>
 *
 * <p>The gradient is straight-through: that of f where {@code m s <= f(x) <= clip}, else 0.
 *
 * <p>The clip is that of the minibatch, by {@link SawbClip}, in training and at inference alike, until it is frozen; from
 * then on it is a constant, in training too. This object is immutable, since DL4J shares an activation function between the
 * layers that a builder gives it to, the clones of a network, and threads. So statistics cannot be kept here, and there are
 * two ways to them:
 *
 * <ul>
 *   <li>{@link QuantizedActivationLayer} keeps a running average of the clip while training, as batch norm keeps its own, and
 *       uses it at inference. It is the better way wherever the function can be a layer, as it must be behind a batch norm,
 *       which ignores activation functions.
 *   <li>{@code askew.quantize(network, data)} and {@link io.github.dl4jaskew.quantized.ActivationStatistics} freeze the clips
 *       of all layers to their means over data.
 * </ul>
 *
 * <pre>{@code
 * new DenseLayer.Builder().nOut(100).activation(QuantizedActivation.unsigned(4)).build();
 * new QuantizedActivationLayer(QuantizedActivation.signed(4).around(new ActivationTanH()));
 * }</pre>
 *
 * <p>NaN and infinity are refused where a clip is taken from them; past a frozen clip NaN stays NaN. Numbers of types other
 * than float and double are rounded in float. Value equality; survives JSON.
 *
 * @serial exclude
 */
public final class QuantizedActivation extends BaseActivationFunction {

    private static final long serialVersionUID = 1L;

    private static final int MAX_STEP_BITS = 5;

    private final int bits;
    private final boolean signed;
    private final IActivation inner;
    private final @Nullable Double clip;

    @JsonCreator
    QuantizedActivation(
            @JsonProperty("bits") int bits,
            @JsonProperty("signed") boolean signed,
            @JsonProperty("inner") IActivation inner,
            @JsonProperty("clip") @Nullable Double clip) {
        int sign = signed ? 1 : 0;
        int least = 1 + sign;
        int most = MAX_STEP_BITS + sign;
        if (bits < least || bits > most) {
            throw new IllegalArgumentException((signed ? "signed" : "unsigned") + " activations of " + bits
                    + " bits; allowed are " + least + " to " + most);
        }
        if (clip != null && !(clip >= 0 && clip <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("clip is " + clip + "; allowed are 0 to the largest float");
        }
        this.bits = bits;
        this.signed = signed;
        this.inner = requireUsable(inner);
        this.clip = clip;
    }

    private static IActivation requireUsable(@Nullable IActivation inner) {
        if (inner == null) {
            throw new IllegalArgumentException("the inner activation function is missing");
        }
        if (inner instanceof QuantizedActivation
                || inner instanceof SignActivation
                || inner instanceof ActivationRReLU
                || inner instanceof ActivationPReLU) {
            throw new IllegalArgumentException("the inner activation function is a "
                    + inner.getClass().getSimpleName()
                    + "; allowed are functions that are neither quantized nor random and have no parameters");
        }
        return inner;
    }

    /**
     * Levels from zero up, around a ReLU.
     *
     * @param bits k, 1 to 5
     * @return a function without a frozen clip
     * @throws IllegalArgumentException if {@code bits} is out of range
     */
    public static QuantizedActivation unsigned(int bits) {
        return new QuantizedActivation(bits, false, new ActivationReLU(), null);
    }

    /**
     * Levels of both signs, around the identity.
     *
     * @param bits k, 2 to 6; {@link SignActivation} has one bit
     * @return a function without a frozen clip
     * @throws IllegalArgumentException if {@code bits} is out of range
     */
    public static QuantizedActivation signed(int bits) {
        return new QuantizedActivation(bits, true, new ActivationIdentity(), null);
    }

    /**
     * The same levels around another function.
     *
     * @param function f; negative values of it become 0 if the levels are unsigned
     * @return a new function
     * @throws IllegalArgumentException if the function is quantized itself, is random or has parameters
     */
    public QuantizedActivation around(IActivation function) {
        return new QuantizedActivation(bits, signed, function, clip);
    }

    /**
     * The same function with a clip that is a constant.
     *
     * @param constant at least 0 and finite in float32; at 0 all values are 0
     * @return a new function
     * @throws IllegalArgumentException if the clip is out of range
     */
    public QuantizedActivation withClip(double constant) {
        return new QuantizedActivation(bits, signed, inner, constant);
    }

    /** {@return the width of a value, k bits} */
    public int bits() {
        return bits;
    }

    /** {@return whether there are levels below zero, as many as above} */
    public boolean isSigned() {
        return signed;
    }

    /** {@return n, the number of levels above zero} */
    public int steps() {
        return (1 << (signed ? bits - 1 : bits)) - 1;
    }

    /** {@return f, the function that is rounded} */
    public IActivation inner() {
        return inner;
    }

    /** {@return the frozen clip, or null if each minibatch has its own} */
    public @Nullable Double clip() {
        return clip;
    }

    /**
     * The clip that a minibatch has, whether there is a frozen one or not.
     *
     * @param in arguments of f, any shape; not changed
     * @return the clip by {@link SawbClip}
     * @throws IllegalArgumentException if a value of f is not finite
     */
    public double batchClip(INDArray in) {
        return clipOf(inner.getActivation(in.dup(), true));
    }

    /** The clip that values of f have. */
    double clipOf(INDArray values) {
        return SawbClip.of(new ArrayWeights(values), steps());
    }

    Quantizer quantizer(double range) {
        return new Quantizer(range, steps(), signed);
    }

    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        INDArray values = inner.getActivation(in, training);
        quantizer(clip == null ? clipOf(values) : clip).apply(values);
        return values == in ? in : in.assign(values);
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        return backprop(in, epsilon, clip);
    }

    /** The gradient at a clip, or at that of these values. */
    Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon, @Nullable Double at) {
        assertShape(in, epsilon);
        INDArray values = inner.getActivation(in.dup(), true);
        INDArray mask = quantizer(at == null ? clipOf(values) : at).mask(values);
        return inner.backprop(in, mask.muli(epsilon));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QuantizedActivation that
                && bits == that.bits
                && signed == that.signed
                && inner.equals(that.inner)
                && Objects.equals(clip, that.clip);
    }

    @Override
    public int hashCode() {
        return Objects.hash(bits, signed, inner, clip);
    }

    /** For example {@code A4(relu)}, {@code A4(relu, clip 1.5)}, {@code A4(tanh, signed)}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "A%d(%s%s%s)",
                bits,
                inner,
                signed ? ", signed" : "",
                clip == null ? "" : ", clip " + clip);
    }
}
