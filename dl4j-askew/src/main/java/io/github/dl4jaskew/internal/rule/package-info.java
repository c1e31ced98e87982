/**
 * The rule of AskewSGD on whole parameters, in place. {@link io.github.dl4jaskew.internal.rule.SkewRule} applies the formulas of
 * {@link io.github.dl4jaskew.interval.Interval}: through a kernel for memory that the host can address, and in ND4J operations
 * for memory that it cannot. {@link io.github.dl4jaskew.internal.rule.LevelMap} does the same for the methods that AskewSGD is
 * compared with, {@link io.github.dl4jaskew.internal.rule.LevelStatistics} counts levels and distances in one pass.
 */
@NullMarked
package io.github.dl4jaskew.internal.rule;

import org.jspecify.annotations.NullMarked;
