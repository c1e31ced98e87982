/**
 * Charts of a history: {@link io.github.dl4jaskew.margin.chart.MarginCharts} draws normalized and smoothed margin, norm and
 * alignment as PNG files, against the iteration on a logarithmic axis, as margins grow with its logarithm. Needs XChart on
 * the class path, {@code org.knowm.xchart:xchart}, an optional dependency of this library; nothing else here does.
 */
@NullMarked
package io.github.dl4jaskew.margin.chart;

import org.jspecify.annotations.NullMarked;
