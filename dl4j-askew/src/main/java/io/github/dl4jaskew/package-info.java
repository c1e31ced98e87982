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
 *
 * <p>DL4J's networks are constrained layer by layer, through their configuration. A SameDiff graph is constrained variable by
 * variable ({@link io.github.dl4jaskew.Variables}), through the updater of its training configuration; {@link
 * io.github.dl4jaskew.Askew#resume} goes on with a graph that was loaded.
 *
 * <p>In DL4J's own {@code fit} everything is exact. ParallelWrapper and Spark train copies of the network: {@link
 * io.github.dl4jaskew.ParallelEpochs} says what is exact and what is not in each of their modes, and leads back to the
 * intervals.
 */
@NullMarked
package io.github.dl4jaskew;

import org.jspecify.annotations.NullMarked;
