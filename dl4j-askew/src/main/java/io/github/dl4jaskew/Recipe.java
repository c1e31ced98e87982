package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The values of a recipe, checked by {@link AskewBuilder}.
 *
 * @param grid levels at unit scale
 * @param scale how they are scaled
 * @param epsilon how the intervals close
 * @param hull how the hull closes; null if it is closed from the first step
 * @param dynamics how weights are drawn back
 * @param updater the constrained weights' own updater, or null
 * @param unit what a learning rate of 1 means for them
 * @param projection what every step ends with, or null
 * @param layers which layers are constrained
 */
record Recipe(
        Grid grid,
        Scale scale,
        ISchedule epsilon,
        @Nullable ISchedule hull,
        Dynamics dynamics,
        @Nullable IUpdater updater,
        LearningRateUnit unit,
        GridConstraint.@Nullable Mode projection,
        Layers layers) {}
