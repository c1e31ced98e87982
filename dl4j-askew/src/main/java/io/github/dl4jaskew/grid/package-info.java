/**
 * The levels that weights may take. A {@link io.github.dl4jaskew.grid.Grid} names them at unit scale, such as -1, 0, +1; a
 * {@link io.github.dl4jaskew.grid.Scale} finds the factor that fits them to a tensor, or to each output channel of it ({@link
 * io.github.dl4jaskew.grid.Channels}); a {@link io.github.dl4jaskew.grid.ScaledGrid} is the two together, and knows nearest
 * level, code and cell coordinate of a weight. Pure arithmetic: no network, no array library.
 */
@NullMarked
package io.github.dl4jaskew.grid;

import org.jspecify.annotations.NullMarked;
