/**
 * How the width of the intervals, eps, falls during training: {@link
 * io.github.dl4jaskew.schedule.Annealing} by a formula, {@link
 * io.github.dl4jaskew.schedule.PlateauAnnealing} by a validation score. Both are DL4J schedules, and
 * every other DL4J {@code ISchedule} with values in [0, 1] may stand in their place.
 */
@NullMarked
package io.github.dl4jaskew.schedule;

import org.jspecify.annotations.NullMarked;
