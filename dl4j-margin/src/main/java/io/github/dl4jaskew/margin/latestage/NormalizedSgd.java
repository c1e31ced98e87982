package io.github.dl4jaskew.margin.latestage;

import io.github.dl4jaskew.margin.loss.LogDomainLoss;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Steps whose length is the learning rate, whatever the size of the gradient: {@code update = gamma g / ||g||}, and 0
 * where the gradient is exactly 0.
 *
 * <p><b>When.</b> Late in training the loss falls like a power of the number of steps and so does the gradient; plain SGD
 * then moves the margin like the logarithm of that number, and this updater linearly. It needs no second
 * pass over the data, no driver, and no state. Choose it for full batches, or minibatches so large that all see about the
 * same hardest examples: of a small minibatch without hard examples the gradient is small for a reason, and here its
 * step is as long as any. Such training can leave the late stage again, and nothing takes a bad epoch back; {@link
 * LossBasedTraining} does, at the cost of one forward pass over the data in every epoch. With a constant rate the weights
 * end up oscillating at an angle of about gamma over their norm.
 *
 * <p><b>Float32.</b> The direction of a gradient that has underflowed is lost. Behind DL4J's MCXENT or XENT that is from
 * margins of about 17, so use {@link LogDomainLoss} on the output layer: it lasts to about 87 plus its {@code logScale}.
 * The norm itself does not underflow, as the gradient is divided by its largest element first.
 *
 * <p><b>Blocks.</b> DL4J hands an updater the gradient of a block: the contiguous parameters whose updaters are equal. With
 * one updater in the whole network and no batch norm that is the whole gradient, and the step keeps its direction; otherwise
 * every block has a step of length gamma of its own. DL4J's gradient normalization before it changes nothing but
 * the proportions that it changes itself.
 *
 * <p>Cost: two passes over the gradient more than SGD. Value equality; survives JSON. Not thread safe while {@link
 * #setLrAndSchedule} is called.
 *
 * @serial exclude
 */
public final class NormalizedSgd implements IUpdater {

    private static final long serialVersionUID = 1L;

    private ISchedule learningRate;

    /**
     * Steps of a fixed length.
     *
     * @param learningRate gamma, above 0
     * @throws IllegalArgumentException if it is not positive and finite
     */
    public NormalizedSgd(double learningRate) {
        this(new FixedSchedule(positive(learningRate)));
    }

    /**
     * Steps whose length follows a schedule.
     *
     * @param learningRate gamma by iteration and epoch; its values are finite and at least 0
     */
    @JsonCreator
    public NormalizedSgd(@JsonProperty("learningRate") ISchedule learningRate) {
        this.learningRate = Objects.requireNonNull(learningRate, "learningRate");
    }

    /** 0: there is no state. */
    @Override
    public long stateSize(long numParams) {
        return 0;
    }

    @Override
    public GradientUpdater<NormalizedSgd> instantiate(@Nullable INDArray viewArray, boolean initializeViewArray) {
        return new NormalizedSgdUpdater(this);
    }

    @Override
    public GradientUpdater<NormalizedSgd> instantiate(
            Map<String, INDArray> updaterState, boolean initializeStateArrays) {
        return new NormalizedSgdUpdater(this);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public NormalizedSgd clone() {
        return new NormalizedSgd(learningRate.clone());
    }

    /**
     * The length of a step.
     *
     * @throws IllegalArgumentException if the schedule's value is negative or not finite
     */
    @Override
    public double getLearningRate(int iteration, int epoch) {
        double rate = learningRate.valueAt(iteration, epoch);
        if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("learning rate at iteration " + iteration + ", epoch " + epoch + " is "
                    + rate + "; allowed is at least 0, finite");
        }
        return rate;
    }

    @Override
    public boolean hasLearningRate() {
        return true;
    }

    @Override
    public void setLrAndSchedule(double lr, @Nullable ISchedule lrSchedule) {
        learningRate = lrSchedule != null ? lrSchedule : new FixedSchedule(positive(lr));
    }

    private static double positive(double learningRate) {
        if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("learning rate is " + learningRate + "; allowed is above 0, finite");
        }
        return learningRate;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NormalizedSgd that && learningRate.equals(that.learningRate);
    }

    @Override
    public int hashCode() {
        return learningRate.hashCode();
    }

    @Override
    public String toString() {
        return "NormalizedSgd(learningRate=" + learningRate + ")";
    }
}
