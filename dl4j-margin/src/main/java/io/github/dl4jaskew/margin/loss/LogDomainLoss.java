package io.github.dl4jaskew.margin.loss;

import io.github.dl4jaskew.margin.metrics.Loss;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * An output layer's loss that is computed from logits, in double, whatever the network's data type. Its gradient is that
 * of the loss times {@code exp(logScale)}; its score is the loss itself.
 *
 * <p>With {@code logScale = 0} it is DL4J's MCXENT with softmax, or XENT with sigmoid, without their clips. Those lose
 * the gradient early: in float32 {@code softmax(s)_y - 1} is exactly 0 from a margin of about 17, while here it is right
 * to 7 digits until {@code exp(logScale - q)} itself leaves float32, at {@code q - logScale} of about 87. With {@code
 * logScale = -log(mean loss)} it is the gradient of the logarithm of the loss and does not underflow at all; {@code
 * LossBasedTraining} sets it so after every epoch. An example that is wrong while the scale is above {@code exp(88)}
 * gives an infinite gradient in float32.
 *
 * <p>The logit is the layer's output before its activation, which must be softmax or identity for {@link
 * Loss#CROSS_ENTROPY}, sigmoid or identity for {@link Loss#LOGISTIC}, identity for {@link Loss#EXPONENTIAL}. Cross entropy
 * has logits and one-hot labels of [examples, classes], the other two [examples, 1] with label 1 for the positive class and
 * 0 for the negative one. A mask has a 0 or 1 for each example. Logits that
 * are not finite give NaN, as in DL4J's own losses.
 *
 * <p>Cost: the logits of a minibatch are copied to the heap and back, which only shows in networks of a few weights.
 * Immutable, thread safe, with value equality; survives JSON.
 *
 * @serial exclude
 */
public final class LogDomainLoss implements ILossFunction {

    private static final long serialVersionUID = 1L;

    private final Loss loss;
    private final double logScale;

    /**
     * A loss without factor.
     *
     * @param loss which one
     */
    public LogDomainLoss(Loss loss) {
        this(loss, 0);
    }

    /**
     * A loss with a factor on its gradient.
     *
     * @param loss which one
     * @param logScale natural logarithm of the factor, finite
     * @throws IllegalArgumentException if the logarithm is not finite
     */
    @JsonCreator
    public LogDomainLoss(@JsonProperty("loss") Loss loss, @JsonProperty("logScale") double logScale) {
        if (!Double.isFinite(logScale)) {
            throw new IllegalArgumentException("logScale is " + logScale + "; it must be finite");
        }
        this.loss = Objects.requireNonNull(loss, "loss");
        this.logScale = logScale;
    }

    /**
     * Which loss it is.
     *
     * @return the loss
     */
    @JsonProperty("loss")
    public Loss loss() {
        return loss;
    }

    /** {@return the natural logarithm of the factor on the gradient} */
    @JsonProperty("logScale")
    public double logScale() {
        return logScale;
    }

    /**
     * The same loss with another factor.
     *
     * @param value natural logarithm of the factor, finite
     * @return a new loss
     * @throws IllegalArgumentException if the logarithm is not finite
     */
    public LogDomainLoss withLogScale(double value) {
        return new LogDomainLoss(loss, value);
    }

    /**
     * The loss itself, without the factor: the sum over the examples, or that divided by their number. 0 where it is below
     * the smallest double.
     *
     * @throws IllegalArgumentException if shapes, labels, activation or mask do not fit
     */
    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, @Nullable INDArray mask, boolean average) {
        double sum =
                Arrays.stream(losses(labels, preOutput, activationFn, mask)).sum();
        return average ? sum / preOutput.size(0) : sum;
    }

    /**
     * The losses themselves, without the factor.
     *
     * @throws IllegalArgumentException if shapes, labels, activation or mask do not fit
     */
    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activationFn, @Nullable INDArray mask) {
        double[] losses = losses(labels, preOutput, activationFn, mask);
        return Nd4j.createFromArray(losses).reshape(losses.length, 1).castTo(preOutput.dataType());
    }

    private double[] losses(INDArray labels, INDArray preOutput, IActivation activationFn, @Nullable INDArray mask) {
        requireActivation(activationFn);
        OutputRows rows = OutputRows.of(loss, preOutput, labels, mask);
        double[] losses = new double[rows.count()];
        for (int i = 0; i < losses.length; i++) {
            if (rows.counts(i)) {
                losses[i] = rows.isFinite(i) ? Math.exp(loss.log(rows.margin(i))) : Double.NaN;
            }
        }
        return losses;
    }

    /**
     * {@code exp(logScale)} times the derivative of the summed loss by each logit.
     *
     * @throws IllegalArgumentException if shapes, labels, activation or mask do not fit
     */
    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activationFn, @Nullable INDArray mask) {
        requireActivation(activationFn);
        OutputRows rows = OutputRows.of(loss, preOutput, labels, mask);
        double[][] gradient = new double[rows.count()][rows.outputs()];
        for (int i = 0; i < gradient.length; i++) {
            if (rows.counts(i) && rows.isFinite(i)) {
                rows.gradient(i, logScale, gradient[i]);
            } else if (rows.counts(i)) {
                Arrays.fill(gradient[i], Double.NaN);
            }
        }
        return preOutput.ulike().assign(Nd4j.createFromArray(gradient));
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, @Nullable INDArray mask, boolean average) {
        return new Pair<>(
                computeScore(labels, preOutput, activationFn, mask, average),
                computeGradient(labels, preOutput, activationFn, mask));
    }

    private void requireActivation(IActivation activation) {
        Class<?> own = switch (loss) {
            case CROSS_ENTROPY -> ActivationSoftmax.class;
            case LOGISTIC -> ActivationSigmoid.class;
            case EXPONENTIAL -> ActivationIdentity.class;
        };
        if (!own.isInstance(activation) && !(activation instanceof ActivationIdentity)) {
            throw new IllegalArgumentException("the loss is " + loss + " and the activation is " + activation
                    + "; allowed are " + own.getSimpleName() + " and ActivationIdentity");
        }
    }

    @Override
    public String name() {
        return toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogDomainLoss that && loss == that.loss && logScale == that.logScale;
    }

    @Override
    public int hashCode() {
        return Objects.hash(loss, logScale);
    }

    @Override
    public String toString() {
        return "LogDomainLoss(" + loss + ", logScale=" + logScale + ")";
    }
}
