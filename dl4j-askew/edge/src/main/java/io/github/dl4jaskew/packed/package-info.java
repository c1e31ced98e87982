/**
 * The packed file: quantized networks as codes, scales and floats, documented byte by byte in {@code FORMAT.md}.
 *
 * <p>Needs {@code java.base} alone, neither Deeplearning4j nor ND4J, so that a program that only predicts can read the
 * files. {@link io.github.dl4jaskew.packed.PackedModel} holds a whole file in plain Java; {@link
 * io.github.dl4jaskew.packed.PackedReader} and {@link io.github.dl4jaskew.packed.PackedWriter} pass through it section by
 * section in constant memory.
 *
 * <p>Whatever the input, reading ends with what was written or with a {@link
 * io.github.dl4jaskew.packed.PackedFormatException} that says what is wrong; memory grows with the bytes that have
 * arrived, never with a length that a file claims.
 */
@NullMarked
package io.github.dl4jaskew.packed;

import org.jspecify.annotations.NullMarked;
