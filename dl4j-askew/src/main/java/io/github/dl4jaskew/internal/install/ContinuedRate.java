package io.github.dl4jaskew.internal.install;

import java.util.Objects;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The learning rates that an updater has from some iteration on, for its successor, which counts iterations from there.
 *
 * <p>Thread safe as far as the updater is.
 */
public final class ContinuedRate implements ISchedule {

    private static final long serialVersionUID = 1L;

    private final IUpdater updater;
    private final int from;

    @JsonCreator
    ContinuedRate(@JsonProperty("updater") IUpdater updater, @JsonProperty("from") int from) {
        this.updater = updater;
        this.from = from;
    }

    /** The updater with an iteration 0 that is another's, whose learning rates go on as they were. */
    static IUpdater of(IUpdater updater, int from) {
        IUpdater successor = updater.clone();
        if (updater.hasLearningRate()) {
            successor.setLrAndSchedule(Double.NaN, new ContinuedRate(updater.clone(), from));
        }
        return successor;
    }

    @JsonProperty("updater")
    IUpdater updater() {
        return updater;
    }

    @JsonProperty("from")
    int from() {
        return from;
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        return updater.getLearningRate(iteration + from, epoch);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ContinuedRate clone() {
        return new ContinuedRate(updater.clone(), from);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContinuedRate that && from == that.from && updater.equals(that.updater);
    }

    @Override
    public int hashCode() {
        return Objects.hash(updater, from);
    }

    @Override
    public String toString() {
        return updater + " from iteration " + from + " on";
    }
}
