/**
 * Updaters that reach the late stage of training in useful time. A loss that falls like a power of the number of steps
 * leaves gradients that plain SGD can no longer use, and that float32 can no longer hold.
 *
 * <ul>
 *   <li>{@link io.github.dl4jaskew.margin.latestage.LossBasedTraining} drives {@code fit}: the learning rate is divided by
 *       the training loss, and an epoch that does not lower the loss is taken back.
 *   <li>{@link io.github.dl4jaskew.margin.loss.LogDomainLoss} computes loss and gradient from logits, in
 *       double, times a factor that keeps the gradient in the range of float32. The driver uses it by itself.
 *   <li>{@link io.github.dl4jaskew.margin.latestage.NormalizedSgd} is an updater whose steps have a length that is
 *       chosen, whatever the loss. No second pass over the data, but nothing takes a bad epoch back.
 * </ul>
 *
 * <p>Source: Lyu and Li, "Gradient descent maximizes the margin of homogeneous neural networks", ICLR 2020, appendix K.
 */
@NullMarked
package io.github.dl4jaskew.margin.latestage;

import org.jspecify.annotations.NullMarked;
