/**
 * Losses of DL4J's output layers that are computed from logits: {@link io.github.dl4jaskew.margin.loss.LogDomainLoss}
 * trains where float32 probabilities are exactly 1, {@link io.github.dl4jaskew.margin.loss.LossMeter} measures there.
 */
@NullMarked
package io.github.dl4jaskew.margin.loss;

import org.jspecify.annotations.NullMarked;
