package io.github.dl4jaskew.margin.metrics;

import java.util.OptionalLong;

/**
 * When training entered its late stage, by three definitions, followed over the evaluations of a training set: {@code
 * stage = stage.next(...)}. Immutable and thread safe.
 *
 * <ul>
 *   <li>{@link #entry}: the evaluation after the last one with {@code q_min <= 0}. Schechtman and Schreuder assume
 *       that the margin stays positive; only the end of training can tell, so this moves when the stage is left.
 *   <li>{@link #firstSeparated}: the first evaluation with {@code q_min > 0}, all examples classified correctly.
 *   <li>{@link #firstBelowThreshold}: the first with {@code Sum < l(0)}: 1 for the exponential loss, log 2 for logistic
 *       and cross entropy. Proves {@code q_min > 0}; the condition of Lyu and Li.
 * </ul>
 *
 * <p>Sources: Lyu and Li, ICLR 2020; Schechtman and Schreuder, COLT 2025.
 */
public final class LateStage {

    private static final long NONE = -1;

    private final Loss loss;
    private final long last;
    private final long entry;
    private final long firstSeparated;
    private final long firstBelowThreshold;
    private final long lastLeft;
    private final int timesLeft;

    private LateStage(
            Loss loss,
            long last,
            long entry,
            long firstSeparated,
            long firstBelowThreshold,
            long lastLeft,
            int timesLeft) {
        this.loss = loss;
        this.last = last;
        this.entry = entry;
        this.firstSeparated = firstSeparated;
        this.firstBelowThreshold = firstBelowThreshold;
        this.lastLeft = lastLeft;
        this.timesLeft = timesLeft;
    }

    /**
     * Before the first evaluation.
     *
     * @param loss that the network is trained with
     * @return a stage that nothing has entered
     */
    public static LateStage before(Loss loss) {
        return new LateStage(loss, NONE, NONE, NONE, NONE, NONE, 0);
    }

    /**
     * The stage after one more evaluation.
     *
     * @param evaluation its number: iteration, epoch or count; 0 or above, and above that of the evaluation before
     * @param minimum smallest margin of the training set, finite
     * @param logSum logarithm of the sum of the losses over the training set, finite
     * @return the new stage; this one does not change
     * @throws IllegalArgumentException if an argument is out of range
     */
    public LateStage next(long evaluation, double minimum, double logSum) {
        if (evaluation <= last) {
            throw new IllegalArgumentException(
                    "evaluation is " + evaluation + "; allowed is above the one before, " + last);
        }
        boolean separated = Checks.finite("minimum margin", minimum) > 0;
        boolean below = Checks.finite("log sum of losses", logSum) < loss.logAtZero();
        boolean leaves = entered() && !separated;
        return new LateStage(
                loss,
                evaluation,
                separated ? firstOf(entry, evaluation) : NONE,
                separated ? firstOf(firstSeparated, evaluation) : firstSeparated,
                below ? firstOf(firstBelowThreshold, evaluation) : firstBelowThreshold,
                leaves ? evaluation : lastLeft,
                leaves ? timesLeft + 1 : timesLeft);
    }

    /** {@return whether the last evaluation had a positive margin, false before the first evaluation} */
    public boolean entered() {
        return entry != NONE;
    }

    /**
     * {@return the evaluation after the last one with {@code q_min <= 0}, its number; empty if the last evaluation had
     * {@code q_min <= 0}}
     */
    public OptionalLong entry() {
        return optional(entry);
    }

    /** {@return the number of the first evaluation with {@code q_min > 0}; empty if there was none} */
    public OptionalLong firstSeparated() {
        return optional(firstSeparated);
    }

    /** {@return the number of the first evaluation with {@code Sum < l(0)}; empty if there was none} */
    public OptionalLong firstBelowThreshold() {
        return optional(firstBelowThreshold);
    }

    /** {@return whether a positive margin was ever followed by one that was not} */
    public boolean leftAgain() {
        return timesLeft > 0;
    }

    /** {@return how often a positive margin was followed by one that was not, 0 or more} */
    public int timesLeft() {
        return timesLeft;
    }

    /** {@return the number of the last evaluation at which the stage was left; empty if it was never left} */
    public OptionalLong lastLeft() {
        return optional(lastLeft);
    }

    private static long firstOf(long known, long evaluation) {
        return known == NONE ? evaluation : known;
    }

    private static OptionalLong optional(long evaluation) {
        return evaluation == NONE ? OptionalLong.empty() : OptionalLong.of(evaluation);
    }
}
