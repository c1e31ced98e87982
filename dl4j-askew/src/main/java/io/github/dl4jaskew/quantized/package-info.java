/**
 * What comes out of a training. {@link io.github.dl4jaskew.quantized.QuantizedModel} owns a copy of the network whose
 * constrained weights are exactly on their levels: it evaluates, saves and loads itself, goes back to a plain DL4J network,
 * and exports arrays for NumPy. {@link io.github.dl4jaskew.quantized.QuantizedSameDiff} is the same for SameDiff graphs.
 *
 * <p>{@link io.github.dl4jaskew.quantized.QuantizedParameter} has codes and grid of one parameter, {@link
 * io.github.dl4jaskew.quantized.MemoryReport} the bytes of all, and {@link
 * io.github.dl4jaskew.quantized.BatchNormStatistics} re-estimates means and deviations, as rounding changes them. Files are
 * in the format of {@link io.github.dl4jaskew.packed}.
 */
@NullMarked
package io.github.dl4jaskew.quantized;

import org.jspecify.annotations.NullMarked;
