package io.github.dl4jaskew.internal.askewsgd;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.ConstrainedParameter;
import io.github.dl4jaskew.internal.install.GridStep;
import io.github.dl4jaskew.internal.rule.SkewRule;
import io.github.dl4jaskew.interval.Stage;
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
 * Where the rule meets DL4J's update. DL4J shows weights and update together only to a {@link
 * org.nd4j.linalg.learning.regularization.Regularization}, so the constraint is one: behind the updater (stage STEP) or before it (stage GRADIENT), and after
 * the other regularizations of its layer. {@link Askew#install} puts one on each constrained layer.
 *
 * <p>It is part of the layer's configuration: grid, scales, schedule and rates are saved, cloned and
 * restored with the network, and eps follows from iteration and epoch. Thread safe; immutable but for the state of a
 * {@link io.github.dl4jaskew.schedule.PlateauAnnealing}.
 *
 * @serial exclude
 */
public final class SkewedStep implements GridStep {

    private static final long serialVersionUID = 1L;

    private final ConstrainedLayer layer;
    private final ISchedule epsilon;
    private final @Nullable ISchedule hull;
    private final SkewSettings dynamics;
    private final int cellPower;
    private final @Nullable IUpdater replacedUpdater;

    @JsonCreator
    SkewedStep(
            @JsonProperty("layer") ConstrainedLayer layer,
            @JsonProperty("epsilon") ISchedule epsilon,
            @JsonProperty("hull") @Nullable ISchedule hull,
            @JsonProperty("dynamics") SkewSettings dynamics,
            @JsonProperty("cellPower") int cellPower,
            @JsonProperty("replacedUpdater") @Nullable IUpdater replacedUpdater) {
        this.layer = layer;
        this.epsilon = epsilon;
        this.hull = hull;
        this.dynamics = dynamics;
        this.cellPower = cellPower;
        this.replacedUpdater = replacedUpdater;
    }

    @Override
    @JsonProperty("layer")
    public ConstrainedLayer layer() {
        return layer;
    }

    /** {@return the schedule of eps itself, which a plateau annealing changes} */
    @JsonProperty("epsilon")
    public ISchedule epsilon() {
        return epsilon;
    }

    /** How the hull closes, or null if it is closed from the first step. */
    @JsonProperty("hull")
    @Nullable
    ISchedule hull() {
        return hull;
    }

    @Override
    public double overhangAt(int iteration, int epoch) {
        return SkewSettings.overhangAt(hull, iteration, epoch);
    }

    @JsonProperty("dynamics")
    public SkewSettings dynamics() {
        return dynamics;
    }

    @JsonProperty("cellPower")
    int cellPower() {
        return cellPower;
    }

    @Override
    @JsonProperty("replacedUpdater")
    public @Nullable IUpdater replacedUpdater() {
        return replacedUpdater;
    }

    @Override
    public double epsilonAt(int iteration, int epoch) {
        return epsilon.valueAt(iteration, epoch);
    }

    @Override
    public Optional<String> unfinishedAt(int iteration, int epoch) {
        return OpenIntervals.warning(epsilon, iteration, epoch);
    }

    @Override
    public ApplyStep applyStep() {
        return dynamics.stage() == Stage.STEP ? ApplyStep.POST_UPDATER : ApplyStep.BEFORE_UPDATER;
    }

    /**
     * Skews the velocity in place.
     *
     * <p>At stage STEP the updater has run before: when a gradient that is not finite is refused here, the weights are
     * as before, but the state of an updater such as Adam has taken it in. Restore the network to continue.
     *
     * @throws IllegalArgumentException if a weight or the velocity is not finite, if eps is outside [0, 1], or if alpha
     *     times the learning rate exceeds 1; the message names layer and parameter
     */
    @Override
    public void apply(INDArray param, INDArray gradView, double lr, int iteration, int epoch) {
        ConstrainedParameter parameter = layer.parameterOf(param);
        ScaledGrid grid = parameter.grid();
        if (grid == null) {
            return;
        }
        try {
            SkewRule rule = dynamics.rule(epsilon, hull, lr, cellPower, iteration, epoch);
            if (dynamics.perturbation() != null) {
                dynamics.perturbation().addTo(gradView, rule, grid, layer.name() + "/" + parameter.name(), iteration);
            }
            rule.apply(grid, param, gradView);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "layer '" + layer.name() + "', parameter '" + parameter.name() + "', iteration " + iteration + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Always 0: the constraint is no penalty. */
    @Override
    public double score(INDArray param, int iteration, int epoch) {
        return 0;
    }

    /** An independent copy, with a copy of the schedule's state. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public SkewedStep clone() {
        return new SkewedStep(
                layer, epsilon.clone(), hull == null ? null : hull.clone(), dynamics, cellPower, replacedUpdater);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SkewedStep that
                && layer.equals(that.layer)
                && epsilon.equals(that.epsilon)
                && Objects.equals(hull, that.hull)
                && dynamics.equals(that.dynamics)
                && cellPower == that.cellPower
                && Objects.equals(replacedUpdater, that.replacedUpdater);
    }

    @Override
    public int hashCode() {
        return Objects.hash(layer, dynamics);
    }

    @Override
    public List<String> settings() {
        return SkewSettings.describe(epsilon, hull, dynamics);
    }

    @Override
    public String toString() {
        return "SkewedStep(" + layer.name() + ", " + dynamics + ", eps: " + epsilon + ")";
    }
}
