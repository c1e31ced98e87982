/**
 * Quantized models: exact levels, bit-packed codes and scales, evaluation on the quantized weights, and a
 * report of the memory they take. They are saved as files in the format of {@link io.github.dl4jaskew.packed}.
 */
@NullMarked
package io.github.dl4jaskew.quantized;

import org.jspecify.annotations.NullMarked;
