package io.github.dl4jaskew.internal.askewsgd;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.rule.LevelMap;
import io.github.dl4jaskew.internal.rule.SkewRule;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.StraightThrough;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * How weights are taken to their levels: the schedules and numbers of the rule. Immutable but for the state of a {@link
 * PlateauAnnealing}, which the hash code leaves out.
 *
 * @param epsilon how the intervals close
 * @param hull how the hull closes, or null if it is closed from the first step
 * @param stage before or behind the updater
 * @param alpha restoring rate in units of the learning rate, above 0; null if restoringRate is given
 * @param restoringRate share of the way back that an infeasible weight makes in a step, in (0, 1]; null if alpha is
 *     given
 * @param maxStep largest restoring displacement of a step in half cells, above 0; may be infinite
 * @param perturbation noise on the displacement, or null
 * @param straightThrough when the forward pass sees the nearest levels
 * @param weightNoise noise on the weights that the forward pass of training sees, or null
 * @param crossing whether weights may cross to the next interval, which replaces the restoring step
 */
public record SkewSettings(
        @JsonProperty("epsilon") ISchedule epsilon,
        @JsonProperty("hull") @Nullable ISchedule hull,
        @JsonProperty("stage") Stage stage,
        @JsonProperty("alpha") @Nullable Double alpha,
        @JsonProperty("restoringRate") @Nullable Double restoringRate,
        @JsonProperty("maxStep") double maxStep,
        @JsonProperty("perturbation") @Nullable Perturbation perturbation,
        @JsonProperty("straightThrough") StraightThrough straightThrough,
        @JsonProperty("weightNoise") @Nullable WeightNoise weightNoise,
        @JsonProperty("crossing") boolean crossing)
        implements Serializable {

    @JsonCreator
    public SkewSettings {
        if ((alpha == null) == (restoringRate == null)) {
            throw new IllegalArgumentException("exactly one of alpha and restoringRate is set, but alpha is " + alpha
                    + " and restoringRate is " + restoringRate);
        }
        if (alpha != null && !(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("alpha is " + alpha + "; allowed is above 0, finite");
        }
        if (restoringRate != null && !(restoringRate > 0 && restoringRate <= 1)) {
            throw new IllegalArgumentException("restoringRate is " + restoringRate + "; allowed is above 0, up to 1");
        }
        if (!(maxStep > 0)) {
            throw new IllegalArgumentException("maxStep is " + maxStep + "; allowed is above 0 (infinity for none)");
        }
        if (crossing && stage == Stage.GRADIENT) {
            throw new IllegalArgumentException(
                    "crossing is a step, and stage is GRADIENT; allowed is stage STEP, or no crossing");
        }
        if (crossing && !countsIterations(epsilon)) {
            throw new IllegalArgumentException(
                    "crossing needs the eps of the iteration before, and epsilon is " + epsilon
                            + "; allowed are schedules of the iteration alone, such as Annealing.hold(...).then...(...)"
                            + ".byIteration()");
        }
    }

    /** Whether a schedule's value at an iteration can be known later; tried at a few. */
    private static boolean countsIterations(ISchedule schedule) {
        return !(schedule instanceof PlateauAnnealing)
                && IntStream.iterate(0, k -> k < 1 << 20, k -> 2 * k + 1)
                        .allMatch(k -> schedule.valueAt(k, 0) == schedule.valueAt(k, 1)
                                && schedule.valueAt(k, 0) == schedule.valueAt(k, 1000));
    }

    /** The same settings with copies of the schedules' state. */
    public SkewSettings copy() {
        return with(epsilon.clone(), hull == null ? null : hull.clone(), straightThrough);
    }

    /** The same settings with another schedule of eps. */
    SkewSettings withEpsilon(ISchedule schedule) {
        return with(schedule, hull, straightThrough);
    }

    /** The same settings with another schedule of the hull. */
    SkewSettings withHull(@Nullable ISchedule schedule) {
        return with(epsilon, schedule, straightThrough);
    }

    /** The same settings with a forward pass that sees the weights as they are, but for noise. */
    SkewSettings withoutStraightThrough() {
        return with(epsilon, hull, StraightThrough.NEVER);
    }

    private SkewSettings with(ISchedule newEpsilon, @Nullable ISchedule newHull, StraightThrough newStraightThrough) {
        return new SkewSettings(
                newEpsilon,
                newHull,
                stage,
                alpha,
                restoringRate,
                maxStep,
                perturbation,
                newStraightThrough,
                weightNoise,
                crossing);
    }

    /** What is still open, how long it was trained, and the remedy; empty if the intervals are closed. */
    public Optional<String> unfinishedAt(int iteration, int epoch) {
        return OpenIntervals.warning(epsilon, iteration, epoch);
    }

    /**
     * Whether training went on long after the intervals had closed.
     *
     * @param delay iterations of float training in front
     * @return how long, and the remedy; empty if it did not, or weights may still cross to the next interval
     */
    public Optional<String> restingAt(int iteration, int epoch, int delay) {
        return crossing ? Optional.empty() : OpenIntervals.closedLongBefore(epsilon, iteration, epoch, delay);
    }

    /** Whether the forward pass sees other weights than those that are trained. */
    public boolean changesForward() {
        return straightThrough != StraightThrough.NEVER || weightNoise != null;
    }

    /** Whether the forward pass sees the nearest levels. */
    boolean rounds(int iteration, int epoch) {
        return straightThrough == StraightThrough.ALWAYS
                || (straightThrough == StraightThrough.HOLD && epsilon.valueAt(iteration, epoch) == 1);
    }

    /**
     * The rule at a point of training.
     *
     * @throws IllegalArgumentException if the hull's schedule leaves [0, 1], or a number of the rule its range
     */
    public SkewRule rule(double learningRate, int cellPower, int iteration, int epoch) {
        return new SkewRule(
                epsilon.valueAt(iteration, epoch),
                restoringRate(learningRate),
                maxStep,
                stage,
                stage == Stage.STEP ? 0 : learningRate,
                cellPower,
                overhangAt(iteration, epoch));
    }

    /**
     * Perturbs and skews the velocity of a parameter in place.
     *
     * @param first the iteration that finds the weights free, as nothing has constrained them before
     */
    public void apply(
            ScaledGrid grid,
            String parameter,
            INDArray weights,
            INDArray velocity,
            double learningRate,
            int cellPower,
            int iteration,
            int epoch,
            int first) {
        SkewRule rule = rule(learningRate, cellPower, iteration, epoch);
        if (perturbation != null) {
            perturbation.addTo(velocity, rule, grid, parameter, iteration);
        }
        double before = crossing ? tauBefore(iteration, epoch, first) : 0;
        if (before > 0 || (crossing && rule.epsilon() < 1)) {
            LevelMap.cross(grid, weights, velocity, rule, before);
        } else {
            rule.apply(grid, weights, velocity);
        }
    }

    /** Turns a velocity into one of the weights in place, if its unit is the cell, and does nothing else. */
    static void leaveFree(ScaledGrid grid, INDArray weights, INDArray velocity, int cellPower) {
        new SkewRule(1, 0, Double.POSITIVE_INFINITY, Stage.STEP, 0, cellPower, Double.POSITIVE_INFINITY)
                .apply(grid, weights, velocity);
    }

    /** The border at which the weights were moved last. */
    private double tauBefore(int iteration, int epoch, int first) {
        return iteration <= first ? 0 : Interval.tau(epsilon.valueAt(iteration - 1, epoch));
    }

    /** How far weights may be beyond the hull, in mean half cells. */
    public double overhangAt(int iteration, int epoch) {
        double open = hull == null ? 0 : hull.valueAt(iteration, epoch);
        if (!(open >= 0 && open <= 1)) {
            throw new IllegalArgumentException("hull is " + open + "; allowed is 0 to 1");
        }
        return open / (1 - open);
    }

    /** rho: the given rate, or alpha times the learning rate. */
    public double restoringRate(double learningRate) {
        return alpha != null ? alpha * learningRate : Objects.requireNonNull(restoringRate);
    }

    /** Lines for the plan. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        lines.add("eps: " + epsilon);
        if (hull != null) {
            lines.add("hull: open " + hull);
        }
        lines.add("stage " + stage
                + (crossing ? ", crossing: weights are carried along with their intervals" : restoring())
                + (perturbation == null ? "" : ", " + perturbation));
        if (changesForward()) {
            lines.add("forward pass: "
                    + switch (straightThrough) {
                        case NEVER -> "";
                        case HOLD -> "nearest levels while eps is 1 (straight-through)";
                        case ALWAYS -> "nearest levels (straight-through)";
                    }
                    + (straightThrough != StraightThrough.NEVER && weightNoise != null ? ", " : "")
                    + (weightNoise == null
                            ? ""
                            : "noise of " + weightNoise.deviation() + " half cells, seed " + weightNoise.seed()));
        }
        return lines;
    }

    private String restoring() {
        return (alpha == null ? ", restoring rate " + restoringRate : ", alpha " + alpha + " times the learning rate")
                + ", at most " + maxStep + " half cells a step";
    }

    @Override
    public int hashCode() {
        return Objects.hash(stage, alpha, restoringRate, maxStep, perturbation, straightThrough, weightNoise, crossing);
    }
}
