package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.updater.AskewSgd;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * One updater while weights are trained in float, and behind it another, which begins anew: with an empty
 * state, as gradients of the quantized network are of another size, and with iteration 0, from which Adam corrects its means. A
 * schedule by epoch goes on, as the epoch that the delay ends in is not known before. Both keep their states in the same
 * memory, one after the other.
 *
 * <p>Thread safe as far as the two are.
 */
public final class DelayedUpdater implements IUpdater {

    private static final long serialVersionUID = 1L;

    private final int delay;
    private final IUpdater first;
    private final IUpdater then;

    /** Whose learning rate is meant where one is set; no part of equality, as updaters that are equal share a state. */
    private volatile boolean over;

    @JsonCreator
    DelayedUpdater(
            @JsonProperty("delay") int delay,
            @JsonProperty("first") IUpdater first,
            @JsonProperty("then") IUpdater then,
            @JsonProperty("over") boolean over) {
        this.delay = delay;
        this.first = first;
        this.then = then;
        this.over = over;
    }

    /** An updater for some iterations, and then another. */
    public static DelayedUpdater of(int delay, IUpdater first, IUpdater then) {
        return new DelayedUpdater(delay, constrained(first), constrained(then), false);
    }

    /** Takes down which iteration comes next. */
    void next(int iteration) {
        over = iteration >= delay;
    }

    private static IUpdater constrained(IUpdater updater) {
        return updater instanceof AskewSgd sgd ? sgd.constrained(true) : updater.clone();
    }

    @JsonProperty("delay")
    int delay() {
        return delay;
    }

    @JsonProperty("first")
    IUpdater first() {
        return first;
    }

    @JsonProperty("then")
    IUpdater then() {
        return then;
    }

    @JsonProperty("over")
    boolean over() {
        return over;
    }

    @Override
    public long stateSize(long numParams) {
        return Math.max(first.stateSize(numParams), then.stateSize(numParams));
    }

    @Override
    public GradientUpdater<DelayedUpdater> instantiate(@Nullable INDArray viewArray, boolean initializeViewArray) {
        return new Turns(this, viewArray, initializeViewArray);
    }

    /**
     * Not supported: SameDiff graphs have no delay.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public GradientUpdater<DelayedUpdater> instantiate(
            Map<String, INDArray> updaterState, boolean initializeStateArrays) {
        throw new UnsupportedOperationException("the state of a delayed updater is one array");
    }

    /** That of the updater whose turn it is; 1 if it has none, as DL4J takes it where it needs one. */
    @Override
    public double getLearningRate(int iteration, int epoch) {
        return iteration < delay ? rate(first, iteration, epoch) : rate(then, iteration - delay, epoch);
    }

    private static double rate(IUpdater updater, int iteration, int epoch) {
        return updater.hasLearningRate() ? updater.getLearningRate(iteration, epoch) : 1;
    }

    @Override
    public boolean hasLearningRate() {
        return first.hasLearningRate() || then.hasLearningRate();
    }

    /** Sets that of the updater whose turn it is, if it has one: a rate of the other would be in another unit. */
    @Override
    public void setLrAndSchedule(double lr, @Nullable ISchedule lrSchedule) {
        IUpdater updater = over ? then : first;
        if (updater.hasLearningRate()) {
            updater.setLrAndSchedule(lr, lrSchedule);
        }
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public DelayedUpdater clone() {
        return new DelayedUpdater(delay, first.clone(), then.clone(), over);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DelayedUpdater that
                && delay == that.delay
                && first.equals(that.first)
                && then.equals(that.then);
    }

    @Override
    public int hashCode() {
        return Objects.hash(delay, first, then);
    }

    @Override
    public String toString() {
        return first + " for " + delay + " iterations, then " + then;
    }

    /** The two at work. */
    private static final class Turns implements GradientUpdater<DelayedUpdater> {

        private final DelayedUpdater config;
        private @Nullable INDArray state;
        private GradientUpdater<?> first;
        private @Nullable GradientUpdater<?> then;
        private boolean seesDelay;

        Turns(DelayedUpdater config, @Nullable INDArray state, boolean initialize) {
            this.config = config;
            this.state = state;
            this.first = config.first.instantiate(stateOf(config.first), initialize);
        }

        /** The part of the common memory that one of them needs, or null. */
        private @Nullable INDArray stateOf(IUpdater updater) {
            long weight = updater.stateSize(1);
            if (state == null || weight == 0) {
                return null;
            }
            long length = state.length() / config.stateSize(1) * weight;
            return state.reshape(state.length())
                    .get(NDArrayIndex.interval(0, length))
                    .reshape(1, length);
        }

        @Override
        public void applyUpdater(INDArray gradient, int iteration, int epoch) {
            if (iteration < config.delay) {
                seesDelay = true;
                first.applyUpdater(gradient, iteration, epoch);
                return;
            }
            if (then == null) {
                // A state that was saved behind the delay is that of the second. (DL4J restores one after it has had it
                // initialized.)
                then = config.then.instantiate(stateOf(config.then), seesDelay || iteration == config.delay);
            }
            then.applyUpdater(gradient, iteration - config.delay, epoch);
        }

        @Override
        public void setStateViewArray(
                INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
            state = viewArray;
            seesDelay = false;
            then = null;
            first = config.first.instantiate(stateOf(config.first), initialize);
        }

        @Override
        public DelayedUpdater getConfig() {
            return config;
        }

        @Override
        public void setState(Map<String, INDArray> stateMap, boolean initialize) {
            throw new UnsupportedOperationException("the state of a delayed updater is one array");
        }

        @Override
        public Map<String, INDArray> getState() {
            return state == null ? Map.of() : Map.of("state", state);
        }
    }
}
