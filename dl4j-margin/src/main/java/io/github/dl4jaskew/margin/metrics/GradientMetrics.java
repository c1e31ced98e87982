package io.github.dl4jaskew.margin.metrics;

import java.util.OptionalDouble;

/**
 * What the gradient of the full training set tells. L1, L2 and weight decay are no part of that gradient.
 *
 * @param alignment {@code beta = cos(w, -grad Loss)}
 * @param stationarity tangent of that angle; empty if beta is not above 0
 * @param windowedAlignment beta with the average of the gradients of the last measurements in the late stage, which kinks of ReLU
 *     do not disturb; empty while the smallest margin is not positive, after which it begins again
 * @param windowRadius root mean square distance, 0 to 2, between the present direction of the weights and those at which the
 *     averaged gradients were taken; the average tells about the present weights only if this is small
 * @param nearKinks share of the inputs of ReLU and LeakyReLU that are near 0; 0 to 1
 * @param kktEpsilon residual of stationarity of the max-margin problem, by the gradient at the present weights
 * @param kktDelta residual of complementary slackness
 * @param effectiveStep {@code (gamma / n) rho^(L-2) Sum |l'|} with n examples, for plain SGD
 * @param effectiveSupport number of margins that the gradient comes from, 1 to their number
 * @param eulerResidual relative deviation from Euler's identity {@code <grad q, w> = L q}
 */
public record GradientMetrics(
        double alignment,
        OptionalDouble stationarity,
        OptionalDouble windowedAlignment,
        OptionalDouble windowRadius,
        OptionalDouble nearKinks,
        OptionalDouble kktEpsilon,
        OptionalDouble kktDelta,
        OptionalDouble effectiveStep,
        double effectiveSupport,
        OptionalDouble eulerResidual) {}
