/**
 * How the width of the intervals, eps, falls during training: {@link io.github.dl4jaskew.schedule.Annealing} by a formula of
 * epoch or iteration, {@link io.github.dl4jaskew.schedule.PlateauAnnealing} when a validation score stops improving. Both are
 * DL4J schedules, and every other {@code ISchedule} with values in [0, 1] may stand in their place. {@link
 * io.github.dl4jaskew.schedule.CosineSchedule} is one for learning rates, which should reach 0 where the intervals close.
 */
@NullMarked
package io.github.dl4jaskew.schedule;

import org.jspecify.annotations.NullMarked;
