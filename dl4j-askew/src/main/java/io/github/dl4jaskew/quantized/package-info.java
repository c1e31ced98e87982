/**
 * Quantized models: exact levels, bit-packed codes and scales, evaluation on the quantized weights, and a
 * report of the memory they take. The file format has its place here.
 */
@NullMarked
package io.github.dl4jaskew.quantized;

import org.jspecify.annotations.NullMarked;
