/**
 * Losses of DL4J's output layers that are computed from logits. DL4J's own ones go by float32 probabilities, which are
 * exactly 0 or 1 from margins of about 17 on: there is no loss and no gradient any more.
 *
 * <p>{@link io.github.dl4jaskew.margin.loss.LogDomainLoss} trains beyond that, in place of MCXENT or XENT in an output
 * layer; {@link io.github.dl4jaskew.margin.loss.LossMeter} measures the logarithm of the mean loss of a network there.
 */
@NullMarked
package io.github.dl4jaskew.margin.loss;

import org.jspecify.annotations.NullMarked;
