package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * What every method of quantized training is told: which weights, which levels, and who moves them. Immutable.
 *
 * @param grid levels at unit scale
 * @param scale how they are scaled, once, at the installation
 * @param layers which layers are constrained
 * @param updater the constrained weights' own updater, or null for the network's
 * @param unit what a learning rate of 1 means for them
 */
public record Target(
        Grid grid, Scale scale, Layers layers, @Nullable IUpdater updater, LearningRateUnit unit) {

    /**
     * Checks that the scale is defined for the grid.
     *
     * @param grid levels at unit scale
     * @param scale how they are scaled, once, at the installation
     * @param layers which layers are constrained
     * @param updater the constrained weights' own updater, or null for the network's
     * @param unit what a learning rate of 1 means for them
     * @throws IllegalArgumentException if no such scale can be estimated for the grid
     */
    public Target {
        Objects.requireNonNull(layers);
        Objects.requireNonNull(unit);
        scale.requireDefinedFor(grid);
    }

    /** Who moves the constrained weights, in words. */
    String movedBy() {
        // where an updater has a schedule, DL4J also prints the fixed rate that it does not have
        String mover =
                updater == null ? "the network's updater" : updater.toString().replace("learningRate=NaN, ", "");
        return mover + ", learning rate per " + unit;
    }

    /** For example {@code ternary, scale mse, layers all, the network's updater, learning rate per WEIGHT}. */
    @Override
    public String toString() {
        return grid + ", scale " + scale + ", layers " + layers + ", " + movedBy();
    }
}
