package io.github.dl4jaskew.margin;

import io.github.dl4jaskew.margin.internal.measure.CollectedMargins;
import io.github.dl4jaskew.margin.internal.measure.FullGradient;
import io.github.dl4jaskew.margin.internal.measure.IteratorData;
import io.github.dl4jaskew.margin.internal.measure.MarginSettings;
import io.github.dl4jaskew.margin.internal.measure.MeasuredNetwork;
import io.github.dl4jaskew.margin.internal.measure.Measurement;
import io.github.dl4jaskew.margin.internal.measure.RecentMinibatches;
import io.github.dl4jaskew.margin.internal.measure.ReplicaWeights;
import io.github.dl4jaskew.margin.internal.measure.SgdRate;
import io.github.dl4jaskew.margin.internal.measure.TrainingData;
import io.github.dl4jaskew.margin.internal.measure.Trajectory;
import io.github.dl4jaskew.margin.internal.network.Batch;
import io.github.dl4jaskew.margin.internal.network.TrainableNetwork;
import io.github.dl4jaskew.margin.metrics.ExampleDistance;
import io.github.dl4jaskew.margin.metrics.ExampleMargin;
import io.github.dl4jaskew.margin.metrics.GradientMetrics;
import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.metrics.MarginStationarity;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
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
 * Builder#gradients} one more, forward and backward. Logits and sums are in double, so a margin of 500 or a
 * loss of 1e-300 in a float32 network is right to the precision of its float32 logits. Networks in half precision are measured in
 * float32; homogeneous ones whose logits are beyond the data type, at weights divided by a power of 2, from which everything is
 * scaled back.
 *
 * <p>A tracker follows one training: its snapshots know the ones before. Thread safe; one measurement at a time.
 */
public final class MarginTracker {

    private final MarginSettings settings;
    private final @Nullable TrainingData data;
    private final @Nullable TrainingData test;
    private final RecentMinibatches recent;
    private final Trajectory trajectory;
    private final MarginHistory history = new MarginHistory();
    private @Nullable MeasuredNetwork measured;

    MarginTracker(MarginSettings settings, @Nullable TrainingData data, @Nullable TrainingData test) {
        this.settings = settings;
        this.data = data;
        this.test = test;
        recent = new RecentMinibatches(settings.freeMinibatches());
        trajectory = new Trajectory(settings.window());
    }

    /**
     * A tracker that passes over all training data at each measurement.
     *
     * @param trainingData labelled data, the full training set; it must support {@code reset} unless it is kept {@link
     *     Builder#inMemory in memory}
     * @return a builder
     */
    public static Builder builder(DataSetIterator trainingData) {
        return new Builder(IteratorData.of(trainingData), 0);
    }

