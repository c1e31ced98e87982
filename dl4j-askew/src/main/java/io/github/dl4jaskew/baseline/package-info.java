/**
 * What users compare AskewSGD with, on the same grids and scales, installed the same way, with the same plans, reports and
 * quantized models: {@link io.github.dl4jaskew.baseline.BinaryConnect} (the straight-through estimator, deterministic or
 * stochastic), {@link io.github.dl4jaskew.baseline.ProxQuant}, {@link io.github.dl4jaskew.baseline.BinaryRelax}, {@link
 * io.github.dl4jaskew.baseline.Parq}, {@link io.github.dl4jaskew.baseline.AdaSte}, {@link io.github.dl4jaskew.baseline.ReSte} and {@link io.github.dl4jaskew.baseline.PostTrainingQuantization} (PTQ).
 *
 * <p>In all of them the scales are estimated at the installation and then fixed, as AskewSGD's are. Papers that re-fit the
 * scale in every step gain or lose by that, too; here methods differ in nothing but how they move the weights, the
 * grid is saved with the network, and a resumed training continues with exactly the same levels.
 *
 * <p>BinaryConnect, BinaryRelax, Parq, AdaSte and ReSte train weights that the forward pass does not see: DL4J asks a weight noise
 * for those that it does. In training it gets the method's map of the weights; at inference ({@code output}, {@code
 * evaluate}) it gets their nearest levels, so the network's own score is that of the quantized model but for re-estimated
 * batch-norm statistics. Layers that read their weights past the weight noise (1D convolution, embedding, SameDiff
 * layers such as attention) are skipped by these, and the plan says so.
 */
@NullMarked
package io.github.dl4jaskew.baseline;

import org.jspecify.annotations.NullMarked;
