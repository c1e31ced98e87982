/**
 * AskewSGD (Leconte, Schechtman, Moulines, AISTATS 2023, arXiv:2211.03741) as components of a DL4J configuration. {@link
 * io.github.dl4jaskew.internal.askewsgd.Recipe} is the training method, {@link
 * io.github.dl4jaskew.internal.askewsgd.SkewedStep} the rule as a regularization that acts on the step of a layer,
 * {@link io.github.dl4jaskew.internal.askewsgd.SkewedForward} what the forward pass sees of a straight-through hold or of weight noise, {@link
 * io.github.dl4jaskew.internal.askewsgd.GridConstraint} an optional projection.
 */
@NullMarked
package io.github.dl4jaskew.internal.askewsgd;

import org.jspecify.annotations.NullMarked;
