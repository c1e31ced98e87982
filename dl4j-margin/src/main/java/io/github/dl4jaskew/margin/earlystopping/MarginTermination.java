package io.github.dl4jaskew.margin.earlystopping;

import io.github.dl4jaskew.margin.MarginHistory;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.deeplearning4j.earlystopping.termination.EpochTerminationCondition;
import org.deeplearning4j.earlystopping.termination.IterationTerminationCondition;

/**
 * Ends training by what a tracker has seen, at the end of epochs or after iterations. The tracker must measure during
 * training: by a {@link io.github.dl4jaskew.margin.MarginListener} on the network, or by a {@link
 * MarginScoreCalculator}. As long as it has measured nothing, training continues.
 *
 * <p>Thread safe. Cannot be serialized.
 *
 * @serial exclude
 */
public final class MarginTermination implements EpochTerminationCondition, IterationTerminationCondition {

    private static final long serialVersionUID = 1;

    private final transient MarginTracker tracker;
    private final transient Predicate<MarginHistory> condition;
    private final String name;

    private MarginTermination(MarginTracker tracker, Predicate<MarginHistory> condition, String name) {
        this.tracker = tracker;
        this.condition = condition;
        this.name = name;
    }

    /**
     * Ends training once the normalized margin has reached a target. A network that is not homogeneous has none and never
     * reaches it. With a tracker by {@link MarginTracker#free} the margin is that of some minibatches, an upper bound: the training may
     * end too early.
     *
     * @param tracker that measures during training
     * @param margin finite
     * @return the condition
     * @throws IllegalArgumentException if the target is not finite
     */
    public static MarginTermination target(MarginTracker tracker, double margin) {
        if (!Double.isFinite(margin)) {
            throw new IllegalArgumentException("margin is " + margin + "; it must be finite");
        }
        return new MarginTermination(
                tracker,
                history -> history.last().normalizedMargin().orElse(Double.NEGATIVE_INFINITY) >= margin,
                "normalized margin of at least " + margin);
    }

    /**
     * Ends training once the normalized margin grows no more: once the best of the last measurements is not above the
     * best of those before by a share of it. Waits for a positive margin. The margin grows like one over the logarithm
     * of the iterations, so a share over few measurements ends late training while the margin still rises. Where the progress
     * is measured, {@link #progress} tells whether a margin that grows slowly is near its limit.
     *
     * @param tracker that measures during training
     * @param measurements to wait for an improvement, at least 1
     * @param share relative improvement that counts, 0 or above
     * @return the condition
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static MarginTermination plateau(MarginTracker tracker, int measurements, double share) {
        if (measurements < 1) {
            throw new IllegalArgumentException("measurements is " + measurements + "; allowed is at least 1");
        }
        if (!(share >= 0 && share < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("share is " + share + "; allowed is 0 or above, finite");
        }
        return new MarginTermination(
                tracker,
                history -> isFlat(history.snapshots(), measurements, share),
                String.format(
                        Locale.ROOT, "normalized margin grew by less than %s in %d measurements", share, measurements));
    }

    /**
     * Ends training once the normalized margin has reached a share of its {@linkplain
     * io.github.dl4jaskew.margin.metrics.MarginProgress predicted limit}. Unlike {@link #plateau} it does not take a slow growth for
     * the end: it goes by the growth of the norm instead of epochs. A snapshot without progress, as of trainings by
     * other updaters than plain SGD, whose reasons say so, never ends the training. With a tracker by {@link MarginTracker#free}, the
     * margin, its share and its limit are those of some minibatches, whose minimum is an upper bound: the training may end too early.
     *
     * @param tracker that measures during training
     * @param share of the predicted limit, above 0 and below 1, for instance 0.95
     * @return the condition
     * @throws IllegalArgumentException if the share is out of range
     */
    public static MarginTermination progress(MarginTracker tracker, double share) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("share is " + share + "; allowed is above 0 and below 1");
        }
        return new MarginTermination(
                tracker,
                history -> history.last().progress().stream()
                        .anyMatch(p -> p.share().orElse(0) >= share),
                "normalized margin of at least " + share + " of its predicted limit");
    }

    /**
     * Ends training once it has left its late stage: once a positive minimum margin was followed by one that was not. That
     * may happen early, in large steps, long before training is over; combine it with a training that starts late.
     *
     * @param tracker that measures during training
     * @return the condition
     */
    public static MarginTermination lateStageLeft(MarginTracker tracker) {
        return new MarginTermination(tracker, history -> history.last().stage().timesLeft() > 0, "late stage was left");
    }

    private static boolean isFlat(List<MarginSnapshot> all, int measurements, double share) {
        int recent = all.size() - measurements;
        if (recent < 1) {
            return false;
        }
        double before = best(all.subList(0, recent));
        return before > 0 && !(best(all.subList(recent, all.size())) > before * (1 + share));
    }

    private static double best(List<MarginSnapshot> snapshots) {
        return snapshots.stream()
                .mapToDouble(s -> s.normalizedMargin().orElse(Double.NEGATIVE_INFINITY))
                .max()
                .orElse(Double.NEGATIVE_INFINITY);
    }

    private boolean isMet() {
        return !tracker.history().isEmpty() && condition.test(tracker.history());
    }

    @Override
    public void initialize() {
        // The tracker holds all there is to know.
    }

    @Override
    public boolean terminate(int epochNum, double score, boolean minimize) {
        return isMet();
    }

    @Override
    public boolean terminate(double lastMiniBatchScore) {
        return isMet();
    }

    @Override
    public String toString() {
        return "MarginTermination(" + name + ")";
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException("a tracker and its data cannot be serialized");
    }
}
