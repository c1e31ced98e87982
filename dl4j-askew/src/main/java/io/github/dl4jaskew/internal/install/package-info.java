/**
 * Puts a method of quantized training on a network and takes it off again. A {@link
 * io.github.dl4jaskew.internal.install.TrainingMethod} says what it adds to a layer; an {@link
 * io.github.dl4jaskew.internal.install.Installer} chooses parameters, estimates scales, checks and changes a draft of the
 * configuration, so that a failure leaves the network as it was; {@link io.github.dl4jaskew.internal.install.Quantization} makes
 * the quantized model of the result.
 */
@NullMarked
package io.github.dl4jaskew.internal.install;

import org.jspecify.annotations.NullMarked;
