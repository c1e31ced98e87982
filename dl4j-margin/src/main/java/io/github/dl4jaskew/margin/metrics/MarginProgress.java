package io.github.dl4jaskew.margin.metrics;

import java.util.OptionalDouble;

/**
 * How far the normalized margin has come, on the clocks of gradient descent instead of iterations or epochs.
 *
 * <p>Late in training {@code l^-1(Sum)}, the margin at which the loss l is the sum of the losses, grows with {@code rho^L}, and the
 * slope tends to the limit of the normalized margin. So the limit is predicted as the growth of {@code l^-1(Sum)} over that of {@code
 * rho^L}. Both are taken within the time that the sum of the losses has been below {@code l(0)}, over the last doubling of {@code t =
 * Sum gamma_k}, the sum of the learning rates, or tenth of that time in {@code log t}, whichever is longer.
 *
 * <p>The prediction holds if the direction of the weights keeps its way. The {@link SmoothedMargin} does not fall under gradient flow,
 * so the prediction is not below it: the share is at most the normalized margin over the smoothed one. It can be too high while the
 * direction turns, so that the share is too small, and too low where the margin still has a better direction to find. At a
 * loss-based rate, whose steps are large, the margin itself moves up and down, and the prediction with it.
 *
 * <p>Sources: Lyu and Li, ICLR 2020; Schechtman and Schreuder, COLT 2025.
 *
 * @param effectiveTime sum of the {@linkplain EffectiveStep effective steps} since the first measurement, the clock of the direction
 *     {@code w / rho}: it must diverge, and hardly moves late in a training at a constant rate; 0 or above
 * @param predictedLimit of the normalized margin; empty before t has doubled in the late stage, and if the norm does not grow
 * @param share normalized margin over its predicted limit, 1 in the limit; above 1 where the prediction is too low
 */
public record MarginProgress(double effectiveTime, OptionalDouble predictedLimit, OptionalDouble share) {}
