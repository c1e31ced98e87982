package io.github.dl4jaskew.margin.internal.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.margin.metrics.MarginProgress;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Gradient flow of the exponential loss on two orthogonal points of lengths 1 and 2, in closed form. */
class ProgressClockTest {

    private static final double LIMIT = 1 / Math.hypot(1, .5);

    private static double first(double t) {
        return Math.log(t + 1);
    }

    private static double second(double t) {
        return Math.log(4 * t + 1) / 2;
    }

    private static double norm(double t) {
        return Math.hypot(first(t), second(t));
    }

    private static double margin(double t) {
        return Math.min(first(t), 2 * second(t)) / norm(t);
    }

    private static MarginProgress at(ProgressClock clock, int iteration, double logRate, double logTime) {
        double t = Math.exp(logTime);
        return clock.advance(iteration, logRate, -iteration, true, norm(t), 1, OptionalDouble.of(margin(t)));
    }

    @Test
    void atAConstantRate() {
        ProgressClock clock = new ProgressClock();
        assertThat(at(clock, 4_000, 0, Math.log(4_000)).predictedLimit()).isEmpty();
        assertThat(at(clock, 7_000, 0, Math.log(7_000)).predictedLimit())
                .as("not twice as long")
                .isEmpty();
        MarginProgress late = at(clock, 10_000, 0, Math.log(10_000));
        double slope = (norm(10_000) - norm(4_000)) / Math.log(2.5);
        assertThat(late.predictedLimit().orElseThrow()).isCloseTo(1 / slope, within(1e-12));
        assertThat(late.predictedLimit().orElseThrow()).isCloseTo(LIMIT, within(.002));
        assertThat(late.share().orElseThrow()).isCloseTo(margin(10_000) / LIMIT, within(.002));
    }

    /** Each iteration makes as much way as all before it. */
    @Test
    void atRatesThatGrow() {
        ProgressClock clock = new ProgressClock();
        MarginProgress last = at(clock, 1, 0, 0);
        for (int k = 2; k <= 40; k++) {
            double logTime = (k - 1) * Math.log(2);
            last = at(clock, k, logTime - Math.log(2), logTime);
        }
        assertThat(last.predictedLimit().orElseThrow()).isCloseTo(LIMIT, within(.001));
        double byIterations = Math.log(40.0 / 20) / (norm(Math.pow(2, 39)) - norm(Math.pow(2, 19)));
        assertThat(byIterations).as("on the clock of iterations").isLessThan(LIMIT / 10);
    }

    @Test
    void sumsEffectiveSteps() {
        ProgressClock clock = new ProgressClock();
        for (int k = 100; k < 10_000; k += 10) {
            double t = clock.advance(k, 0, -Math.log(k), true, 1 + k, 1, OptionalDouble.of(1))
                    .effectiveTime();
            assertThat(t).isCloseTo(Math.log(k / 100.0), within(.01));
        }
    }

    @Test
    void aStepThatTakesTheLossAwayCountsAsBeforeIt() {
        ProgressClock clock = new ProgressClock();
        clock.advance(3, 0, 0, true, 1, 1, OptionalDouble.of(1));
        MarginProgress next = clock.advance(6, Math.log(.5), -300, true, 2, 1, OptionalDouble.of(1));
        assertThat(next.effectiveTime()).isEqualTo(.5);
    }

    @Test
    void onlyWithinTheLateStage() {
        ProgressClock clock = new ProgressClock();
        clock.advance(10, 0, 0, true, 1, 1, OptionalDouble.of(1));
        assertThat(clock.advance(20, 0, 0, false, 2, 1, OptionalDouble.of(-1)).predictedLimit())
                .isEmpty();
        assertThat(clock.advance(30, 0, 0, true, 3, 1, OptionalDouble.of(1)).predictedLimit())
                .as("looks not behind its beginning")
                .isEmpty();
        assertThat(clock.advance(90, 0, 0, true, 4, 1, OptionalDouble.empty())
                        .predictedLimit()
                        .orElseThrow())
                .isCloseTo(Math.log(3), within(1e-12));
        assertThat(clock.advance(190, 0, 0, true, 3, 1, OptionalDouble.of(1)).predictedLimit())
                .as("the norm falls")
                .isEmpty();
    }
}
