/**
 * Quantized-weight training with AskewSGD in Deeplearning4j's own training loops.
 *
 * <p>{@link io.github.dl4jaskew.Askew} is the recipe: it is built once, installed on a network, and asked
 * for the quantized model after training. Everything else here is what it installs ({@link
 * io.github.dl4jaskew.SkewedStep}, {@link io.github.dl4jaskew.GridConstraint}), what it is installed with ({@link
 * io.github.dl4jaskew.AskewSgd}, {@link io.github.dl4jaskew.Layers}) and what it reports ({@link
 * io.github.dl4jaskew.AskewPlan}, {@link io.github.dl4jaskew.AskewListener}).
 *
 * <p>{@link io.github.dl4jaskew.QuantizedTraining} is what it has in common with the methods of {@code baseline}: these are
 * {@link io.github.dl4jaskew.TrainingMethod}s that an {@link io.github.dl4jaskew.Installer} puts on a network, where a
 * {@link io.github.dl4jaskew.GridStep} marks each layer.
 */
@NullMarked
package io.github.dl4jaskew;

import org.jspecify.annotations.NullMarked;
