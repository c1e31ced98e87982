package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.ConstrainedParameter;
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

/** Changes the updater's step so that it ends in ProxQuant's proximal map. Thread safe. */
final class ProxStep implements GridStep {

    private static final long serialVersionUID = 1L;

    private final ConstrainedLayer layer;
    private final int cellPower;
    private final ISchedule lambda;
    private final boolean timesLearningRate;
    private final @Nullable IUpdater replacedUpdater;

    @JsonCreator
    ProxStep(
            @JsonProperty("layer") ConstrainedLayer layer,
            @JsonProperty("cellPower") int cellPower,
            @JsonProperty("lambda") ISchedule lambda,
            @JsonProperty("timesLearningRate") boolean timesLearningRate,
            @JsonProperty("replacedUpdater") @Nullable IUpdater replacedUpdater) {
        this.layer = layer;
        this.cellPower = cellPower;
        this.lambda = lambda;
        this.timesLearningRate = timesLearningRate;
        this.replacedUpdater = replacedUpdater;
    }

    @Override
    @JsonProperty("layer")
    public ConstrainedLayer layer() {
        return layer;
    }

    @JsonProperty("cellPower")
    int cellPower() {
        return cellPower;
    }

    @JsonProperty("lambda")
    ISchedule lambda() {
        return lambda;
    }

    @JsonProperty("timesLearningRate")
    boolean timesLearningRate() {
        return timesLearningRate;
    }

    @Override
    @JsonProperty("replacedUpdater")
    public @Nullable IUpdater replacedUpdater() {
        return replacedUpdater;
    }

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
    public void apply(INDArray param, INDArray gradView, double lr, int iteration, int epoch) {
        ConstrainedParameter parameter = layer.parameterOf(param);
        ScaledGrid grid = parameter.grid();
        if (grid == null) {
            return;
        }
        try {
            double strength = lambda.valueAt(iteration, epoch);
            double threshold = timesLearningRate ? lr * strength : strength;
            LevelMap.threshold(grid, param, gradView, threshold, cellPower);
        } catch (IllegalArgumentException e) {
            throw Steps.named(layer, parameter, iteration, e);
        }
    }

    /** Always 0: the regularizer acts by its proximal map alone. */
    @Override
    public double score(INDArray param, int iteration, int epoch) {
        return 0;
    }

    /** An independent copy, with a copy of the schedule's state. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ProxStep clone() {
        return new ProxStep(layer, cellPower, lambda.clone(), timesLearningRate, replacedUpdater);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProxStep that
                && layer.equals(that.layer)
                && cellPower == that.cellPower
                && lambda.equals(that.lambda)
                && timesLearningRate == that.timesLearningRate
                && Objects.equals(replacedUpdater, that.replacedUpdater);
    }

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
