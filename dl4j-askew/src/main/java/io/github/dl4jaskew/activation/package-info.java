/**
 * Quantized activations, the y of [Wx/Ay]: values between layers that take a few levels, as the weights do.
 *
 * <ul>
 *   <li>{@link io.github.dl4jaskew.activation.QuantizedActivation}: 1 to 6 bits around any activation function, A4 and A2;
 *   <li>{@link io.github.dl4jaskew.activation.QuantizedActivationLayer}: the same as a layer that keeps the clip of inference;
 *   <li>{@link io.github.dl4jaskew.activation.SignActivation}: one bit, A1.
 * </ul>
 *
 * <p>They work with and without quantized weights. A clip found in training or over data, {@code askew.quantize(network,
 * data)}, is saved with the model and served by the predictor without DL4J as well.
 */
@NullMarked
package io.github.dl4jaskew.activation;

import org.jspecify.annotations.NullMarked;
