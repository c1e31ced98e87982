package io.github.dl4jaskew.internal.askewsgd;

import io.github.dl4jaskew.internal.rule.SkewRule;
import io.github.dl4jaskew.interval.Stage;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The numbers of the rule that stay the same during training.
 *
 * @param stage before or behind the updater
 * @param alpha restoring rate in units of the learning rate, above 0; null if restoringRate is given
 * @param restoringRate share of the way back that an infeasible weight makes in a step, in (0, 1]; null if alpha is
 *     given
 * @param maxStep largest restoring displacement of a step in half cells, above 0; may be infinite
 * @param perturbation noise on the displacement, or null
 */
public record SkewSettings(
        @JsonProperty("stage") Stage stage,
        @JsonProperty("alpha") @Nullable Double alpha,
        @JsonProperty("restoringRate") @Nullable Double restoringRate,
        @JsonProperty("maxStep") double maxStep,
        @JsonProperty("perturbation") @Nullable Perturbation perturbation)
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
    }

    /**
     * The rule at a point of training.
     *
     * @throws IllegalArgumentException if the hull's schedule leaves [0, 1], or a number of the rule its range
     */
    public SkewRule rule(
            ISchedule epsilon, @Nullable ISchedule hull, double learningRate, int cellPower, int iteration, int epoch) {
        return new SkewRule(
                epsilon.valueAt(iteration, epoch),
                restoringRate(learningRate),
                maxStep,
                stage,
                stage == Stage.STEP ? 0 : learningRate,
                cellPower,
                overhangAt(hull, iteration, epoch));
    }

    /** How far weights may be beyond the hull, in mean half cells. */
    public static double overhangAt(@Nullable ISchedule hull, int iteration, int epoch) {
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
    public static List<String> describe(ISchedule epsilon, @Nullable ISchedule hull, SkewSettings dynamics) {
        List<String> lines = new ArrayList<>();
        lines.add("eps: " + epsilon);
        if (hull != null) {
            lines.add("hull: open " + hull);
        }
        lines.add(dynamics.describe());
        return lines;
    }

    /** In words, for the plan. */
    public String describe() {
        return "stage " + stage
                + (alpha == null
                        ? ", restoring rate " + restoringRate
                        : ", alpha " + alpha + " times the learning rate")
                + ", at most " + maxStep + " half cells a step"
                + (perturbation == null ? "" : ", " + perturbation);
    }
}
