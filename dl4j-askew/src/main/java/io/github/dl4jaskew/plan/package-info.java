/**
 * Which weights a recipe claims, and what became of them. {@link io.github.dl4jaskew.plan.Layers} selects layers of a network,
 * {@link io.github.dl4jaskew.plan.Variables} variables of a SameDiff graph; an {@link io.github.dl4jaskew.plan.AskewPlan} lists
 * every parameter with its grid, bits and scale, or the reason for which it keeps full precision.
 */
@NullMarked
package io.github.dl4jaskew.plan;

import org.jspecify.annotations.NullMarked;
