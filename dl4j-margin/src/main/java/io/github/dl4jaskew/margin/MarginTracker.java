package io.github.dl4jaskew.margin;

import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.metrics.MarginSet;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Measures the margins of a network, now and over its training.
 *
 * <pre>{@code
 * MarginTracker tracker = MarginTracker.builder(trainIterator).every(1).epochs().build();
 * net.addListeners(new MarginListener(tracker));
 * net.fit(trainIterator, 100);
 * tracker.history().last().normalizedMargin();
 * }</pre>
 *
 * <p>Measuring changes nothing about the network: it is done on a private copy, which takes over the parameters each
 * time, draws no random number and runs in inference mode. A measurement is one pass over the data; with {@link
 * MarginTrackerBuilder#gradients} one more, forward and backward. Logits and sums are in double, so a margin of 500 or a
 * loss of 1e-300 in a float32 network is right to the precision of its float32 logits.
 *
 * <p>A tracker follows one training: its snapshots know the ones before. Thread safe; one measurement at a time.
 */
public final class MarginTracker {

    private final MarginSettings settings;
    private final @Nullable TrainingData data;
    private final RecentMinibatches recent;
    private final Trajectory trajectory;
    private final MarginHistory history = new MarginHistory();
    private @Nullable MeasuredNetwork measured;

    MarginTracker(MarginSettings settings, @Nullable TrainingData data) {
        this.settings = settings;
        this.data = data;
        recent = new RecentMinibatches(settings.freeMinibatches());
        trajectory = new Trajectory(settings.window());
    }

    /**
     * A tracker that passes over all training data at each measurement.
     *
     * @param trainingData labelled data, the full training set; it must support {@code reset} unless it is kept {@link
     *     MarginTrackerBuilder#inMemory in memory}
     * @return a builder
     */
    public static MarginTrackerBuilder builder(DataSetIterator trainingData) {
        return new MarginTrackerBuilder(IteratorData.of(trainingData), 0);
    }

    /**
     * A tracker that passes over all training data at each measurement, for graphs with several inputs or outputs.
     *
     * @param trainingData labelled data, the full training set; it must support {@code reset} unless it is kept {@link
     *     MarginTrackerBuilder#inMemory in memory}
     * @return a builder
     */
    public static MarginTrackerBuilder builder(MultiDataSetIterator trainingData) {
        return new MarginTrackerBuilder(IteratorData.of(trainingData), 0);
    }

    /**
     * A tracker without data of its own, which measures on the last minibatches that the network was trained with. A
     * minimum over some of the data is an upper bound of that over all, and its snapshots {@link
     * MarginSnapshot#upperBound say so}. It needs a {@link MarginListener} to see the minibatches.
     *
     * @param minibatches how many to keep copies of and to measure on, at least 1
     * @return a builder
     * @throws IllegalArgumentException if the number is below 1
     */
    public static MarginTrackerBuilder free(int minibatches) {
        if (minibatches < 1) {
            throw new IllegalArgumentException("minibatches is " + minibatches + "; allowed is at least 1");
        }
        return new MarginTrackerBuilder(null, minibatches);
    }

    /**
     * Measures a network now, and adds the snapshot to the history.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph, initialised
     * @param iteration training steps done, above that of the measurement before
     * @param epoch the epoch, from 0
     * @return the snapshot
     * @throws IllegalArgumentException if there are no data, they have no labels or those do not fit the output, logits
     *     or weights are not finite, the output layer has no logits, or the iteration is not above the last one, or the
     *     network has another number of parameters than the last one
     */
    public synchronized MarginSnapshot measure(Model network, int iteration, int epoch) {
        trajectory.check(iteration);
        TrainingData source = data == null ? recent : data;
        MeasuredNetwork net = measuredFor(network);
        net.replica().update(network);
        ReplicaWeights weights = net.weights();
        trajectory.check(weights);
        MarginSet margins = net.margins(source);
        Loss loss = net.reader().loss().orElse(null);
        Measurement measurement = new Measurement(margins, weights, net.degree(), loss);
        if (loss == null) {
            measurement.refuse(net.replica().head().reason(net.reader().outputs()));
        }
        if (settings.gradient()) {
            addGradient(measurement, net, source, SgdRate.of(network, iteration, epoch));
        }
        if (settings.collapse()) {
            net.collapse(source, measurement);
        }
        MarginSnapshot snapshot = measurement.snapshot(iteration, epoch, data == null, trajectory);
        trajectory.moveTo(iteration, weights);
        history.add(snapshot);
        return snapshot;
    }

    /**
     * The snapshot of a network's current iteration: the last one, if it is of that iteration; otherwise a new one.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph, initialised
     * @return the snapshot
     * @throws IllegalArgumentException as {@link #measure} does
     */
    public synchronized MarginSnapshot current(Model network) {
        int iteration = Counts.iterations(network);
        if (!history.isEmpty() && history.last().iteration() == iteration) {
            return history.last();
        }
        return measure(network, iteration, Counts.epochs(network));
    }

    private void addGradient(
            Measurement measurement, MeasuredNetwork net, TrainingData source, Optional<SgdRate> rate) {
        Optional<String> refused = net.gradientRefused();
        if (refused.isPresent()) {
            measurement.refuse(refused.get());
            return;
        }
        FullGradient gradient = net.gradient(source, measurement.margins());
        net.gradientRefused(gradient)
                .ifPresentOrElse(measurement::refuse, () -> measurement.add(gradient, trajectory, rate));
        if (settings.nearKinks() > 0 && gradient.nearKinks().isEmpty()) {
            measurement.refuse("near kinks: no layer has ReLU or LeakyReLU as its activation");
        }
    }

    private MeasuredNetwork measuredFor(Model network) {
        MeasuredNetwork known = measured;
        if (known == null || !known.fits(network)) {
            known = new MeasuredNetwork(network, settings);
            measured = known;
        }
        return known;
    }

    /**
     * The snapshots so far.
     *
     * @return grows with each measurement
     */
    public MarginHistory history() {
        return history;
    }

    MarginSettings settings() {
        return settings;
    }

    /** In free mode: remembers a minibatch of training. */
    void saw(Batch batch) {
        recent.add(batch);
    }

    boolean isFree() {
        return data == null;
    }
}
