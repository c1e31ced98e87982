package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.GridStep;
import io.github.dl4jaskew.internal.rule.LevelMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Changes the updater's step so that it ends in ProxQuant's proximal map. Thread safe.
 *
 * @param layer the layer's weight parameters with their grids
 * @param cellPower power of the half cell that the step is multiplied by
 * @param lambda the threshold in half cells
 * @param timesLearningRate whether the learning rate multiplies it
 * @param replacedUpdater the updater that the method's own one has replaced, or null
 */
record ProxStep(
        @JsonProperty("layer") ConstrainedLayer layer,
        @JsonProperty("cellPower") int cellPower,
        @JsonProperty("lambda") ISchedule lambda,
        @JsonProperty("timesLearningRate") boolean timesLearningRate,
        @JsonProperty("replacedUpdater") @Nullable IUpdater replacedUpdater)
        implements GridStep {

    @JsonCreator
    ProxStep {}

    /** Weights are not clipped. */
    @Override
    public double overhangAt(int iteration, int epoch) {
        return Double.POSITIVE_INFINITY;
    }

    @Override
    public Optional<String> unfinishedAt(int iteration, int epoch) {
        double strength = lambda.valueAt(iteration, epoch);
        return strength == Double.POSITIVE_INFINITY
                ? Optional.empty()
                : Optional.of("ProxQuant's regularizer has not put all weights onto their levels: lambda is "
                        + (float) strength + Steps.planned(lambda, iteration, epoch));
    }

    @Override
    public ApplyStep applyStep() {
        return ApplyStep.POST_UPDATER;
    }

    @Override
    public void change(
            ScaledGrid grid,
            String parameter,
            INDArray weights,
            INDArray velocity,
            double learningRate,
            int iteration,
            int epoch) {
        double strength = lambda.valueAt(iteration, epoch);
        double threshold = timesLearningRate ? learningRate * strength : strength;
        LevelMap.threshold(grid, weights, velocity, threshold, cellPower);
    }

    /** An independent copy, with a copy of the schedule's state. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ProxStep clone() {
        return new ProxStep(layer, cellPower, lambda.clone(), timesLearningRate, replacedUpdater);
    }

    /** Without lambda, whose state may change. */
    @Override
    public int hashCode() {
        return Objects.hash(layer, cellPower, timesLearningRate);
    }

    @Override
    public List<String> settings() {
        return List.of("ProxQuant: lambda " + lambda + (timesLearningRate ? ", times the learning rate" : "")
                + ", in half cells");
    }

    @Override
    public String toString() {
        return "ProxStep(" + layer.name() + ", lambda: " + lambda + ")";
    }
}
