package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.GridStep;
import io.github.dl4jaskew.internal.rule.HullClip;
import io.github.dl4jaskew.internal.rule.SkewRule;
import io.github.dl4jaskew.interval.Stage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The updater's step v in the unit of the learning rate, {@code h^power v} with h the mean half cell, limited if wanted so
 * that weights stay in the hull: {@code w - v'} is then {@code clip(w - h^power v, c_1, c_K)}. Immutable and thread safe.
 *
 * @param layer the layer's weight parameters with their grids
 * @param cellPower power of the half cell that the step is multiplied by
 * @param clipping whether weights stay in the hull
 * @param replacedUpdater the updater that the method's own one has replaced, or null
 */
record LatentStep(
        @JsonProperty("layer") ConstrainedLayer layer,
        @JsonProperty("cellPower") int cellPower,
        @JsonProperty("clipping") boolean clipping,
        @JsonProperty("replacedUpdater") @Nullable IUpdater replacedUpdater)
        implements GridStep {

    @JsonCreator
    LatentStep {}

    @Override
    public double overhangAt(int iteration, int epoch) {
        return clipping ? 0 : Double.POSITIVE_INFINITY;
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
        if (clipping) {
            // The rule of AskewSGD without its constraint is the clip to the hull, in the unit of the cell.
            new SkewRule(1, 0, 1, Stage.STEP, 1, cellPower).apply(grid, weights, velocity);
        } else {
            HullClip.multiply(cellPower, grid, velocity);
        }
    }

    /** This object: it is immutable. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public LatentStep clone() {
        return this;
    }

    @Override
    public List<String> settings() {
        return List.of("forward pass with changed weights" + (clipping ? ", weights clipped to the hull" : ""));
    }

    @Override
    public String toString() {
        return "LatentStep(" + layer.name() + (clipping ? ", clipping" : "") + ")";
    }
}
