package io.github.dl4jaskew.margin;

import io.github.dl4jaskew.margin.internal.network.Batch;
import io.github.dl4jaskew.margin.internal.network.TrainableNetwork;
import io.github.dl4jaskew.pages.sink.Delivery;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a {@link MarginTracker} measure during training, as often as the tracker's settings say, and logs what it saw. Changes
 * nothing: training with and without it ends with the same weights, bit for bit.
 *
 * <p>DL4J calls listeners after the step and before layer constraints. Epochs are counted by {@code fit(iterator)} only;
 * with {@code fit(DataSet)} measure by iterations.
 *
 * <p>A receiver that throws, such as a file on a full disk, does not end the training. The first failure is logged as a
 * warning, and at the end of the epoch, or when it works again, how many snapshots are missing; {@link #missedSnapshots} has
 * their number. The tracker's history has them all.
 *
 * <p>Thread safe. Of the networks of a ParallelWrapper, which share one listener, one is followed.
 */
public final class MarginListener extends BaseTrainingListener {

    private static final Logger LOG = LoggerFactory.getLogger(MarginListener.class);

    private final MarginTracker tracker;
    private WeakReference<Model> followed = new WeakReference<>(null);
    /** Iteration or epoch of the last measurement. */
    private int lastDue = -1;

    private boolean warned;

    private final List<Consumer<MarginSnapshot>> receivers;
    private final List<Delivery<MarginSnapshot>> deliveries;

    /**
     * Feeds a tracker.
     *
     * @param tracker measures as often as it was built to
     */
    public MarginListener(MarginTracker tracker) {
        this(tracker, List.of());
    }

    private MarginListener(MarginTracker tracker, List<Consumer<MarginSnapshot>> receivers) {
        this.tracker = tracker;
        this.receivers = List.copyOf(receivers);
        this.deliveries = this.receivers.stream()
                .map(receiver -> new Delivery<MarginSnapshot>("a receiver of snapshots, " + receiver, receiver))
                .toList();
    }

    /**
     * A listener that also hands each snapshot on, in the thread of the training: {@code
     * listener.to(MarginFile.csv(path)::append)}.
     *
     * @param receiver of each snapshot
     * @return a new listener
     */
    public MarginListener to(Consumer<MarginSnapshot> receiver) {
        List<Consumer<MarginSnapshot>> all = new ArrayList<>(receivers);
        all.add(receiver);
        return new MarginListener(tracker, all);
    }

    @Override
    public synchronized void iterationDone(Model model, int iteration, int epoch) {
        int done = iteration + 1;
        boolean due = !tracker.settings().byEpoch() && done % tracker.settings().every() == 0;
        if (due && follows(model, done)) {
            measure(model, done, epoch, done);
        }
    }

    /** A graph forgets its labels before the iteration is done. */
    @Override
    public synchronized void onBackwardPass(Model model) {
        if (tracker.isFree() && follows(model, TrainableNetwork.of(model).iteration() + 1)) {
            tracker.saw(Batch.lastOf(model));
        }
    }

    @Override
    public synchronized void onEpochEnd(Model model) {
        int epoch = TrainableNetwork.of(model).epoch();
        int done = epoch + 1;
        if (tracker.settings().byEpoch() && done % tracker.settings().every() == 0 && follows(model, done)) {
            measure(model, TrainableNetwork.of(model).iteration(), epoch, done);
        }
        deliveries.forEach(Delivery::reportMissed);
    }

    /**
     * Counts the snapshots that did not reach a receiver because it threw, as a file on a full disk does.
     *
     * @return the sum over the receivers; 0 if nothing is missing
     */
    public synchronized int missedSnapshots() {
        return deliveries.stream().mapToInt(Delivery::missed).sum();
    }

    /** Another network is followed only when the one that was has missed its turn, as after it is gone. */
    private boolean follows(Model model, int done) {
        boolean known = followed.refersTo(model);
        boolean missed = followed.get() == null
                || (!tracker.settings().byEpoch()
                        && done > lastDue + 2 * tracker.settings().every());
        if (!known && missed) {
            followed = new WeakReference<>(model);
            return true;
        }
        if (!known && !warned) {
            warned = true;
            LOG.info(
                    "several networks share this listener, and only one of them is measured; to measure each, give each"
                            + " a listener and a tracker of its own");
        }
        return known;
    }

    private void measure(Model model, int iteration, int epoch, int done) {
        lastDue = done;
        MarginSnapshot s = tracker.measure(model, iteration, epoch);
        deliveries.forEach(delivery -> delivery.attempt(s, iteration));
        LOG.info(
                "iteration {}, epoch {}: {} margin {}{}{}, norm {}, accuracy {}{}",
                s.iteration(),
                s.epoch(),
                s.upperBound() ? "at most, minimum" : "minimum",
                (float) s.minimumMargin(),
                s.normalizedMargin().isPresent()
                        ? ", normalized " + (float) s.normalizedMargin().getAsDouble()
                        : "",
                s.progress().isPresent() && s.progress().get().share().isPresent()
                        ? ", " + Math.round(100 * s.progress().get().share().getAsDouble())
                                + " % of its predicted limit"
                        : "",
                (float) s.norm(),
                (float) s.accuracy(),
                s.stage().entered() ? ", late stage since " + s.stage().entry().orElse(0) : "");
    }
}
