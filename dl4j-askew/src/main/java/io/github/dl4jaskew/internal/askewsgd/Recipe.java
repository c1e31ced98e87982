package io.github.dl4jaskew.internal.askewsgd;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.DelayedUpdater;
import io.github.dl4jaskew.internal.install.GridStep;
import io.github.dl4jaskew.internal.install.Target;
import io.github.dl4jaskew.internal.install.TrainingMethod;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.plan.StraightThrough;
import io.github.dl4jaskew.plan.Variables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The values of a recipe, checked by {@link Askew.Builder}, and what they put on a layer.
 *
 * @param target which weights, which levels, which updater
 * @param variables which variables of a SameDiff graph are constrained, or null for all
 * @param skew how weights are taken to their levels
 * @param projection what every step ends with, or null
 * @param normalizedUpdater the constrained weights' own updater where batch norm takes out their scale; null for the
 *     target's
 * @param plainUpdater the constrained weights' own updater where the forward pass cannot see their nearest levels; null for
 *     the target's
 * @param optionalStraightThrough whether weights are trained as they are where the forward pass cannot see their nearest
 *     levels, as with a preset that chose it; otherwise that is refused or warned of
 * @param fromRandomWeights whether this is the preset for networks that are not trained: the target's initial scale is then
 *     not for layers whose forward pass sees their nearest levels without batch norm behind
 * @param delay how long weights are trained in float first, or null for not at all
 * @param preset whether schedule, updater and unit are those of a preset, which does not warn of its own choice
 * @param whereLevelsAreSeen what it is on networks in which the forward passes of all layers see the nearest levels; null
 *     for the same
 */
