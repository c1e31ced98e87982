package io.github.dl4jaskew.internal.install;

import java.util.Objects;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The learning rates of an updater for its successor, which has less time: its schedule by iteration is run through that much
 * faster. One by epoch goes on where it is.
 *
 * <p>Thread safe as far as the updater is.
 */
final class RestartedRate implements ISchedule {

    private static final long serialVersionUID = 1L;

    private final IUpdater updater;
    private final double speed;

    @JsonCreator
    RestartedRate(@JsonProperty("updater") IUpdater updater, @JsonProperty("speed") double speed) {
        this.updater = updater;
        this.speed = speed;
    }

    /** The successor; with the schedule as it is if copies of the updater lose one, as those of AdaGrad do. */
    static IUpdater of(IUpdater updater, double speed) {
        IUpdater successor = updater.clone();
        if (!updater.hasLearningRate() || speed == 1) {
            return successor;
        }
        successor.setLrAndSchedule(Double.NaN, new RestartedRate(updater.clone(), speed));
        boolean kept = !Double.isNaN(successor.clone().getLearningRate(0, 0));
        return kept ? successor : updater.clone();
    }

    @JsonProperty("updater")
    IUpdater updater() {
        return updater;
    }

    @JsonProperty("speed")
    double speed() {
        return speed;
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        return updater.getLearningRate((int) Math.round(iteration * speed), epoch);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public RestartedRate clone() {
        return new RestartedRate(updater.clone(), speed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RestartedRate that && speed == that.speed && updater.equals(that.updater);
    }

    @Override
    public int hashCode() {
        return Objects.hash(updater, speed);
    }

    @Override
    public String toString() {
        return updater + ", iterations times " + speed;
    }
}
