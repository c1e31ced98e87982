package io.github.dl4jaskew.baseline;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.ConstrainedParameter;
import io.github.dl4jaskew.internal.install.GridStep;
import io.github.dl4jaskew.internal.rule.HullClip;
import io.github.dl4jaskew.internal.rule.SkewRule;
import io.github.dl4jaskew.interval.Stage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The updater's step v in the unit of the learning rate, {@code h^power v} with h the mean half cell, limited if wanted so
 * that weights stay in the hull: {@code w - v'} is then {@code clip(w - h^power v, c_1, c_K)}. Immutable and thread safe.
 */
final class LatentStep implements GridStep {

    private static final long serialVersionUID = 1L;

    private final ConstrainedLayer layer;
    private final int cellPower;
    private final boolean clipping;
    private final boolean weightNoise;
    private final @Nullable IUpdater replacedUpdater;

    @JsonCreator
    LatentStep(
            @JsonProperty("layer") ConstrainedLayer layer,
            @JsonProperty("cellPower") int cellPower,
            @JsonProperty("clipping") boolean clipping,
            @JsonProperty("weightNoise") boolean weightNoise,
            @JsonProperty("replacedUpdater") @Nullable IUpdater replacedUpdater) {
        this.layer = layer;
        this.cellPower = cellPower;
        this.clipping = clipping;
        this.weightNoise = weightNoise;
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

    @JsonProperty("clipping")
    boolean clipping() {
        return clipping;
    }

    @Override
    @JsonProperty("weightNoise")
    public boolean hasWeightNoise() {
        return weightNoise;
    }

    @Override
    @JsonProperty("replacedUpdater")
    public @Nullable IUpdater replacedUpdater() {
        return replacedUpdater;
    }

    @Override
    public double overhangAt(int iteration, int epoch) {
        return clipping ? 0 : Double.POSITIVE_INFINITY;
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
            if (clipping) {
                // The rule of AskewSGD without its constraint is the clip to the hull, in the unit of the cell.
                new SkewRule(1, 0, 1, Stage.STEP, 1, cellPower).apply(grid, param, gradView);
            } else {
                HullClip.multiply(cellPower, grid, gradView);
            }
        } catch (IllegalArgumentException e) {
            throw Steps.named(layer, parameter, iteration, e);
        }
    }

    /** Always 0: the hull is no penalty. */
    @Override
    public double score(INDArray param, int iteration, int epoch) {
        return 0;
    }

    /** This object: it is immutable. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public LatentStep clone() {
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LatentStep that
                && layer.equals(that.layer)
                && cellPower == that.cellPower
                && clipping == that.clipping
                && weightNoise == that.weightNoise
                && Objects.equals(replacedUpdater, that.replacedUpdater);
    }

    @Override
    public int hashCode() {
        return Objects.hash(layer, cellPower, clipping, weightNoise);
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
