package io.github.dl4jaskew.internal.askewsgd;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.CellPower;
import io.github.dl4jaskew.internal.rule.SkewRule;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.StraightThrough;
import io.github.dl4jaskew.schedule.Annealing;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ScheduleType;

/** What can be known of a constrained layer's updater before training starts. */
public final class UpdaterChecks {

    /** Below this a weight needs hundreds of steps to cross its cell. */
    private static final double SLOW_STEP = 0.01;

    /** So far a weight must be able to travel during the hold, in half cells: across one cell. */
    private static final double SHORT_REACH = 5;

    /**
     * The same for trained weights, for which the hull closes, and where the forward pass sees levels: only weights near the
     * middle of a cell have to cross it, of small ones of two levels all.
     */
    private static final double SHORT_REACH_OF_TRAINED = 0.5;

    /** The same for the preset of trained weights, whose steps are small on purpose in a short training. */
    private static final double SHORT_REACH_OF_FINE_TUNING = 0.1;

    private static final String TOO_SLOW =
            "a larger learning rate, a longer hold or a longer training is needed; the rates"
                    + " of Askew.fromScratch and fromTrained are tested ones";

    private static final String TOO_SHORT = "hardly any will change: the training is short, give it more epochs";

    /** Where a schedule is looked at, as it cannot be looked at everywhere. */
    private static final int[] PROBES = {
        0, 1, 2, 5, 10, 20, 30, 50, 60, 80, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1_000_000
    };

    private final String subject;
    private final IUpdater updater;

    /** Checks for what messages call the subject, such as "layer 'conv'". */
    public UpdaterChecks(String subject, IUpdater updater) {
        this.subject = subject;
        this.updater = updater;
    }

    public void requireUsableRate(SkewSettings skew) {
        Double alpha = skew.alpha();
        if (alpha == null) {
            return;
        }
        if (!updater.hasLearningRate()) {
            throw new IllegalArgumentException(subject + ": alpha multiplies the learning rate, but "
                    + updater.getClass().getSimpleName() + " has none; set restoringRate instead");
        }
        for (int k : PROBES) {
            requireNoOvershoot(alpha, k, 0);
            requireNoOvershoot(alpha, 0, k);
        }
    }

    private void requireNoOvershoot(double alpha, int iteration, int epoch) {
        double rate = updater.getLearningRate(iteration, epoch);
        if (!(alpha * rate <= 1)) {
            throw new IllegalArgumentException(subject + ": at iteration " + iteration + ", epoch " + epoch
                    + " rho = alpha * learning rate = " + alpha + " * " + rate + " = " + alpha * rate
                    + "; allowed is up to 1 (more would overshoot)");
        }
    }

    /**
     * A warning if weights cannot cross their cells during the hold; empty where that cannot be known. Of a preset it is the
     * length of the training that it warns of, which is not the preset's choice.
     *
     * @param recipe of the updater
     * @param start the initial scale of the weights, or null if they begin as they are
     * @param delay iterations of the hold in which the weights are trained in float; the updater counts from there
     * @param grids of the weights
     */
    public Optional<String> slowness(Recipe recipe, @Nullable Double start, int delay, Collection<ScaledGrid> grids) {
        if (!CellPower.isScaleFree(updater)) {
            return Optional.empty();
        }
        double widest = recipe.target().unit() == LearningRateUnit.CELL
                ? 1
                : grids.stream()
                        .mapToDouble(UpdaterChecks::widestHalfCell)
                        .max()
                        .orElse(1);
        if (!recipe.skew().crossing()
                && recipe.skew().epsilon() instanceof Annealing annealing
                && annealing.unit() == ScheduleType.ITERATION) {
            double hold = Math.max(0, annealing.holdLength() - delay);
            double reach = reach(hold, widest);
            return reach < shortReach(recipe, start)
                    ? Optional.of(warning(
                            recipe.preset() ? TOO_SHORT : TOO_SLOW,
                            "moves a weight by at most %.2g half cells during the hold of %.0f iterations",
                            reach,
                            hold))
                    : Optional.empty();
        }
        double step = largestRate() / widest;
        if (step < SLOW_STEP) {
            return Optional.of(warning(
                    TOO_SLOW,
                    "moves a weight by at most %.2g half cells a step, so that it needs %.0f steps to"
                            + " cross its cell",
                    step,
                    2 / step));
        }
        return Optional.empty();
    }

    private static double shortReach(Recipe recipe, @Nullable Double start) {
        if (recipe.skew().straightThrough() == StraightThrough.NEVER) {
            return recipe.skew().hull() == null ? SHORT_REACH : SHORT_REACH_OF_TRAINED;
        }
        if (start != null) {
            return 2 * start;
        }
        return recipe.preset() && !recipe.fromRandomWeights() ? SHORT_REACH_OF_FINE_TUNING : SHORT_REACH_OF_TRAINED;
    }

    private double largestRate() {
        double largest = 0;
        for (int k : PROBES) {
            largest = Math.max(largest, updater.getLearningRate(k, 0));
            largest = Math.max(largest, updater.getLearningRate(0, k));
        }
        return largest;
    }

    private double reach(double iterations, double halfCell) {
        int steps = 100;
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            sum += updater.getLearningRate((int) (iterations * i / steps), 0);
        }
        return sum / steps * iterations / halfCell;
    }

    private String warning(String remedy, String format, Object... arguments) {
        return subject + ": " + updater.getClass().getSimpleName() + " " + String.format(Locale.ROOT, format, arguments)
                + "; weights choose their levels while eps is 1, so " + remedy;
    }

    private static double widestHalfCell(ScaledGrid grid) {
        double widest = 0;
        for (int c = 0; c < grid.channels().count(); c++) {
            widest = Math.max(widest, SkewRule.meanHalfCell(grid, c));
        }
        return widest;
    }
}
