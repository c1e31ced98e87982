package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.metrics.Alignment;
import io.github.dl4jaskew.margin.metrics.Drift;
import io.github.dl4jaskew.margin.metrics.EffectiveStep;
import io.github.dl4jaskew.margin.metrics.Finite;
import io.github.dl4jaskew.margin.metrics.LateStage;
import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.metrics.MarginProgress;
import io.github.dl4jaskew.margin.metrics.MarginSet;
import io.github.dl4jaskew.margin.metrics.NormGrowth;
import io.github.dl4jaskew.margin.metrics.WindowRadius;
import io.github.dl4jaskew.margin.metrics.WindowedAlignment;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What a measurement needs of those before it. Not thread safe. */
public final class Trajectory {

    private static final String ANOTHER_TRAINING = " (a tracker follows one training; create a new one for another)";

    private final int window;
    private @Nullable LateStage stage;
    private @Nullable ReplicaWeights before;
    private int iterationBefore = -1;
    private @Nullable WindowedAlignment alignment;
    private @Nullable WindowRadius radius;
    private @Nullable ProgressClock clock;

    public Trajectory(int window) {
        this.window = window;
    }

    /** Refuses an iteration that does not come after the last one. */
    public void check(int iteration) {
        if (iteration <= iterationBefore) {
            throw new IllegalArgumentException("iteration is " + iteration + "; allowed is "
                    + (iterationBefore < 0
                            ? "0 or above"
                            : "above that of the last measurement, " + iterationBefore + ANOTHER_TRAINING));
        }
    }

    /** Refuses weights that cannot be those of the last measurement, trained further. */
    public void check(ReplicaWeights now) {
        if (before != null && before.values().length != now.values().length) {
            throw new IllegalArgumentException("the network has " + now.values().length
                    + " parameters, and that of the last measurement had " + before.values().length
                    + ANOTHER_TRAINING);
        }
    }

    public LateStage stage(int iteration, MarginSet margins, @Nullable Loss loss) {
        LateStage last = stage == null ? LateStage.before(margins.loss()) : stage;
        // Without a known loss no sum of losses can prove anything.
        double logSum = loss == null ? Double.MAX_VALUE : margins.logLossSum();
        LateStage next = last.next(iteration, margins.minimum(), logSum);
        stage = next;
        return next;
    }

    public OptionalDouble drift(ReplicaWeights now) {
        return before == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(Drift.between(before.values(), now.values()));
    }

    public OptionalDouble normGrowth(int iteration, ReplicaWeights now, OptionalDouble degree) {
        if (before == null || iterationBefore < 1 || degree.isEmpty()) {
            return OptionalDouble.empty();
        }
        return Finite.of(NormGrowth.slope(iterationBefore, before.norm(), iteration, now.norm(), degree.getAsDouble()));
    }

    /** Begins again after a measurement without a rate. */
    MarginProgress progress(int iteration, SgdRate rate, Measurement now, double degree) {
        MarginSet margins = now.margins();
        double logStep = EffectiveStep.log(
                1, now.collected().counts().examples(), now.weights().norm(), degree, margins.logDerivativeSum());
        if (clock == null) {
            clock = new ProgressClock();
        }
        return clock.advance(
                iteration,
                Math.log(rate.rate()) + rate.logFactor(),
                logStep,
                margins.loss().inverse(margins.logLossSum()),
                now.weights().norm(),
                degree,
                now.normalizedMargin());
    }

    void stopClock() {
        clock = null;
    }

    /**
     * The alignment with recent gradients.
     *
     * @param alignment with their average
     * @param radius how far away the weights were at which they were taken
     */
    record Window(Alignment alignment, double radius) {}

    /** Empty before the late stage, whose beginning the window does not look behind. */
    Optional<Window> windowed(FullGradient gradient, MarginSet margins, ReplicaWeights weights, double degree) {
        if (!(margins.minimum() > 0)) {
            alignment = null;
            radius = null;
            return Optional.empty();
        }
        if (alignment == null || radius == null) {
            alignment = new WindowedAlignment(weights.values().length, window);
            radius = new WindowRadius(weights.values().length, window);
        }
        alignment.add(gradient.values(), 0, margins.logRelativeDerivativeSum(), weights.norm(), degree);
        radius.add(weights.values());
        return Optional.of(new Window(alignment.with(weights.values()), radius.around(weights.values())));
    }

    public void moveTo(int iteration, ReplicaWeights weights) {
        iterationBefore = iteration;
        before = weights;
    }
}
