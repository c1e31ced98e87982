package io.github.dl4jaskew.margin.metrics;

import java.util.OptionalDouble;

/**
 * How far the normalized margin has come, on the clocks of gradient descent instead of iterations or epochs.
 *
 * <p>Where gradient descent at rates gamma_k has trained for the time {@code t = Sum gamma_k}, {@code rho^L} grows late in training
 * like {@code log t} over the limit of the normalized margin. So the limit is predicted as one over the slope of {@code rho^L}
 * against {@code log t}; at a constant rate that is {@link NormGrowth}. The slope is taken within the time that the sum of
 * the losses has been below {@code l(0)}, over the last doubling of t or tenth of that time in {@code log t}, whichever is longer.
 *
 * <p>The prediction holds if the direction of the weights keeps its way. At a small constant rate it comes from above, so that the
 * share is too small: on four points and one layer 6 % too high after 5,000 steps. At a loss-based rate, whose steps are large, the
 * margin itself moves up and down, and the prediction with it.
 *
 * <p>Sources: Lyu and Li, ICLR 2020; Schechtman and Schreuder, COLT 2025.
 *
 * @param effectiveTime sum of the {@linkplain EffectiveStep effective steps} since the first measurement, the clock of the direction
 *     {@code w / rho}: it must diverge, and hardly moves late in a training at a constant rate; 0 or above
 * @param predictedLimit of the normalized margin; empty before t has doubled in the late stage, and if the norm does not grow
 * @param share normalized margin over its predicted limit, 1 in the limit; above 1 where the prediction is too low
 */
public record MarginProgress(double effectiveTime, OptionalDouble predictedLimit, OptionalDouble share) {}
