package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** The bound that other tests rely on: no displacements break it, and some come near it. */
class DistanceBoundTest {

    private static final int ITERATIONS = 60;
    private static final ISchedule STEPS = new CosineSchedule(ScheduleType.ITERATION, 0.3, ITERATIONS);

    @ParameterizedTest
    @CsvSource({"1, 0.5, 0", "1, 1, 0", "0.3, 0.25, 0", "0.3, 0.25, 0.3", "1, 1, 0.3"})
    void noDisplacementsLeadFartherAndTheWorstLeadThere(double rho, double maxStep, double step) {
        ISchedule epsilon = Annealing.hold(10).thenExponential(1e-4, 40).byIteration();
        IntToDoubleFunction largest = i -> step * STEPS.valueAt(i, 0);
        Random random = new Random(3);
        double[] t = random.doubles(2000, -1, 1).toArray();
        for (int i = 0; i < ITERATIONS; i++) {
            double farthest = 0;
            for (int w = 0; w < t.length; w++) {
                // inwards, outwards or at random
                double direction = w % 3 == 0 ? -Math.signum(t[w]) : w % 3 == 1 ? 1 : random.nextDouble() * 2 - 1;
                double d = direction * largest.applyAsDouble(i);
                double next = t[w] + Interval.skew(t[w], d, epsilon.valueAt(i, 0), rho, maxStep);
                // a weight that has left its cell is as far inside of the next one
                t[w] = Math.abs(next) <= 1 ? next : Math.signum(next) * (2 - Math.abs(next));
                farthest = Math.max(farthest, 1 - Math.abs(t[w]));
            }
            double bound = DistanceBound.after(epsilon, rho, maxStep, largest, i + 1);
            assertThat(farthest).isLessThanOrEqualTo(bound);
            if (i == ITERATIONS - 1) {
                assertThat(farthest).isGreaterThan(0.8 * bound);
                assertThat(bound).isLessThan(0.02);
            }
        }
    }
}
