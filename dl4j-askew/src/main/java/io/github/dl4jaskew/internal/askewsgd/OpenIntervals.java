package io.github.dl4jaskew.internal.askewsgd;

import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import java.util.Locale;
import java.util.Optional;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Says how far a schedule of eps has come, where training ended before the intervals closed, or long after that. */
final class OpenIntervals {

    /** Up to this eps an interval reaches no more than 1.6 % of a half cell from its level. */
    static final double CLOSED = 1e-3;

    /** From so many times the planned length on, a plan was not meant for this training. */
    private static final double LONG = 1.5;

    /** Who says that they stay open wants rounding alone. */
    private static final ISchedule NEVER = new FixedSchedule(1);

    private OpenIntervals() {}

    /** eps, what was counted, what was planned, and the remedy; empty if the intervals are closed. */
    static Optional<String> warning(ISchedule epsilon, int iteration, int epoch) {
        double now = epsilon.valueAt(iteration, epoch);
        if (now <= CLOSED || epsilon.equals(NEVER)) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "the intervals are still open: eps is %.2g after %d iterations and %d epochs (planned: %s%s). %s",
                now,
                iteration,
                epoch,
                epsilon,
                epsilon instanceof Annealing annealing
                        ? ", closed at " + (byEpoch(annealing) ? "epoch " : "iteration ") + end(annealing)
                        : "",
                remedy(epsilon, iteration, epoch)));
    }

    /**
     * When they closed, what was counted, and the remedy; empty if training ended about then, or the schedule knows no end.
     *
     * @param delay iterations of float training in front
     */
    static Optional<String> closedLongBefore(ISchedule epsilon, int iteration, int epoch, int delay) {
        if (!(epsilon instanceof Annealing annealing)) {
            return Optional.empty();
        }
        boolean byEpoch = byEpoch(annealing);
        int count = byEpoch ? epoch : iteration;
        int closed = Math.max(end(annealing), byEpoch ? 0 : delay);
        double planned = Math.max(closed, annealing.holdLength() + annealing.curveLength());
        return count <= LONG * planned
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "the intervals have been closed since %s %d, but training went on to %d, in which the"
                                + " constrained weights kept their levels. %s",
                        byEpoch ? "epoch" : "iteration",
                        closed,
                        count,
                        byEpoch
                                ? "Plan as many epochs as you train"
                                : "Plan as many iterations as you train: iterationsPerEpoch is the number of minibatches"
                                        + " that the iterator gives"));
    }

    private static String remedy(ISchedule epsilon, int iteration, int epoch) {
        if (epsilon instanceof PlateauAnnealing) {
            return "Continue training with a PlateauListener, whose scores close them";
        }
        if (!(epsilon instanceof Annealing annealing)) {
            return "Train until eps is " + CLOSED + " or below";
        }
        if (byEpoch(annealing) && epoch == 0 && iteration > 0) {
            return "Epochs are not counted by fit(DataSet): call net.incrementEpochCount() after each, use"
                    + " fit(iterator), or anneal by iteration";
        }
        return byEpoch(annealing)
                ? "Train for more epochs, or plan fewer"
                : "Train longer, or plan fewer iterations: iterationsPerEpoch is the number of minibatches that the"
                        + " iterator gives";
    }

    private static boolean byEpoch(Annealing annealing) {
        return annealing.unit() == ScheduleType.EPOCH;
    }

    /** The first count at which the intervals are closed; eps never rises. */
    private static int end(Annealing annealing) {
        int open = 0;
        int closed = 1;
        while (closed < 1 << 30 && annealing.valueAt(closed, closed) > CLOSED) {
            open = closed;
            closed *= 2;
        }
        while (closed - open > 1) {
            int middle = (open + closed) >>> 1;
            if (annealing.valueAt(middle, middle) > CLOSED) {
                open = middle;
            } else {
                closed = middle;
            }
        }
        return closed;
    }
}
