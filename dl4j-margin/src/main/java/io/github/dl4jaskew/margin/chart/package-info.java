/**
 * Charts of a history. Needs XChart on the class path, an optional dependency of this library: {@code
 * org.knowm.xchart:xchart}.
 */
@NullMarked
package io.github.dl4jaskew.margin.chart;

import org.jspecify.annotations.NullMarked;
