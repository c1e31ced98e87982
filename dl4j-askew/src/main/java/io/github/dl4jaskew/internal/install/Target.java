package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.LearningRateUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Settings common to all quantization-aware training methods: layer selection, grid and scale, and updater. Immutable.
 *
 * @param grid levels at unit scale
 * @param scale how they are scaled, once, at the installation
 * @param layers which layers are constrained
 * @param updater the constrained weights' own updater, or null for the network's
 * @param unit what a learning rate of 1 means for them
 * @param initialScale root mean square that the weights of each channel are given at the installation, over the largest
 *     level; or null, which leaves them as they are
 */
public record Target(
        Grid grid,
        Scale scale,
        Layers layers,
        @Nullable IUpdater updater,
        LearningRateUnit unit,
        @Nullable Double initialScale) {

    /**
     * Checks that the scale is defined for the grid.
     *
     * @throws IllegalArgumentException if no such scale can be estimated for the grid, or initialScale is out of range
     */
    public Target {
        Objects.requireNonNull(layers);
        Objects.requireNonNull(unit);
        scale.requireDefinedFor(grid);
        if (initialScale != null) {
            InitialShrinkage.requireShare(initialScale);
        }
    }

    /** The same with another updater. */
    public Target withUpdater(@Nullable IUpdater other) {
        return new Target(grid, scale, layers, other, unit, initialScale);
    }

    /** Who moves the constrained weights, in words. */
    String optimizerDescription() {
        return optimizerDescription(updater);
    }

    /** The same of another updater. */
    public String optimizerDescription(@Nullable IUpdater other) {
        return updaterDescription(other) + ", learning rate per " + unit;
    }

    /** An updater in words. */
    public static String updaterDescription(@Nullable IUpdater updater) {
        // where an updater has a schedule, DL4J also prints the fixed rate that it does not have
        return updater == null ? "the network's updater" : updater.toString().replace("learningRate=NaN, ", "");
    }

    /** For example {@code ternary, scale mse, layers all, the network's updater, learning rate per WEIGHT}. */
    @Override
    public String toString() {
        String start = initialScale == null ? "" : ", initial scale " + initialScale;
        return grid + ", scale " + scale + ", layers " + layers + ", " + optimizerDescription() + start;
    }
}
