package io.github.dl4jaskew.margin.earlystopping;

import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.nn.api.Model;

/**
 * The normalized margin, or another quantity of a snapshot, as the score of early stopping; the larger the better. If
 * the tracker's last snapshot is of the network's current iteration, as after a {@link
 * io.github.dl4jaskew.margin.MarginListener} measured at the end of the epoch, it is taken; otherwise the network is
 * measured.
 *
 * <p>The scores are in the result's {@code getScoreVsEpoch()}; what DL4J returns as {@code getBestModelScore()} is the
 * loss that the best model remembers.
 *
 * <p>Thread safe. Cannot be serialized.
 *
 * @param <T> MultiLayerNetwork or ComputationGraph
 * @serial exclude
 */
public final class MarginScoreCalculator<T extends Model> implements ScoreCalculator<T> {

    private static final long serialVersionUID = 1;

    private final transient MarginTracker tracker;
    private final transient Function<MarginSnapshot, OptionalDouble> quantity;

    /**
     * The normalized margin.
     *
     * @param tracker measures the network
     */
    public MarginScoreCalculator(MarginTracker tracker) {
        this(tracker, MarginSnapshot::normalizedMargin);
    }

    /**
     * Another quantity, to be maximized.
     *
     * @param tracker measures the network
     * @param quantity such as {@code MarginSnapshot::smoothedMargin}
     */
    public MarginScoreCalculator(MarginTracker tracker, Function<MarginSnapshot, OptionalDouble> quantity) {
        this.tracker = tracker;
        this.quantity = quantity;
    }

    /**
     * The score of a network.
     *
     * @param network in training
     * @return the quantity
     * @throws IllegalStateException with the reasons, if the quantity cannot be measured of this network
     */
    @Override
    public double calculateScore(T network) {
        MarginSnapshot snapshot = tracker.current(network);
        return quantity.apply(snapshot)
                .orElseThrow(() -> new IllegalStateException(
                        "the score of this network cannot be measured: " + refusals(snapshot)));
    }

    /** What is said of the training refuses nothing. */
    private static String refusals(MarginSnapshot snapshot) {
        return snapshot.reasons().stream()
                .filter(reason -> !reason.startsWith("training:"))
                .collect(Collectors.joining("; "));
    }

    @Override
    public boolean minimizeScore() {
        return false;
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException("a tracker and its data cannot be serialized");
    }
}
