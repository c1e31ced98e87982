/**
 * Measures a network: {@link io.github.dl4jaskew.margin.internal.measure.MeasuredNetwork} reads margins and gradients off a copy of it,
 * {@link io.github.dl4jaskew.margin.internal.measure.Measurement} makes metrics of them. Not for users: it may change in any version.
 */
@NullMarked
package io.github.dl4jaskew.margin.internal.measure;

import org.jspecify.annotations.NullMarked;
