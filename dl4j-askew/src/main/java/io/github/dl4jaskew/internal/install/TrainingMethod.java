package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * What a method of quantized training puts on the layers that it claims. An {@link Installer} does the rest: it chooses
 * layers, estimates scales, checks, replaces updaters. Implementations are immutable.
 */
public interface TrainingMethod {

    /** {@return the selection of weights, their levels and updater; the same each time} */
    Target target();

    /**
     * Refuses a network of layers if the method is for something else.
     *
     * @throws IllegalArgumentException if it is
     */
    default void requireLayers() {}

    /**
     * {@return schedules that the network's configuration will hold, by name, so that an installation can refuse those
     * that do not survive JSON; an empty map if there are none}
     */
    default Map<String, ISchedule> schedules() {
        return Map.of();
    }

    /** {@return whether the weights are trained, so that each layer needs an updater} */
    default boolean trains() {
        return true;
    }

    /**
     * Refuses an updater with which the method cannot work.
     *
     * @param layer name of the layer, for the message
     * @param updater what will move the layer's weights
     * @throws IllegalArgumentException if it cannot
     */
    default void requireUsable(String layer, IUpdater updater) {}

    /**
     * What is likely to spoil the result on a layer.
     *
     * @param layer the layer's name
     * @param surroundings the layer's
     * @param updater what will move its weights
     * @param network what moves them without the method, or null
     * @param grids levels of its constrained parameters
     * @return warnings for the plan
     */
    default List<String> warnings(
            String layer,
            Surroundings surroundings,
            IUpdater updater,
            @Nullable IUpdater network,
            Collection<ScaledGrid> grids) {
        return List.of();
    }

    /**
     * The method as it is on a network.
     *
     * @param layers the surroundings of all layers that have weights for it
     * @return a method with the same forwardUse, and the same target but for the updater, which it has if this has one
     */
    default TrainingMethod among(Collection<Surroundings> layers) {
        return this;
    }

    /**
     * The method as it is on a layer.
     *
     * @param surroundings the layer's
     * @return a method whose steps and weight noises are for that layer
     */
    default TrainingMethod on(Surroundings surroundings) {
        return this;
    }

    /**
     * What changes the step of a layer.
     *
     * @param layer the layer's weight parameters
     * @param cellPower the power of the half cell that the updater's step is to be multiplied by: 0 for a learning rate
     *     per weight, otherwise 1 or 2
     * @param replacedUpdater what the target's own updater replaces, or null; to be kept in the step
     * @return a new step
     */
    GridStep step(ConstrainedLayer layer, int cellPower, @Nullable IUpdater replacedUpdater);

    /**
     * What else acts on the layer's step, behind {@link #step}.
     *
     * @param layer the layer's weight parameters
     * @param cellPower as for {@link #step}
     * @return an empty list for most methods
     */
    default List<Regularization> furtherSteps(ConstrainedLayer layer, int cellPower) {
        return List.of();
    }

    /** Which weights the forward pass sees. Layers may read them past DL4J's weight noise. */
    enum ForwardUse {
        /** Those that are trained. */
        AS_TRAINED,
        /** Others, where the layer asks its {@link #weightNoise} and has none of its own. */
        CHANGED_BY_PRESET,
        /** Others, where the layer asks its {@link #weightNoise}; the plan warns where it does not. */
        CHANGED_WHERE_POSSIBLE,
        /** Others; layers that do not ask are skipped. */
        CHANGED
    }

    /** {@return which weights the forward pass sees} */
    default ForwardUse forwardUse() {
        return ForwardUse.AS_TRAINED;
    }

    /**
     * What a method's choice for a layer depends on.
     *
     * @param changedForward whether the layer's forward pass sees other weights than those that are trained
     * @param normalized whether batch norm behind the layer takes out the scale of its weights
     * @param recurrent whether the layer reads its own output of the time step before
     * @param bidirectional whether it is made of two layers
     */
    record Surroundings(boolean changedForward, boolean normalized, boolean recurrent, boolean bidirectional) {}

    /**
     * The constrained weights' own updater on a layer.
     *
     * @param surroundings the layer's
     * @return the updater, or null for the network's
     */
    default @Nullable IUpdater updater(Surroundings surroundings) {
        return target().updater();
    }

    /**
     * What distinguishes a layer from what {@link #settings} and the target say.
     *
     * @param surroundings the layer's
     * @param network what moves its weights without the method, or null
     * @return the reason, and updater and scale where they are others: for the plan; empty if nothing does
     */
    default Optional<String> distinction(Surroundings surroundings, @Nullable IUpdater network) {
        return Optional.empty();
    }

    /**
     * How a layer's levels are scaled.
     *
     * @param surroundings the layer's
     */
    default Scale scale(Surroundings surroundings) {
        return target().scale();
    }

    /**
     * What the layer's updater is replaced by.
     *
     * @param own what {@link #updater} gives
     * @param network what is replaced, or null if there is none
     * @return own, or an updater made of both
     */
    default IUpdater installed(IUpdater own, @Nullable IUpdater network) {
        return own;
    }

    /**
     * What moves the biases of a layer whose updater is replaced.
     *
     * @param network what has moved them
     * @return the same, or an updater made of it
     */
    default IUpdater beside(IUpdater network) {
        return network;
    }

    /**
     * Whether the target's initial scale is for a layer.
     *
     * @param surroundings the layer's
     */
    default boolean startsSmall(Surroundings surroundings) {
        return true;
    }

    /**
     * Whether small first weights of a layer are likely to spoil the result.
     *
     * @param surroundings the layer's
     */
    default boolean losesBySmallWeights(Surroundings surroundings) {
        return false;
    }

    /**
     * What the forward pass sees instead of the weights.
     *
     * @param layer name of the layer
     * @param grids levels by the parameter's key in the configuration that gets the noise
     * @return a new weight noise, or null for none
     */
    default @Nullable IWeightNoise weightNoise(String layer, Map<String, ScaledGrid> grids) {
        return null;
    }

    /**
     * What projects a parameter after each step.
     *
     * @param grid its levels
     * @return a new constraint without names, or null for none
     */
    default @Nullable LayerConstraint projection(ScaledGrid grid) {
        return null;
    }

    /** {@return the settings that training will use: lines for the plan} */
    List<String> settings();
}
