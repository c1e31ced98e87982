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
}
