package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.listener.AskewReport;
import java.util.function.IntToDoubleFunction;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * How far the rule of stage STEP lets a weight be from its level at most, in half cells, whatever its gradients were: a bound
 * that no rounding of a processor moves, where the distances of a trained network depend on it.
 *
 * <p>Let no weight be farther than X, and let the updater move none by more than D. Then a feasible weight, which is at most
 * {@code b = 1 - tau(eps)} from its level, is next at most b + D from it. An infeasible one at x moves outwards by its {@code
 * K(x)}, or by up to D if that is more, so that it is next at most {@code max(|x - K(x)|, D)} from it. This iterates the
 * larger of the two from X = 1, the middle of a cell. (A weight exactly in the middle has no direction; only a stored number,
 * such as an initial 0 on a binary grid, ever is.)
 */
final class DistanceBound {

    /** Adam's {@code |m| / sqrt(v)}, by Cauchy and Schwarz: {@code (1 - b1) / sqrt((1 - b2) (1 - b1^2 / b2))}. */
    private static final double ADAM = 0.1 / Math.sqrt(0.001 * (1 - 0.81 / 0.999));

    private static final int SAMPLES = 10_000;

    /** Of a weight and of its coordinate, of float32. */
    private static final double ROUNDING = 2e-6;

    private DistanceBound() {}

    /**
     * The bound after some iterations on a grid of equal cells whose hull is closed.
     *
     * @param epsilon by iteration
     * @param rho restoring rate
     * @param maxStep largest restoring displacement
     * @param largestStep by iteration: how far the updater may move a weight, in half cells; infinity if that is not known
     * @param iterations how many have been made
     * @return in half cells, at most 1
     */
    static double after(
            ISchedule epsilon, double rho, double maxStep, IntToDoubleFunction largestStep, int iterations) {
        double farthest = 1;
        for (int i = 0; i < iterations; i++) {
            double eps = epsilon.valueAt(i, 0);
            double edge = 1 - Interval.tau(eps);
            double free = Math.min(edge, farthest) + largestStep.applyAsDouble(i);
            farthest = Math.min(1, Math.max(free, drawn(edge, farthest, eps, rho, maxStep)) + ROUNDING);
        }
        return farthest;
    }

    /** The bound for an updater that stands still from an iteration on. */
    static double atRest(ISchedule epsilon, double rho, double maxStep, int from, int iterations) {
        return after(epsilon, rho, maxStep, i -> i < from ? Double.POSITIVE_INFINITY : 0, iterations);
    }

    /** The bound for an Adam of that rate. */
    static double ofAdam(ISchedule epsilon, double rho, double maxStep, ISchedule rate, int iterations) {
        return after(epsilon, rho, maxStep, i -> ADAM * rate.valueAt(i, 0), iterations);
    }

    /** The farthest of what infeasible weights become that are up to X from their levels. */
    private static double drawn(double edge, double farthest, double eps, double rho, double maxStep) {
        if (farthest <= edge) {
            return 0;
        }
        double spacing = (farthest - edge) / SAMPLES;
        double largest = 0;
        for (int i = 0; i <= SAMPLES; i++) {
            double x = farthest - i * spacing;
            // next to the middle K has its pole and is clamped
            double t = Math.max(1 - x, 1e-9);
            double k = Math.min(maxStep, Interval.restoring(t, eps, rho));
            largest = Math.max(largest, Math.abs(x - k));
        }
        // x - K falls and rises by at most 1 in 1 where K is not clamped below its pole
        return largest + spacing;
    }

    static void requireNear(AskewReport report, double bound) {
        assertThat(report.total().maxDistance()).as(report.toString()).isLessThanOrEqualTo(bound);
    }
}
