package io.github.dl4jaskew.internal.askewsgd;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.InstalledPart;
import io.github.dl4jaskew.internal.rule.HullClip;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Turns an update in units of the cell into one in units of the weight, behind the updater of stage
 * GRADIENT. (At stage STEP the rule does this in its own pass.) Immutable and thread safe.
 */
final class CellLearningRate implements Regularization, InstalledPart {

    private static final long serialVersionUID = 1L;

    private final ConstrainedLayer layer;
    private final int power;

    /**
     * Multiplies updates by the mean half cell to a power.
     *
     * @param layer the layer's weight parameters
     * @param power 1 for updaters that ignore the gradient's size, 2 for linear ones
     */
    @JsonCreator
    public CellLearningRate(@JsonProperty("layer") ConstrainedLayer layer, @JsonProperty("power") int power) {
        this.layer = layer;
        this.power = power;
    }

    @JsonProperty("layer")
    ConstrainedLayer layer() {
        return layer;
    }

    @JsonProperty("power")
    int power() {
        return power;
    }

    @Override
    public ApplyStep applyStep() {
        return ApplyStep.POST_UPDATER;
    }

    @Override
    public void apply(INDArray param, INDArray gradView, double lr, int iteration, int epoch) {
        ScaledGrid grid = layer.parameterOf(param).grid();
        if (grid == null) {
            return;
        }
        HullClip.multiply(power, grid, gradView);
    }

    /** Always 0: the unit of the learning rate is no penalty. */
    @Override
    public double score(INDArray param, int iteration, int epoch) {
        return 0;
    }

    /** This object: it is immutable. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public CellLearningRate clone() {
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CellLearningRate that && layer.equals(that.layer) && power == that.power;
    }

    @Override
    public int hashCode() {
        return Objects.hash(layer, power);
    }
}
