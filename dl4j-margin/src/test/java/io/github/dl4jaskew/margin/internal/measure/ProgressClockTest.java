package io.github.dl4jaskew.margin.internal.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.margin.metrics.MarginProgress;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    private static double smoothed(double t) {
        return -Math.log(Math.exp(-first(t)) + Math.exp(-2 * second(t)));
    }

    private static double margin(double t) {
        return Math.min(first(t), 2 * second(t)) / norm(t);
    }

    private static MarginProgress at(ProgressClock clock, int iteration, double logRate, double logTime) {
        double t = Math.exp(logTime);
        return clock.advance(iteration, logRate, -iteration, smoothed(t), norm(t), 1, OptionalDouble.of(margin(t)));
    }

    @Test
    void atAConstantRate() {
        ProgressClock clock = new ProgressClock();
        assertThat(at(clock, 4_000, 0, Math.log(4_000)).predictedLimit()).isEmpty();
        assertThat(at(clock, 7_000, 0, Math.log(7_000)).predictedLimit())
                .as("not twice as long")
                .isEmpty();
        MarginProgress late = at(clock, 10_000, 0, Math.log(10_000));
        double slope = (smoothed(10_000) - smoothed(4_000)) / (norm(10_000) - norm(4_000));
        assertThat(late.predictedLimit().orElseThrow()).isCloseTo(slope, within(1e-12));
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
            double t = clock.advance(k, 0, -Math.log(k), 1, 1 + k, 1, OptionalDouble.of(1))
                    .effectiveTime();
            assertThat(t).isCloseTo(Math.log(k / 100.0), within(.01));
        }
    }

    @Test
    void aStepThatTakesTheLossAwayCountsAsBeforeIt() {
        ProgressClock clock = new ProgressClock();
        clock.advance(3, 0, 0, 1, 1, 1, OptionalDouble.of(1));
        MarginProgress next = clock.advance(6, Math.log(.5), -300, 2, 2, 1, OptionalDouble.of(1));
        assertThat(next.effectiveTime()).isEqualTo(.5);
    }

    @Test
    void aLossThatRisesBeyondTheRangeOfDoubleLeavesANumber() {
        ProgressClock clock = new ProgressClock();
        clock.advance(3, 0, -800, 1, 1, 1, OptionalDouble.of(1));
        assertThat(clock.advance(4, 0, 0, -1, 2, 1, OptionalDouble.of(1)).effectiveTime())
                .isZero();
        assertThat(clock.advance(5, 0, -800, 1, 3, 1, OptionalDouble.of(1)).effectiveTime())
                .isEqualTo(1);
        assertThat(clock.advance(7, 0, 0, 1, 3, 1, OptionalDouble.of(1)).effectiveTime())
                .as("and a step of exp(-400)")
                .isEqualTo(1);
    }

    @Test
    void onlyWithinTheLateStage() {
        ProgressClock clock = new ProgressClock();
        clock.advance(10, 0, 0, 1, 1, 1, OptionalDouble.of(1));
        assertThat(clock.advance(20, 0, 0, -1, 2, 1, OptionalDouble.of(-1)).predictedLimit())
                .isEmpty();
        assertThat(clock.advance(30, 0, 0, 1, 3, 1, OptionalDouble.of(1)).predictedLimit())
                .as("looks not behind its beginning")
                .isEmpty();
        assertThat(clock.advance(90, 0, 0, 4, 5, 1, OptionalDouble.empty()).predictedLimit())
                .hasValue(1.5);
        assertThat(clock.advance(190, 0, 0, 5, 4, 1, OptionalDouble.of(1)).predictedLimit())
                .as("the norm falls")
                .isEmpty();
        assertThat(clock.advance(390, 0, 0, 4.5, 6, 1, OptionalDouble.of(1)).predictedLimit())
                .as("the loss rises")
                .isEmpty();
    }

    /**
     * Gradient descent of {@code exp(-v^L) + exp(-2 u^L)} from v = u = 0.1, after a plateau: as if v and u were the weights of L layers.
     * The slope of rho^L against log t would give a limit far too low.
     */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void ofSeveralLayersFromSmallWeights(int degree) {
        double limit = Math.pow(degree * (1 + Math.pow(2, -2.0 / degree)), -degree / 2.0);
        double rate = .05;
        double v = .1;
        double u = .1;
        ProgressClock clock = new ProgressClock();
        MarginProgress last = null;
        for (int k = 1; k <= 200_000; k++) {
            double dv = degree * Math.pow(v, degree - 1) * Math.exp(-Math.pow(v, degree));
            double du = 2 * degree * Math.pow(u, degree - 1) * Math.exp(-2 * Math.pow(u, degree));
            v += rate / degree * dv;
            u += rate / degree * du;
            if (k % 50 == 0) {
                double smoothed = -Math.log(Math.exp(-Math.pow(v, degree)) + Math.exp(-2 * Math.pow(u, degree)));
                double norm = Math.sqrt(degree) * Math.hypot(v, u);
                double margin = Math.min(Math.pow(v, degree), 2 * Math.pow(u, degree)) / Math.pow(norm, degree);
                last = clock.advance(k, Math.log(rate), 0, smoothed, norm, degree, OptionalDouble.of(margin));
                if (last.predictedLimit().isPresent()) {
                    assertThat(last.predictedLimit().getAsDouble())
                            .as("after %s steps", k)
                            .isGreaterThan(smoothed / Math.pow(norm, degree));
                    assertThat(last.share().orElseThrow()).isLessThan(1);
                }
            }
        }
        assertThat(last).isNotNull();
        assertThat(last.predictedLimit().orElseThrow()).isBetween(limit * .98, limit * 1.02);
    }
}
