/**
 * The formulas of margin tracking, in double and without any network: what goes in are logits, norms and gradients.
 *
 * <p>Symbols: {@code q} margin of an example, {@code w} all trained weights, {@code rho} their euclidean norm,
 * {@code L} degree of homogeneity of the network, {@code N} number of examples, {@code l} loss of an example as
 * function of its margin, {@code Sum} sum (never the mean) of the losses over the training set.
 *
 * <p>Late in training the losses leave the range of double, let alone of float, so losses and their derivatives are
 * given by their logarithms; see {@link io.github.dl4jaskew.margin.metrics.Loss}. The usual order of work:
 *
 * <ol>
 *   <li>collect logits into a {@link io.github.dl4jaskew.margin.metrics.MarginSet};
 *   <li>{@link io.github.dl4jaskew.margin.metrics.NormalizedMargin}, {@link
 *       io.github.dl4jaskew.margin.metrics.SmoothedMargin}, {@link io.github.dl4jaskew.margin.metrics.SupportCounts};
 *   <li>{@link io.github.dl4jaskew.margin.metrics.LateStage}, one step for each evaluation;
 *   <li>with a gradient of the whole training set {@link io.github.dl4jaskew.margin.metrics.Alignment}, {@link
 *       io.github.dl4jaskew.margin.metrics.KktResiduals}, {@link io.github.dl4jaskew.margin.metrics.EulerResidual};
 *   <li>with two evaluations {@link io.github.dl4jaskew.margin.metrics.Drift};
 *   <li>with the features before the last layer {@link io.github.dl4jaskew.margin.metrics.NeuralCollapse}.
 * </ol>
 */
@NullMarked
package io.github.dl4jaskew.margin.metrics;

import org.jspecify.annotations.NullMarked;
