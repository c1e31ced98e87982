package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.ConstrainedParameter;
import io.github.dl4jaskew.internal.install.InstalledPart;
import io.github.dl4jaskew.internal.rule.LevelMap;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Multiplies the gradient at the forward weights by an estimate of the forward map's slope, before the updater. Thread safe.
 *
 * @param layer the layer's weight parameters with their grids
 * @param shape which estimate
 * @param schedule what it depends on
 */
record ShapedGradient(
        @JsonProperty("layer") ConstrainedLayer layer,
        @JsonProperty("shape") Shape shape,
        @JsonProperty("schedule") ISchedule schedule)
        implements Regularization, InstalledPart {

    /** An estimate of the slope, and what the schedule is. */
    enum Shape {
        /** AdaSTE; the schedule is mu. */
        ADAPTIVE,
        /** ReSTE; the schedule is the power o. */
        POWER
    }

    @JsonCreator
    ShapedGradient {}

    @Override
    public ApplyStep applyStep() {
        return ApplyStep.BEFORE_UPDATER;
    }

    @Override
    public void apply(INDArray param, INDArray gradView, double lr, int iteration, int epoch) {
        ConstrainedParameter parameter = layer.parameterOf(param);
        ScaledGrid grid = parameter.grid();
        if (grid == null) {
            return;
        }
        try {
            double value = schedule.valueAt(iteration, epoch);
            LevelMap.Slope slope = switch (shape) {
                case ADAPTIVE -> LevelMap.adaptiveSlope(value, AdaSte.ALPHA);
                case POWER -> LevelMap.powerSlope(value, ReSte.LIMIT);
            };
            LevelMap.scaleGradient(grid, param, gradView, slope);
        } catch (IllegalArgumentException e) {
            throw layer.named(parameter, iteration, e);
        }
    }

    /** Always 0: the shape of a gradient is no penalty. */
    @Override
    public double score(INDArray param, int iteration, int epoch) {
        return 0;
    }

    /** An independent copy, with a copy of the schedule's state. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ShapedGradient clone() {
        return new ShapedGradient(layer, shape, schedule.clone());
    }

    /** Without the schedule, whose state may change. */
    @Override
    public int hashCode() {
        return Objects.hash(layer, shape);
    }
}
