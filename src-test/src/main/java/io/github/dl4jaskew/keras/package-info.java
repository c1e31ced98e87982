/** Networks that Keras saved: how many of them DL4J imports, and the edge and ONNX then serve. */
@NullMarked
package io.github.dl4jaskew.keras;

import org.jspecify.annotations.NullMarked;