    /**
     * A tracker that passes over all training data at each measurement, for graphs with several inputs or outputs.
     *
     * @param trainingData labelled data, the full training set; it must support {@code reset} unless it is kept {@link
     *     Builder#inMemory in memory}
     * @return a builder
     */
    public static Builder builder(MultiDataSetIterator trainingData) {
        return new Builder(IteratorData.of(trainingData), 0);
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
    public static Builder free(int minibatches) {
        if (minibatches < 1) {
            throw new IllegalArgumentException("minibatches is " + minibatches + "; allowed is at least 1");
        }
        return new Builder(null, minibatches);
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
        CollectedMargins margins = net.margins(source);
        Loss loss = net.loss().orElse(null);
        Measurement measurement = new Measurement(margins, weights, net.degree(), loss);
        net.caveats().forEach(measurement::exclude);
        if (loss == null) {
            measurement.exclude(net.lossExclusionReason());
        }
        Optional<SgdRate> rate = SgdRate.of(network, iteration, epoch);
        net.nearMargin(measurement);
        measurement.addProgress(iteration, trajectory, rate);
        if (settings.gradient()) {
            addGradient(measurement, net, source, rate);
        }
        if (settings.collapse()) {
            net.collapse(source, measurement);
        }
        if (settings.robustness()) {
            net.robustness(source, measurement);
        }
        if (test != null) {
            measurement.addTest(net.collect(test, settings.hardest()));
        }
        MarginSnapshot snapshot = MarginSnapshot.of(iteration, epoch, data == null, measurement, trajectory);
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
        int iteration = TrainableNetwork.of(network).iteration();
        if (!history.isEmpty() && history.last().iteration() == iteration) {
            return history.last();
        }
        return measure(network, iteration, TrainableNetwork.of(network).epoch());
    }

    /**
     * The margins of all training examples now, in the order of the data, for a {@linkplain MarginFile#writeMargins file} or to
     * look for wrong labels. The history does not change.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph, initialised
     * @return an immutable list, at 50 bytes or so for each margin
     * @throws IllegalArgumentException as {@link #measure} does
     */
    public synchronized List<ExampleMargin> margins(Model network) {
        return all(network, data == null ? recent : data);
    }

    /**
     * The margins of all examples of the second data set now.
     *
     * @param network a MultiLayerNetwork or a ComputationGraph, initialised
     * @return as {@link #margins} does
     * @throws IllegalArgumentException as {@link #measure} does
     * @throws IllegalStateException if the tracker was built without {@link Builder#test(DataSetIterator) test}
     */
    public synchronized List<ExampleMargin> testMargins(Model network) {
        return all(network, requireTest());
    }

    /**
     * The distances of the training examples from the decision boundary now, to first order: {@code q / ||grad_x q||}, in the
     * order of the data, for a {@linkplain MarginFile#writeDistances file} or to look for examples that a small change of the features turns. Costs a pass
     * over the data, forward, and K - 1 passes of K classes, forward and backward. Masked examples, and those whose gradients are exactly 0, are left out.
     * The history does not change.
     *
     * @param network a MultiLayerNetwork, or a ComputationGraph with any number of inputs, initialised
     * @return an immutable list, at 60 bytes or so for each example
     * @throws IllegalArgumentException as {@link #measure} does; and with the reason, if there are no distances: an example has several
     *     independent outputs, or time steps or pixels with margins of their own; all gradients are exactly 0; DL4J has no gradient by the features, as before an EmbeddingLayer or a FrozenLayer; or the network
     *     has batch norm or RReLU, which compute something else in training than in inference
     */
    public synchronized List<ExampleDistance> distances(Model network) {
        return distances(network, data == null ? recent : data);
    }

    /**
     * The distances of the examples of the second data set now.
     *
     * @param network as in {@link #distances}
     * @return as {@link #distances} does
     * @throws IllegalArgumentException as {@link #distances} does
     * @throws IllegalStateException if the tracker was built without {@link Builder#test(DataSetIterator) test}
     */
    public synchronized List<ExampleDistance> testDistances(Model network) {
        return distances(network, requireTest());
    }

    private List<ExampleDistance> distances(Model network, TrainingData source) {
        MeasuredNetwork net = measuredFor(network);
        net.replica().update(network);
        // finds a scale at which the logits are within the data type
        net.collect(source, 1);
        return List.copyOf(net.distances(source));
    }

    private TrainingData requireTest() {
        if (test == null) {
            throw new IllegalStateException("the tracker has no second data set: build it with test(...)");
        }
        return test;
    }

    private List<ExampleMargin> all(Model network, TrainingData source) {
        MeasuredNetwork net = measuredFor(network);
        net.replica().update(network);
        return net.collect(source, Integer.MAX_VALUE).hardest().stream()
                .sorted(Comparator.comparingInt(ExampleMargin::example)
                        .thenComparingInt(ExampleMargin::position)
                        .thenComparingInt(ExampleMargin::output))
                .toList();
    }

    private void addGradient(
            Measurement measurement, MeasuredNetwork net, TrainingData source, Optional<SgdRate> rate) {
        Optional<String> reason = net.gradientExclusionReason();
        if (reason.isPresent()) {
            measurement.exclude(reason.get());
            return;
        }
        FullGradient gradient = net.gradient(source, measurement.margins());
        net.gradientExclusionReason(gradient)
                .ifPresentOrElse(measurement::exclude, () -> measurement.add(gradient, trajectory, rate));
        if (settings.nearKinks() > 0 && gradient.nearKinks().isEmpty()) {
            measurement.exclude("near kinks: no layer has ReLU or LeakyReLU as its activation");
        }
        if (settings.pairs() > 0 && measurement.gradient().isPresent()) {
            net.stationarity(source, measurement);
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

    /** {@return the snapshots so far; the history grows with each measurement} */
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

    /** Builds a {@link MarginTracker}; see {@link #builder} and {@link #free}. Not thread safe. */
    public static final class Builder {

        /** Pairs of example and class whose gradients {@link #marginStationarity()} takes at most. */
        public static final int DEFAULT_PAIRS = 200;

        /** How far above the smallest margin, relative to it, the margins of {@link #marginStationarity()} may be. */
        public static final double DEFAULT_TAU = 0.1;

        /** Measurements whose gradients the windowed alignment averages, by default. */
        public static final int DEFAULT_WINDOW = 100;

        private final @Nullable IteratorData data;
        private final int freeMinibatches;
        private int every = 1;
        private boolean byEpoch = true;
        private @Nullable String output;
        private @Nullable Loss loss;
        private boolean independent;
        private @Nullable Double degree;
        private boolean gradient;
        private int window = DEFAULT_WINDOW;
        private double nearKinks;
        private @Nullable IteratorData test;
        private int hardest = 1;
        private boolean byClass;
        private int pairs;
        private double tau;
        private boolean collapse;
        private boolean nearHomogeneous;
        private boolean robustness;
        private @Nullable Boolean inMemory;

        private Builder(@Nullable IteratorData data, int freeMinibatches) {
            this.data = data;
            this.freeMinibatches = freeMinibatches;
        }

        /**
         * How often a {@link MarginListener} measures. Follow it with {@link #iterations} or {@link #epochs}; the default
         * is every epoch.
         *
         * @param n at least 1
         * @return this
         * @throws IllegalArgumentException if n is below 1
         */
        public Builder every(int n) {
            every = atLeastOne("every", n);
            return this;
        }

        /**
         * Measures after every n-th training step.
         *
         * @return this
         */
        public Builder iterations() {
            byEpoch = false;
            return this;
        }

        /**
         * Measures at the end of every n-th epoch.
         *
         * @return this
         */
        public Builder epochs() {
            byEpoch = true;
            return this;
        }

        /**
         * The output to measure at, in a graph with several.
         *
         * @param name of the output layer
         * @return this
         */
        public Builder output(String name) {
            output = name;
            return this;
        }

        /**
         * Names the loss as function of the margin, for a loss function of your own. Softmax with MCXENT or negative log
         * likelihood, and sigmoid with XENT, are recognized.
         *
         * @param loss the loss that the network is trained with
         * @return this
         */
        public Builder loss(Loss loss) {
            this.loss = loss;
            return this;
        }

        /**
         * Takes each of several outputs for a binary decision of its own, with labels of its own, as the loss XENT does. An
         * example then has as many margins as the network has outputs. Without this, the margin is that between classes.
         *
         * @return this
         */
        public Builder independentOutputs() {
            independent = true;
            return this;
        }

        /**
         * Names the degree of homogeneity, for a network with layers that are not known.
         *
         * @param degree L, positive and finite
         * @return this
         * @throws IllegalArgumentException if it is not
         */
        public Builder degree(double degree) {
            if (!(degree > 0 && degree < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("degree is " + degree + "; allowed is above 0, finite");
            }
            this.degree = degree;
            return this;
        }

        /**
         * Measures also what needs the gradient of the full training set: one more forward and backward pass.
         *
         * @return this
         */
        public Builder gradients() {
            gradient = true;
            return this;
        }

        /**
         * The gradients that the windowed alignment averages.
         *
         * @param measurements at least 1; default {@value #DEFAULT_WINDOW}
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder window(int measurements) {
            window = atLeastOne("window", measurements);
            return this;
        }

        /**
         * Counts also how many inputs of ReLU and LeakyReLU are near 0, where {@link
         * GradientMetrics#alignment} says little and the windowed one is to be read. Implies {@link
         * #gradients}, in whose pass it is done; costs a copy of those inputs.
         *
         * @param share what counts as near, relative to the root mean square of the inputs of a layer in a minibatch; above 0,
         *     finite, for instance 1e-3
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder nearKinks(double share) {
            if (!(share > 0 && share < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("share is " + share + "; allowed is above 0, finite");
            }
            nearKinks = share;
            return gradients();
        }

        /**
         * How many of the examples with the smallest margins a snapshot names.
         *
         * @param examples at least 1, the default
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder hardest(int examples) {
            hardest = atLeastOne("hardest", examples);
            return this;
        }

        /**
         * Measures also the smallest and the mean margin and the accuracy of each class.
         *
         * @return this
         */
        public Builder byClass() {
            byClass = true;
            return this;
        }

        /**
         * Measures also the margins of a second data set, in one more pass over it. It is kept in memory if the training data
         * are.
         *
         * @param data labelled data that are not trained on
         * @return this
         */
        public Builder test(DataSetIterator data) {
            test = IteratorData.of(data);
            return this;
        }

        /**
         * Measures also the margins of a second data set, in one more pass over it. It is kept in memory if the training data
         * are.
         *
         * @param data labelled data that are not trained on
         * @return this
         */
        public Builder test(MultiDataSetIterator data) {
            test = IteratorData.of(data);
            return this;
        }

        /**
         * Measures also the {@linkplain MarginStationarity stationarity of the margin itself} with {@value #DEFAULT_PAIRS} pairs
         * and tau = {@value #DEFAULT_TAU}; see {@link #marginStationarity(int, double)}.
         *
         * @return this
         */
        public Builder marginStationarity() {
            return marginStationarity(DEFAULT_PAIRS, DEFAULT_TAU);
        }

        /**
         * Measures also how near the weights are to a critical point of the margin on the sphere, by the gradients of the
         * smallest margins. Implies {@link #gradients}. Costs at each measurement one more forward pass over the data, a
         * forward and backward pass of one example for each pair, and memory of 16 bytes for each pair and weight: 200 pairs of a
         * network of a million weights are 3.2 GB, so take fewer there.
         *
         * @param pairs how many pairs of example and class to take at most, those with the smallest margins; at least 1
         * @param tau takes margins up to {@code (1 + tau)} times the smallest; 0 or above, finite
         * @return this
         * @throws IllegalArgumentException if an argument is out of range
         */
        public Builder marginStationarity(int pairs, double tau) {
            if (!(tau >= 0 && tau < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("tau is " + tau + "; allowed is 0 or above, finite");
            }
            this.pairs = atLeastOne("pairs", pairs);
            this.tau = tau;
            return gradients();
        }

        /**
         * Measures also how far each example is from the decision boundary to first order, the smallest {@code q_j /
         * ||grad_x q_j||} over all other classes j; and, of a MultiLayerNetwork, a certified distance and the spectral norm and stable
         * rank of each layer. At each measurement it costs for K classes K - 1 passes over the data, forward and backward, and for each layer 16 products of square
         * matrices of its smaller side: with 1,000 classes 999 passes, which is warned of from 20 on. Measure so many rarely, or on fewer examples. {@link
         * MarginTracker#distances} has those of all examples.
         *
         * @return this
         */
        public Builder robustness() {
            robustness = true;
            return this;
        }

        /**
         * Measures also neural collapse, at a fully connected output layer: two more passes over the data.
         *
         * @return this
         */
        public Builder neuralCollapse() {
            collapse = true;
            return this;
        }

        /**
         * Measures also the {@linkplain io.github.dl4jaskew.margin.metrics.NearMargin margin of a network with biases or batch norm},
         * which has no normalized margin: with biases left out of norm and degree. It is a number of its own, and never takes
         * the place of {@link MarginSnapshot#normalizedMargin}.
         *
         * @return this
         */
        public Builder nearHomogeneous() {
            nearHomogeneous = true;
            return this;
        }

        /**
         * Reads the data once, when the tracker is built, and keeps them. The iterator may then be the one that training
         * reads from, at any time. This is the default with {@link #iterations}.
         *
         * @return this
         */
        public Builder inMemory() {
            inMemory = true;
            return this;
        }

        /**
         * Reads the iterator again at each measurement. This is the default with {@link #epochs}, where the iterator may be
         * the one that training reads from, unless it shuffles again at each reset: then measuring would change the order of
         * training. With {@link #iterations} give the tracker an iterator of its own.
         *
         * @return this
         */
        public Builder streaming() {
            inMemory = false;
            return this;
        }

        /**
         * The tracker. The builder may be used further.
         *
         * @return a new tracker
         * @throws IllegalArgumentException if data are to be read now and there are none, they have no labels, or settings
         *     contradict each other
         */
        public MarginTracker build() {
            if (data == null && gradient) {
                throw new IllegalArgumentException(
                        "gradients() needs the full training set: give the builder its iterator");
            }
            if (data == null && collapse) {
                throw new IllegalArgumentException(
                        "neuralCollapse() needs the full training set: give the builder its iterator");
            }
            MarginSettings settings = new MarginSettings(
                    every,
                    byEpoch,
                    freeMinibatches,
                    output,
                    loss,
                    independent,
                    degree == null ? OptionalDouble.empty() : OptionalDouble.of(degree),
                    gradient,
                    window,
                    nearKinks,
                    hardest,
                    byClass,
                    pairs,
                    tau,
                    collapse,
                    nearHomogeneous,
                    robustness);
            return new MarginTracker(settings, source(data), source(test));
        }

        private @Nullable TrainingData source(@Nullable IteratorData data) {
            if (data == null) {
                return null;
            }
            boolean keep = inMemory == null ? !byEpoch : inMemory;
            if (keep) {
                TrainingData kept = TrainingData.inMemory(data);
                data.rewind();
                return kept;
            }
            if (!data.canReset()) {
                throw new IllegalArgumentException(
                        "the iterator does not support reset and can be read only once: build the tracker with inMemory()");
            }
            return byEpoch ? data : data.exclusively();
        }

        private static int atLeastOne(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " is " + value + "; allowed is at least 1");
            }
            return value;
        }
    }
}