public record Recipe(
        Target target,
        @Nullable Variables variables,
        SkewSettings skew,
        @Nullable ProjectionMode projection,
        @Nullable IUpdater normalizedUpdater,
        @Nullable IUpdater plainUpdater,
        boolean optionalStraightThrough,
        boolean fromRandomWeights,
        @Nullable Delay delay,
        boolean preset,
        @Nullable Recipe whereLevelsAreSeen)
        implements TrainingMethod {

    /**
     * Float training in front.
     *
     * @param iterations how long, at least 1
     * @param before what moves the weights in it, in the target's unit; null for the network's updater
     * @param hull how the hull closes behind it; null for as the settings say
     * @param updater what moves the weights behind it; null for what the target says
     * @param scale how their levels are scaled; null for what the target says
     * @param preset whether a preset chose it, for layers whose scale no batch norm takes out; a user's is for all
     */
    public record Delay(
            int iterations,
            @Nullable IUpdater before,
            @Nullable ISchedule hull,
            @Nullable IUpdater updater,
            @Nullable Scale scale,
            boolean preset) {

        /** Recurrent layers are trained by the network's updater: the recipe's is too slow for them. */
        Delay of(Surroundings surroundings) {
            return surroundings.recurrent() ? new Delay(iterations, null, hull, updater, scale, preset) : this;
        }
    }

    /** With so many, where float reaches 83 %, a character LSTM reached 57 % from random weights and 83 % from trained ones. */
    private static final int FEW_LEVELS = 16;

    @Override
    public void requireLayers() {
        if (variables != null) {
            throw new IllegalArgumentException("the recipe selects variables (" + variables
                    + "), which only SameDiff graphs have; select layers(...) instead");
        }
    }

    @Override
    public Map<String, ISchedule> schedules() {
        ISchedule hull = skew.hull();
        return hull == null ? Map.of("epsilon", skew.epsilon()) : Map.of("epsilon", skew.epsilon(), "hull", hull);
    }

    @Override
    public Recipe among(Collection<Surroundings> layers) {
        return whereLevelsAreSeen != null && layers.stream().allMatch(this::seesLevels) ? whereLevelsAreSeen : this;
    }

    @Override
    public Recipe on(Surroundings surroundings) {
        if (delay == null) {
            return this;
        }
        Delay here = delayOf(surroundings);
        return new Recipe(
                target,
                variables,
                here != null && here.hull() != null ? skew.withHull(here.hull()) : skew,
                projection,
                normalizedUpdater,
                plainUpdater,
                optionalStraightThrough,
                fromRandomWeights,
                here,
                preset,
                null);
    }

    /** The delay of a layer, or null if it has none. */
    private @Nullable Delay delayOf(Surroundings surroundings) {
        return delay == null
                        || surroundings.bidirectional()
                        || (delay.preset() && (surroundings.normalized() || isTrainedOtherwise(surroundings)))
                ? null
                : delay.of(surroundings);
    }

    /** Trained weights of such layers gain nothing by a preset's delay, whose Adam is too slow for them. */
    private boolean isTrainedOtherwise(Surroundings surroundings) {
        return !fromRandomWeights && (surroundings.recurrent() || !seesLevels(surroundings));
    }

    @Override
    public void requireUsable(String layer, IUpdater updater) {
        new UpdaterChecks("layer '" + layer + "'", updater).requireUsableRate(skew);
    }

    @Override
    public List<String> warnings(
            String layer,
            Surroundings surroundings,
            IUpdater updater,
            @Nullable IUpdater network,
            Collection<ScaledGrid> grids) {
        List<String> warnings = new ArrayList<>();
        Delay here = delayOf(surroundings);
        new UpdaterChecks("layer '" + layer + "'", updater)
                .slowness(
                        this,
                        startsSmall(surroundings) ? target.initialScale() : null,
                        here == null ? 0 : here.iterations(),
                        grids)
                .ifPresent(warnings::add);
        if (here != null && network != null) {
            DelayChecks checks = new DelayChecks(layer, here.iterations());
            if (here.before() == null) {
                checks.idleness(network).ifPresent(warnings::add);
            }
            if (updater(surroundings) != null) {
                checks.epochs(updater).ifPresent(warnings::add);
            }
        }
        if (delay != null && surroundings.bidirectional() && (fromRandomWeights || !delay.preset())) {
            warnings.add("layer '" + layer + "' is bidirectional: its weights are quantized from the first iteration,"
                    + " without the quantization delay");
        }
        if (fromRandomWeights
                && surroundings.recurrent()
                && here == null
                && target.grid().size() <= FEW_LEVELS) {
            warnings.add("layer '" + layer + "': recurrent layers learn little from random weights on "
                    + target.grid().size() + " levels; train in float first and use Askew.fromTrained");
        }
        return warnings;
    }

    @Override
    public GridStep step(ConstrainedLayer layer, int cellPower, @Nullable IUpdater replacedUpdater) {
        // The gradient of the cell coordinate is half the cell times that of the weight, whatever the updater.
        int rulePower = turnsGradient(cellPower) ? 2 : cellPower;
        return new SkewedStep(layer, skew.copy(), rulePower, replacedUpdater, quantizationDelay());
    }

    private @Nullable QuantizationDelay quantizationDelay() {
        return delay == null ? null : QuantizationDelay.of(delay.iterations(), delay.before() != null);
    }

    @Override
    public List<Regularization> furtherSteps(ConstrainedLayer layer, int cellPower) {
        return turnsGradient(cellPower) ? List.of(new CellLearningRate(layer, cellPower)) : List.of();
    }

    private boolean turnsGradient(int cellPower) {
        return skew.stage() == Stage.GRADIENT && cellPower > 0;
    }

    @Override
    public ForwardUse forwardUse() {
        if (!skew.changesForward()) {
            return ForwardUse.AS_TRAINED;
        }
        return optionalStraightThrough && skew.weightNoise() == null
                ? ForwardUse.CHANGED_BY_PRESET
                : ForwardUse.CHANGED_WHERE_POSSIBLE;
    }

    @Override
    public @Nullable IUpdater updater(Surroundings surroundings) {
        IUpdater chosen = plainUpdater;
        Delay here = delayOf(surroundings);
        if (here != null) {
            chosen = here.updater();
        } else if (seesLevels(surroundings)) {
            chosen = surroundings.normalized() ? normalizedUpdater : null;
        }
        return chosen == null ? target.updater() : chosen;
    }

    @Override
    public Optional<String> distinction(Surroundings surroundings, @Nullable IUpdater network) {
        IUpdater own = updater(surroundings);
        Delay here = delayOf(surroundings);
        if (here != null) {
            IUpdater before = here.before() == null ? network : here.before();
            boolean goesOn = own == null || before == null;
            return Optional.of("float for " + here.iterations() + " iterations by "
                    + Target.updaterDescription(before == null ? own : before)
                    + (goesOn ? ", then on with it" : ", then " + Target.updaterDescription(own))
                    + ", learning rate per " + target.unit() + ", scale " + scale(surroundings)
                    + (here.hull() == null ? "" : ", hull open " + here.hull()));
        }
        return seesLevels(surroundings) && !Objects.equals(own, target.updater())
                ? Optional.of("batch norm takes out its scale; " + target.optimizerDescription(own))
                : Optional.empty();
    }

    @Override
    public boolean startsSmall(Surroundings surroundings) {
        return !fromRandomWeights
                || (delayOf(surroundings) == null && (surroundings.normalized() || !seesLevels(surroundings)));
    }

    /** Where the preset's own Adam trains random weights in float: there the levels are few. */
    @Override
    public boolean losesBySmallWeights(Surroundings surroundings) {
        Delay here = delayOf(surroundings);
        return fromRandomWeights
                && here != null
                && here.before() != null
                && !surroundings.normalized()
                && seesLevels(surroundings);
    }

    @Override
    public Scale scale(Surroundings surroundings) {
        Delay here = delayOf(surroundings);
        return here == null || here.scale() == null ? target.scale() : here.scale();
    }

    @Override
    public IUpdater installed(IUpdater own, @Nullable IUpdater network) {
        IUpdater before = delay == null || delay.before() == null ? network : delay.before();
        return delay == null || before == null ? own : DelayedUpdater.of(delay.iterations(), before, own);
    }

    @Override
    public IUpdater beside(IUpdater network) {
        return delay == null ? network : DelayedUpdater.of(delay.iterations(), network, network);
    }

    /** Noise alone changes the forward pass too, but leaves the weights where they are. */
    private boolean seesLevels(Surroundings surroundings) {
        return surroundings.changedForward() && skew.straightThrough() != StraightThrough.NEVER;
    }

    /** The same recipe for a graph whose forward pass sees the weights as they are. */
    public Recipe forPlainForward() {
        if (!optionalStraightThrough) {
            return this;
        }
        return new Recipe(
                target.withUpdater(plainUpdater == null ? target.updater() : plainUpdater),
                variables,
                skew.withoutStraightThrough(),
                projection,
                null,
                null,
                true,
                false,
                delay == null || delay.preset() ? null : delay,
                preset,
                null);
    }

    @Override
    public @Nullable IWeightNoise weightNoise(String layer, Map<String, ScaledGrid> grids) {
        return skew.changesForward() ? new SkewedForward(layer, grids, skew.copy()) : null;
    }

    @Override
    public @Nullable LayerConstraint projection(ScaledGrid grid) {
        ProjectionMode mode = projection;
        if (mode == null) {
            return null;
        }
        return new GridConstraint(
                mode, grid, mode == ProjectionMode.INTERVAL ? skew.epsilon().clone() : null, null);
    }

    @Override
    public List<String> settings() {
        // the hull of a preset's delay is not for all layers
        boolean ofDelay = delay != null && delay.hull() != null && delay.hull().equals(skew.hull());
        List<String> lines = (ofDelay ? skew.withHull(null) : skew).describe();
        if (projection != null) {
            lines.add("projection " + projection);
        }
        if (delay != null) {
            lines.add(QuantizationDelay.of(delay.iterations(), false).describe()
                    + (delay.scale() == null || !delay.scale().isPerChannel() ? "" : " per channel")
                    + (delay.preset() ? ", in layers without batch norm" : ""));
        }
        return lines;
    }
}
