package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.metrics.Finite;
import io.github.dl4jaskew.margin.metrics.MarginProgress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/** The sums of learning rates and of effective steps over a training, from its measurements. Not thread safe. */
final class ProgressClock {

    /** The growth is taken over this share of the late stage at least, in log t: single epochs of a loss-based rate are noisy. */
    private static final double SHORTEST = 0.1;

    /** A late measurement: {@code log t}, {@code l^-1(Sum)}, and {@code rho^L}. */
    private record Tick(double logTime, double smoothed, double power) {}

    private final Deque<Tick> late = new ArrayDeque<>();
    private double logTime;
    private double logTimeAtEntry;
    private double effectiveTime;
    private double logStepBefore;
    private int iterationBefore = -1;

    /**
     * Moves on to a measurement.
     *
     * @param logRate logarithm of the learning rate, with what the loss multiplies its gradient by
     * @param logStep logarithm of the effective step at rate 1
     * @param smoothed the margin at which the loss is the sum of the losses, {@code l^-1(Sum)}; above 0 late in training
     */
    MarginProgress advance(
            int iteration,
            double logRate,
            double logStep,
            double smoothed,
            double norm,
            double degree,
            OptionalDouble margin) {
        if (iterationBefore < 0) {
            // what was not measured is taken to have been at the same rate
            logTime = logRate + Math.log(iteration);
        } else {
            double logSteps = Math.log((double) iteration - iterationBefore);
            logTime = logSum(logTime, logRate + logSteps);
            effectiveTime += sum(logRate + logStepBefore, logRate + logStep, iteration - iterationBefore);
        }
        iterationBefore = iteration;
        logStepBefore = logStep;
        OptionalDouble limit = smoothed > 0 ? limit(smoothed, Math.pow(norm, degree)) : forget();
        OptionalDouble share = limit.isPresent() && margin.isPresent()
                ? Finite.of(margin.getAsDouble() / limit.getAsDouble())
                : OptionalDouble.empty();
        return new MarginProgress(effectiveTime, limit, share);
    }

    private OptionalDouble forget() {
        late.clear();
        return OptionalDouble.empty();
    }

    private OptionalDouble limit(double smoothed, double power) {
        if (late.isEmpty()) {
            logTimeAtEntry = logTime;
        }
        double latest = logTime - Math.max(Math.log(2), SHORTEST * (logTime - logTimeAtEntry));
        Tick from = null;
        while (!late.isEmpty() && late.element().logTime() <= latest) {
            from = late.remove();
        }
        if (from != null) {
            late.addFirst(from);
        }
        late.add(new Tick(logTime, smoothed, power));
        if (from == null || !(from.logTime() > Double.NEGATIVE_INFINITY)) {
            return OptionalDouble.empty();
        }
        double growth = power - from.power();
        double gained = smoothed - from.smoothed();
        return growth > 0 && gained > 0 ? Finite.of(gained / growth) : OptionalDouble.empty();
    }

    /**
     * Of steps between two measurements, taken to be a geometric sequence: so a step that takes nearly all of the loss away, as at a
     * loss-based rate, counts as what it was before it.
     */
    private static double sum(double logFirst, double logBehindLast, int steps) {
        double each = (logBehindLast - logFirst) / steps;
        // from the largest step down, so that nothing overflows beside a step that underflows
        double largest = Math.exp(Math.max(logFirst, logBehindLast - each));
        double ratio = -Math.abs(each);
        return largest * (each == 0 ? steps : Math.expm1(ratio * steps) / Math.expm1(ratio));
    }

    private static double logSum(double a, double b) {
        double largest = Math.max(a, b);
        return largest + Math.log1p(Math.exp(Math.min(a, b) - largest));
    }
}
