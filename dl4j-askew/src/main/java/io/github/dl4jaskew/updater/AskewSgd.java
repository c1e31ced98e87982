package io.github.dl4jaskew.updater;

import io.github.dl4jaskew.Askew;
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
 * The paper's own updater: SGD, with heavy-ball momentum if wanted, {@code v <- mu v + g, update = gamma v}.
 *
 * <p>Where no interval constraint has been installed, its first update fails and says what to call, instead
 * of training an ordinary network in silence. Not thread safe while {@link #setLrAndSchedule} is called.
 *
 * @serial exclude
 */
public final class AskewSgd implements IUpdater {

    private static final long serialVersionUID = 1L;

    private ISchedule learningRate;
    private final double momentum;
    private final boolean constrained;

    /**
     * SGD with a fixed learning rate.
     *
     * @param learningRate gamma, above 0
     * @throws IllegalArgumentException if it is not positive and finite
     */
    public AskewSgd(double learningRate) {
        this(learningRate, 0);
    }

    /**
     * Heavy-ball SGD with a fixed learning rate.
     *
     * @param learningRate gamma, above 0
     * @param momentum mu, in [0, 1)
     * @throws IllegalArgumentException if an argument is out of range
     */
    public AskewSgd(double learningRate, double momentum) {
        this(new FixedSchedule(positive(learningRate)), momentum);
    }

    /**
     * SGD with a schedule.
     *
     * @param learningRate gamma by iteration and epoch; its values are finite and at least 0
     */
    public AskewSgd(ISchedule learningRate) {
        this(learningRate, 0);
    }

    /**
     * Heavy-ball SGD with a schedule.
     *
     * @param learningRate gamma by iteration and epoch; its values are finite and at least 0
     * @param momentum mu, in [0, 1)
     * @throws IllegalArgumentException if the momentum is out of range
     */
    public AskewSgd(ISchedule learningRate, double momentum) {
        this(learningRate, momentum, false);
    }

    @JsonCreator
    private AskewSgd(
            @JsonProperty("learningRate") ISchedule learningRate,
            @JsonProperty("momentum") double momentum,
            @JsonProperty("constrained") boolean constrained) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("momentum is " + momentum + "; allowed is 0 to below 1");
        }
        this.learningRate = Objects.requireNonNull(learningRate, "learningRate");
        this.momentum = momentum;
        this.constrained = constrained;
    }

    /**
     * Copies the updater, recording whether an interval constraint is installed on its network. Installations and their
     * removal call this; an updater that records one without a constraint does not warn of its absence.
     *
     * @param isConstrained whether there is one
     * @return a new updater
     */
    public AskewSgd constrained(boolean isConstrained) {
        return new AskewSgd(learningRate, momentum, isConstrained);
    }

    /** {@return whether an interval constraint is installed on the network; false until {@link Askew#install}} */
    public boolean isConstrained() {
        return constrained;
    }

    /** {@return the momentum mu, in [0, 1)} */
    public double getMomentum() {
        return momentum;
    }

    @Override
    public long stateSize(long numParams) {
        return momentum > 0 ? numParams : 0;
    }

    @Override
    public GradientUpdater<AskewSgd> instantiate(@Nullable INDArray viewArray, boolean initializeViewArray) {
        AskewSgdUpdater updater = new AskewSgdUpdater(this);
        if (viewArray != null && momentum > 0) {
            updater.setStateViewArray(viewArray, new long[] {viewArray.length()}, 'c', initializeViewArray);
        }
        return updater;
    }

    @Override
    public GradientUpdater<AskewSgd> instantiate(Map<String, INDArray> updaterState, boolean initializeStateArrays) {
        AskewSgdUpdater updater = new AskewSgdUpdater(this);
        updater.setState(updaterState, initializeStateArrays);
        return updater;
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public AskewSgd clone() {
        return new AskewSgd(learningRate.clone(), momentum, constrained);
    }

    /**
     * The learning rate.
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
        return other instanceof AskewSgd that
                && momentum == that.momentum
                && constrained == that.constrained
                && learningRate.equals(that.learningRate);
    }

    @Override
    public int hashCode() {
        return Objects.hash(momentum, constrained, learningRate);
    }

    @Override
    public String toString() {
        return "AskewSgd(learningRate=" + learningRate + ", momentum=" + momentum + ")";
    }
}
