package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.Grid;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * What a recipe of {@link Recipes} takes where its user chooses nothing, for the grid that is set in the end.
 *
 * @param epsilon how the intervals close
 * @param restoringRate where neither that nor alpha is set
 * @param hull how the hull closes at stage STEP where no projection clips, or null
 * @param updater what moves the constrained weights
 * @param normalized the same where batch norm takes out their scale
 * @param plain the same where the forward pass cannot see their nearest levels
 * @param delay iterations of float training for layers whose scale no batch norm takes out
 * @param updaterInFloat what moves the weights during the delay, or null for the network's updater
 * @param hullBehind how the hull closes behind a delay of so many iterations
 * @param updaterBehind what moves the weights then
 */
record Preset(
        ISchedule epsilon,
        double restoringRate,
        @Nullable ISchedule hull,
        Function<Grid, IUpdater> updater,
        Function<Grid, IUpdater> normalized,
        Function<Grid, IUpdater> plain,
        int delay,
        Function<Grid, @Nullable IUpdater> updaterInFloat,
        IntFunction<ISchedule> hullBehind,
        IntFunction<Function<Grid, IUpdater>> updaterBehind) {}
