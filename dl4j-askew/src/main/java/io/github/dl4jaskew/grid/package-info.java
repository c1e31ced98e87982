/**
 * The levels that weights may take: a {@link io.github.dl4jaskew.grid.Grid} of unit scale, the {@link
 * io.github.dl4jaskew.grid.Scale} that fits it to a tensor or to each output channel, and the two
 * together, a {@link io.github.dl4jaskew.grid.ScaledGrid}. Pure arithmetic: no network, no array library.
 */
@NullMarked
package io.github.dl4jaskew.grid;

import org.jspecify.annotations.NullMarked;
