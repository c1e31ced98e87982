/**
 * Quantized models for other runtimes: {@link io.github.dl4jaskew.export.OnnxOptions} says how {@link
 * io.github.dl4jaskew.quantized.QuantizedModel#exportOnnx(java.nio.file.Path)} writes an ONNX file. The rest of the package is
 * what that method calls.
 */
@NullMarked
package io.github.dl4jaskew.export;

import org.jspecify.annotations.NullMarked;
