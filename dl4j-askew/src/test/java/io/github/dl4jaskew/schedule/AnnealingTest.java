package io.github.dl4jaskew.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.interval.Interval;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.schedule.ScheduleType;

class AnnealingTest {

    static Stream<Annealing> schedules() {
        return Stream.of(
                Annealing.hold(50).thenExponential(0.88),
                Annealing.hold(5).thenExponential(1e-4, 20),
                Annealing.hold(0).thenLinear(12),
                Annealing.hold(2.5).thenCosine(7.25),
                Annealing.hold(3).thenPolynomial(10, 3),
                Annealing.hold(100).thenLinear(12).byIteration(),
                Annealing.hold(3).thenCosine(10).inTau(),
                Annealing.hold(3).thenPolynomial(10, 0.5).inTau().byIteration());
    }

    private static double[] byEpoch(Annealing schedule, int... epochs) {
        double[] values = new double[epochs.length];
        for (int i = 0; i < epochs.length; i++) {
            values[i] = schedule.valueAt(987_654, epochs[i]);
        }
        return values;
    }

    @Test
    void exponentialByFactor() {
        assertThat(byEpoch(Annealing.hold(50).thenExponential(0.88), 0, 49, 50, 51, 65, 90))
                .containsExactly(new double[] {1, 1, 1, 0.88, Math.pow(0.88, 15), Math.pow(0.88, 40)}, within(1e-15));
    }

    @Test
    void exponentialToATarget() {
        assertThat(byEpoch(Annealing.hold(5).thenExponential(1e-4, 20), 0, 5, 15, 25, 45))
                .containsExactly(new double[] {1, 1, 1e-2, 1e-4, 1e-8}, within(1e-15));
    }

    @Test
    void linear() {
        assertThat(byEpoch(Annealing.hold(4).thenLinear(8), 0, 4, 5, 6, 11, 12, 1000))
                .containsExactly(1, 1, 0.875, 0.75, 0.125, 0, 0);
    }

    @Test
    void cosine() {
        double r = Math.sqrt(0.5);
        assertThat(byEpoch(Annealing.hold(4).thenCosine(8), 0, 4, 6, 8, 10, 12, 1000))
                .containsExactly(new double[] {1, 1, (1 + r) / 2, 0.5, (1 - r) / 2, 0, 0}, within(1e-15));
        assertThat(Annealing.hold(4).thenCosine(8).valueAt(0, 12)).isZero();
    }

    @Test
    void polynomial() {
        assertThat(byEpoch(Annealing.hold(4).thenPolynomial(8, 3), 0, 4, 6, 8, 12, 1000))
                .containsExactly(1, 1, 0.421875, 0.125, 0, 0);
    }

    @Test
    void withoutHoldTheFallStartsAtOnce() {
        assertThat(byEpoch(Annealing.hold(0).thenExponential(0.5), 0, 1, 2)).containsExactly(1, 0.5, 0.25);
    }

    @Test
    void byIterationIgnoresTheEpoch() {
        Annealing schedule = Annealing.hold(10).thenLinear(100).byIteration();
        assertThat(schedule.valueAt(10, 5000)).isEqualTo(1);
        assertThat(schedule.valueAt(60, 0)).isEqualTo(0.5);
        assertThat(schedule.valueAt(110, 0)).isZero();
        assertThat(schedule.byEpoch().valueAt(5000, 60)).isEqualTo(0.5);
        assertThat(schedule.unit()).isEqualTo(ScheduleType.ITERATION);
        assertThat(schedule.byEpoch().unit()).isEqualTo(ScheduleType.EPOCH);
        assertThat(schedule.holdLength()).isEqualTo(10);
    }

    @Test
    void inTauTheCurveIsOneMinusTau() {
        Annealing plain = Annealing.hold(4).thenLinear(8);
        Annealing inTau = plain.inTau();
        for (int epoch = 0; epoch <= 14; epoch++) {
            double tau = 1 - plain.valueAt(0, epoch);
            double square = 1 - tau * tau;
            assertThat(inTau.valueAt(0, epoch)).isEqualTo(square * square, within(1e-15));
            assertThat(Interval.tau(inTau.valueAt(0, epoch))).isEqualTo(tau, within(1e-7));
        }
        assertThat(inTau.valueAt(0, 0)).isEqualTo(1);
        assertThat(inTau.valueAt(0, 12)).isZero();
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void fallsFromOneAndStaysInRange(Annealing schedule) {
        double last = 1;
        for (int k = 0; k < 300; k++) {
            double value = schedule.valueAt(k, k);
            assertThat(value).isBetween(0.0, last);
            if (k <= schedule.holdLength()) {
                assertThat(value).isEqualTo(1);
            }
            last = value;
        }
        assertThat(last).isLessThan(1e-9);
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void survivesJsonAndSerialization(Annealing schedule) throws Exception {
        for (Object back : List.of(ScheduleJson.roundTrip(schedule), JavaSerialization.roundTrip(schedule))) {
            assertThat(back).isInstanceOf(Annealing.class).isEqualTo(schedule).hasSameHashCodeAs(schedule);
            for (int k = 0; k < 80; k++) {
                assertThat(((Annealing) back).valueAt(k, k)).isEqualTo(schedule.valueAt(k, k));
            }
        }
        assertThat(schedule.clone()).isEqualTo(schedule);
    }

    @Test
    void equality() {
        List<Annealing> all = schedules().toList();
        List<Annealing> again = schedules().toList();
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < all.size(); j++) {
                assertThat(all.get(i).equals(again.get(j))).isEqualTo(i == j);
            }
            assertThat(all.get(i)).hasSameHashCodeAs(again.get(i)).isNotEqualTo("a schedule");
        }
        Annealing base = Annealing.hold(1).thenPolynomial(2, 3);
        assertThat(base)
                .isNotEqualTo(Annealing.hold(2).thenPolynomial(2, 3))
                .isNotEqualTo(Annealing.hold(1).thenPolynomial(3, 3))
                .isNotEqualTo(Annealing.hold(1).thenPolynomial(2, 2))
                .isNotEqualTo(base.byIteration())
                .isNotEqualTo(base.inTau());
    }

    @Test
    void names() {
        assertThat(Annealing.hold(1).thenPolynomial(2, 3).inTau())
                .hasToString("hold 1.0, then polynomial(3.0) over 2.0 by epoch in tau");
        assertThat(Annealing.hold(0).thenLinear(5).byIteration())
                .hasToString("hold 0.0, then linear over 5.0 by iteration");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesHold(double hold) {
        assertThatThrownBy(() -> Annealing.hold(hold))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("hold is " + hold + "; allowed are ");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 1, 1.5, Double.NaN})
    void refusesFactorAndTarget(double value) {
        Annealing.Hold hold = Annealing.hold(1);
        assertThatThrownBy(() -> hold.thenExponential(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("factor is " + value);
        assertThatThrownBy(() -> hold.thenExponential(value, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("target is " + value);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesLengthAndPower(double value) {
        Annealing.Hold hold = Annealing.hold(1);
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> hold.thenExponential(0.1, value),
                () -> hold.thenLinear(value),
                () -> hold.thenCosine(value),
                () -> hold.thenPolynomial(value, 2))) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("length is " + value);
        }
        assertThatThrownBy(() -> hold.thenPolynomial(2, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("power is " + value);
    }
}
