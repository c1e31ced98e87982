package io.github.dl4jaskew.internal.askewsgd;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.ConstrainedParameter;
import io.github.dl4jaskew.internal.install.GridStep;
import io.github.dl4jaskew.interval.Stage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Where the rule meets DL4J's update. DL4J shows weights and update together only to a {@link
 * org.nd4j.linalg.learning.regularization.Regularization}, so the constraint is one: behind the updater (stage STEP) or before it (stage GRADIENT), and after
 * the other regularizations of its layer. {@link Askew#install} puts one on each constrained layer.
 *
 * <p>It is part of the layer's configuration: grid, scales, schedule and rates are saved, cloned and
 * restored with the network, and eps follows from iteration and epoch. Thread safe; immutable but for the state of a
 * {@link io.github.dl4jaskew.schedule.PlateauAnnealing} and the levels that are estimated behind a delay.
 *
 * @param layer the layer's weight parameters with their grids
 * @param skew how weights are taken to their levels
 * @param cellPower power of the half cell that velocity or learning rate is multiplied by
 * @param replacedUpdater the updater that the recipe's own one has replaced, or null
 * @param delay how long the weights are trained in float before, or null for not at all
 */
public record SkewedStep(
        @JsonProperty("layer") ConstrainedLayer layer,
        @JsonProperty("skew") SkewSettings skew,
        @JsonProperty("cellPower") int cellPower,
        @JsonProperty("replacedUpdater") @Nullable IUpdater replacedUpdater,
        @JsonProperty("delay") @Nullable QuantizationDelay delay)
        implements GridStep {

    @JsonCreator
    public SkewedStep {}

    /** {@return the layer's weight parameters with their grids, estimated again if a delay is over} */
    @Override
    @JsonProperty("layer")
    public ConstrainedLayer layer() {
        return delay == null ? layer : delay.settled(layer);
    }

    /** Whether a step at this iteration trains in float. */
    private boolean isDelayed(int iteration) {
        return delay != null && !delay.isOver(iteration);
    }

    /** Whether the weights are those of float training; not so in a copy of a trained graph, whose iterations begin anew. */
    @Override
    public boolean isFloatAt(int iteration) {
        return delay != null && isDelayed(iteration) && !delay.isSettled();
    }

    @Override
    public double overhangAt(int iteration, int epoch) {
        return isFloatAt(iteration) ? Double.POSITIVE_INFINITY : skew.overhangAt(iteration, epoch);
    }

    @Override
    public double epsilonAt(int iteration, int epoch) {
        return isFloatAt(iteration) ? 1 : skew.epsilon().valueAt(iteration, epoch);
    }

    @Override
    public Optional<String> unfinishedAt(int iteration, int epoch) {
        return delay != null && isFloatAt(iteration)
                ? delay.unfinishedAt(iteration)
                : skew.unfinishedAt(iteration, epoch);
    }

    @Override
    public Optional<String> restingAt(int iteration, int epoch) {
        return isFloatAt(iteration)
                ? Optional.empty()
                : skew.restingAt(iteration, epoch, delay == null ? 0 : delay.iterations());
    }

    @Override
    public void settle(Map<String, INDArray> params, int iteration) {
        if (delay != null && delay.isOver(iteration)) {
            for (ConstrainedParameter parameter : layer.parameters()) {
                INDArray weights = params.get(parameter.name());
                if (weights != null) {
                    settle(delay, parameter, weights);
                }
            }
        }
    }

    /**
     * The levels of a parameter at a point of training; null if its weights are seen as they are. Inference sees levels that are
     * there, also where iterations have begun anew.
     */
    @Nullable
    ScaledGrid levels(String key, ScaledGrid first, INDArray weights, boolean train, int iteration) {
        if (delay == null) {
            return first;
        }
        if (delay.isOver(iteration)) {
            return delay.settle(key, layer.subject(key), first, weights);
        }
        return train ? null : delay.estimate(key);
    }

    private void settle(QuantizationDelay over, ConstrainedParameter parameter, INDArray weights) {
        ScaledGrid first = parameter.grid();
        if (first != null) {
            over.settle(parameter.name(), layer.subject(parameter.name()), first, weights);
        }
    }

    /** As {@link GridStep#apply}; the first step behind a delay estimates the levels that it uses, also if iterations begin anew. */
    @Override
    public void apply(INDArray param, INDArray gradView, double lr, int iteration, int epoch) {
        if (delay != null) {
            ConstrainedParameter parameter = layer.parameterOf(param);
            delay.train(layer, parameter.name(), param, iteration);
            if (delay.isOver(iteration)) {
                try {
                    settle(delay, parameter, param);
                } catch (IllegalArgumentException e) {
                    throw layer.named(parameter, iteration, e);
                }
            }
        }
        GridStep.super.apply(param, gradView, lr, iteration, epoch);
    }

    @Override
    public ApplyStep applyStep() {
        return skew.stage() == Stage.STEP ? ApplyStep.POST_UPDATER : ApplyStep.BEFORE_UPDATER;
    }

    /**
     * Skews the velocity in place.
     *
     * <p>At stage STEP the updater has run before: when a gradient that is not finite is refused here, the weights are
     * as before, but the state of an updater such as Adam has taken it in. Restore the network to continue.
     *
     * @throws IllegalArgumentException if a weight or the velocity is not finite, if eps is outside [0, 1], or if alpha
     *     times the learning rate exceeds 1
     */
    @Override
    public void change(
            ScaledGrid grid,
            String parameter,
            INDArray weights,
            INDArray velocity,
            double learningRate,
            int iteration,
            int epoch) {
        if (delay != null && isDelayed(iteration)) {
            // a network's updater, which the recipe's takes over from, knows nothing of cells
            boolean inCells = delay.inCells() || replacedUpdater == null;
            SkewSettings.leaveFree(grid, weights, velocity, inCells ? cellPower : 0);
        } else {
            int first = delay == null ? 0 : delay.iterations();
            skew.apply(grid, parameter, weights, velocity, learningRate, cellPower, iteration, epoch, first);
        }
    }

    /** An independent copy, with a copy of the schedule's state. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public SkewedStep clone() {
        return new SkewedStep(layer, skew.copy(), cellPower, replacedUpdater, delay == null ? null : delay.copy());
    }

    @Override
    public List<String> settings() {
        List<String> lines = skew.describe();
        if (delay != null) {
            lines.add(delay.describe());
        }
        return lines;
    }

    /** With the levels as they are, which JSON holds alone. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SkewedStep that
                && layer().equals(that.layer())
                && skew.equals(that.skew)
                && cellPower == that.cellPower
                && Objects.equals(replacedUpdater, that.replacedUpdater)
                && Objects.equals(delay, that.delay);
    }

    @Override
    public int hashCode() {
        return Objects.hash(layer.name(), skew, cellPower);
    }

    @Override
    public String toString() {
        return "SkewedStep(" + layer.name() + ", " + skew + ")";
    }
}
