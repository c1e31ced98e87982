package io.github.dl4jaskew.margin.latestage;

import io.github.dl4jaskew.margin.MarginListener;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.internal.network.TrainableNetwork;
import io.github.dl4jaskew.margin.loss.LogDomainLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Training with a learning rate that is divided by the training loss, {@code eta = alpha / loss}, and that takes back
 * every epoch which did not lower the loss. It is the way to margins of 100 and more in a few hundred epochs, where plain
 * SGD would need {@code exp(100)} steps.
 *
 * <pre>{@code
 * LateStageReport report = LossBasedTraining.builder().epochs(300).build().fit(network, train);
 * }</pre>
 *
 * <p><b>The rule.</b> Before each epoch the mean loss over the whole training set is known. The epoch runs with {@code
 * eta = alpha / loss}. If the loss then is lower, alpha is multiplied by {@code growth}; otherwise weights, updater state,
 * iteration and epoch counts of the epoch's start come back, alpha is divided by {@code shrink}, and the epoch is run again, if
 * asked for in {@linkplain Builder#reshuffle another order} of the examples.
 * The {@link Builder#damped damped} form {@code eta = alpha / (loss max(1, log(1 / loss)))} with constant alpha moves the
 * margin evenly and does not oscillate on small smooth problems.
 *
 * <p><b>Float32.</b> Neither loss nor gradient may be taken from DL4J, where both are 0 from margins of about 17. The loss
 * is summed from logits, in double, by logarithms. The division by the loss is not left to the learning rate: for the time of
 * the training, the output layer's loss is a {@link LogDomainLoss} with {@code logScale = -log(loss)}, and the updaters'
 * learning rate is alpha (or alpha over the damping). For SGD, with momentum or without, that is the same step. Adam and its
 * kin divide the scale of the gradient out again, so that for them alpha is the whole learning rate.
 *
 * <p><b>The network</b> has one output layer, with cross entropy and softmax, with XENT and sigmoid and one output, or with a
 * {@link LogDomainLoss}; the loss is put back at the end. All updaters that have a learning rate are given the same one and
 * keep the last. L1, L2 and weight decay act in training, but are no part of the loss that decides; in the late stage they
 * should be off. An epoch that ends with weights or logits that are not finite is taken back like any other. Listeners of the
 * network see the epochs that are taken back as well; a {@code MarginListener} is refused for that, see {@link
 * Builder#tracker}.
 *
 * <p><b>Cost.</b> A forward pass over the data in every epoch, about a third of an epoch, one copy of weights and updater
 * state, and the rejected epochs: about two thirds of all once alpha is as large as the problem bears, as {@code
 * growth} is the square of {@code shrink}.
 *
 * <p>Immutable and thread safe; each {@code fit} stands for itself.
 *
 * <p>Source: Lyu and Li, "Gradient descent maximizes the margin of homogeneous neural networks", ICLR 2020, appendix K.
 */
public final class LossBasedTraining {

    private static final Logger LOG = LoggerFactory.getLogger(LossBasedTraining.class);

    private final int epochs;
    private final double initialRate;
    private final double growth;
    private final double shrink;
    private final boolean damped;
    private final double targetLogLoss;
    private final @Nullable Long reshuffle;
    private final @Nullable MarginTracker tracker;
    private final Consumer<LateStageEpoch> onEpoch;

    private LossBasedTraining(Builder builder) {
        epochs = builder.epochs;
        initialRate = builder.initialRate;
        growth = builder.growth;
        shrink = builder.shrink;
        damped = builder.damped;
        targetLogLoss = builder.targetLogLoss;
        reshuffle = builder.reshuffle;
        tracker = builder.tracker;
        onEpoch = builder.onEpoch;
    }

    /**
     * Everything at its default.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Trains a network.
     *
     * @param network initialised; trained or not
     * @param train the training set; is reset for each of two passes in every epoch
     * @return what happened
     * @throws IllegalArgumentException if the network's output layer or an updater is not of the supported kind, or the
     *     network has a {@code MarginListener}
     * @throws IllegalStateException if the loss is not finite at the start
     */
    public LateStageReport fit(MultiLayerNetwork network, DataSetIterator train) {
        return fit(TrainableNetwork.of(network), train);
    }

    /**
     * Trains a graph of one input and one output.
     *
     * @param network initialised; trained or not
     * @param train the training set; is reset for each of two passes in every epoch
     * @return what happened
     * @throws IllegalArgumentException if the network's output layer or an updater is not of the supported kind, or the
     *     network has a {@code MarginListener}
     * @throws IllegalStateException if the loss is not finite at the start
     */
    public LateStageReport fit(ComputationGraph network, DataSetIterator train) {
        return fit(TrainableNetwork.of(network), train);
    }

    private LateStageReport fit(TrainableNetwork network, DataSetIterator train) {
        if (network.listeners().stream().anyMatch(MarginListener.class::isInstance)) {
            throw new IllegalArgumentException(
                    "the network has a MarginListener, which would measure epochs that are undone; remove it and pass its tracker to tracker(...)");
        }
        OutputLoss output = OutputLoss.of(network);
        try {
            return fit(network, output, train);
        } finally {
            output.restore();
        }
    }

    private LateStageReport fit(TrainableNetwork network, OutputLoss output, DataSetIterator train) {
        double logLoss = output.logMean(() -> network.score(train));
        if (!Double.isFinite(logLoss)) {
            throw new IllegalStateException(
                    "the logarithm of the training loss is " + logLoss + " before the first epoch; it must be finite");
        }
        LearningRates rates = LearningRates.of(network);
        TrainingOrder order = new TrainingOrder(train, reshuffle == null ? null : new Random(reshuffle));
        List<LateStageEpoch> history = new ArrayList<>();
        double alpha = initialRate;
        int missed = 0;
        for (int pass = 0; pass < epochs && logLoss > targetLogLoss; pass++) {
            double rate = damped ? alpha / Math.max(1, -logLoss) : alpha;
            rates.set(rate);
            output.scale(-logLoss);
            TrainableNetwork.State start = network.state();
            network.fit(order.current());
            double after = output.logMean(() -> network.score(train));
            output.scale(-logLoss);
            boolean accepted = after < logLoss;
            LateStageEpoch epoch = new LateStageEpoch(pass, accepted, rate, logLoss, after);
            history.add(epoch);
            if (accepted) {
                logLoss = after;
                alpha *= growth;
            } else {
                network.restore(start);
                alpha /= shrink;
                order.reshuffle();
                LOG.debug("epoch {} is undone: log loss {} -> {}, alpha falls to {}", pass, logLoss, after, alpha);
            }
            if (accepted && tracker != null) {
                // with the rate and the loss of the epoch, which the effective step follows from
                tracker.measure(network.network(), network.iteration(), pass);
            }
            output.restore();
            missed += notifyOf(epoch, missed == 0) ? 0 : 1;
        }
        if (missed > 0) {
            LOG.warn("onEpoch has missed {} of {} epochs; the report has them all", missed, history.size());
        }
        return new LateStageReport(history, logLoss, alpha);
    }

    /** Whether the receiver took it; one that throws, such as a file on a full disk, does not end the training. */
    private boolean notifyOf(LateStageEpoch epoch, boolean warns) {
        try {
            onEpoch.accept(epoch);
            return true;
        } catch (RuntimeException e) {
            if (warns) {
                LOG.warn("onEpoch has failed at epoch {}; training continues", epoch.number(), e);
            }
            return false;
        }
    }

    /** Collects the settings. Each method returns this builder; {@link #build} can be called repeatedly. Not thread safe. */
    public static final class Builder {

        private int epochs = 100;
        private double initialRate = 0.1;
        private double growth = Math.pow(2, 0.2);
        private double shrink = Math.pow(2, 0.1);
        private boolean damped;
        private double targetLogLoss = Double.NEGATIVE_INFINITY;
        private @Nullable Long reshuffle;
        private @Nullable MarginTracker tracker;
        private Consumer<LateStageEpoch> onEpoch = epoch -> {};

        private Builder() {}

        /**
         * Passes over the training set, rejected ones included. Default: 100.
         *
         * @param value at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder epochs(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("epochs is " + value + "; allowed is at least 1");
            }
            epochs = value;
            return this;
        }

        /**
         * The first alpha. Default: 0.1.
         *
         * @param value above 0, finite
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder initialRate(double value) {
            initialRate = above("initialRate", value, 0);
            return this;
        }

        /**
         * What alpha is multiplied by after an epoch that lowered the loss. Default: 2^(1/5); damped 1.
         *
         * @param value at least 1, finite
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder growth(double value) {
            if (!(value >= 1 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("growth is " + value + "; allowed is at least 1, finite");
            }
            growth = value;
            return this;
        }

        /**
         * What alpha is divided by after a rejected epoch. Default: 2^(1/10).
         *
         * @param value above 1, finite
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder shrink(double value) {
            shrink = above("shrink", value, 1);
            return this;
        }

        /**
         * The damped form {@code eta = alpha / (loss max(1, log(1 / loss)))}, with a growth of 1 unless {@link #growth} is
         * called afterwards.
         *
         * @return this
         */
        public Builder damped() {
            damped = true;
            return growth(1);
        }

        /**
         * Ends the training when the loss is small enough. Default: negative infinity, all epochs.
         *
         * @param value logarithm of a mean loss; not NaN
         * @return this
         * @throws IllegalArgumentException if it is NaN
         */
        public Builder untilLogLoss(double value) {
            if (Double.isNaN(value)) {
                throw new IllegalArgumentException("untilLogLoss is NaN; it must be a number");
            }
            targetLogLoss = value;
            return this;
        }

        /**
         * Runs an epoch that was taken back in another order of the examples, as Lyu and Li do, and keeps that order until the next one
         * is taken back. Default: in the order of the iterator, which is the same one unless it shuffles at each reset. Takes a
         * copy of the training set.
         *
         * @param seed of the orders
         * @return this
         */
        public Builder reshuffle(long seed) {
            reshuffle = seed;
            return this;
        }

        /**
         * Measures margins after each epoch that is kept. Default: none. Takes the place of a {@code MarginListener}, which
         * would also see the epochs that are taken back.
         *
         * @param value with an iterator of its own, or the training set in memory, if that of the training shuffles
         * @return this
         */
        public Builder tracker(MarginTracker value) {
            tracker = Objects.requireNonNull(value);
            return this;
        }

        /**
         * Sets a listener called after each epoch. Default: none.
         *
         * @param value called after each epoch; after a rejected one, the network is restored already. Must not change it.
         *     If it throws, that is logged, and training continues
         * @return this
         */
        public Builder onEpoch(Consumer<LateStageEpoch> value) {
            onEpoch = Objects.requireNonNull(value);
            return this;
        }

        /** {@return the training; immutable} */
        public LossBasedTraining build() {
            return new LossBasedTraining(this);
        }

        private static double above(String name, double value, double bound) {
            if (!(value > bound && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(name + " is " + value + "; allowed is above " + bound + ", finite");
            }
            return value;
        }
    }
}
