package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.Batch;
import io.github.dl4jaskew.margin.internal.network.LogitErrors;
import io.github.dl4jaskew.margin.internal.network.LogitRows;
import io.github.dl4jaskew.margin.internal.network.NetworkReplica;
import io.github.dl4jaskew.margin.internal.network.OutputHead;
import io.github.dl4jaskew.margin.internal.network.ParameterBlock;
import io.github.dl4jaskew.margin.internal.network.TrainableNetwork;
import io.github.dl4jaskew.margin.metrics.ExampleDistance;
import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.metrics.MarginCounts;
import io.github.dl4jaskew.margin.metrics.MarginSet;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A network's replica, with what needs to be found out only once. Not thread safe. */
public final class MeasuredNetwork {

    private static final Logger LOG = LoggerFactory.getLogger(MeasuredNetwork.class);

    private static final List<Class<?>> TRAINED_DIFFERENTLY = List.of(BatchNormalization.class, ActivationRReLU.class);

    /** Relative; float32 logits of one network differ by less in another order of summation. */
    private static final double SAME = 1e-3;

    /** Passes over the data for distances that users are warned of. */
    private static final int MANY_PASSES = 20;

    /** Passes over the data to find a scale of the weights at which the logits are within the data type. */
    private static final int ATTEMPTS = 3;

    private final WeakReference<Model> original;
    private final String configuration;
    private final LogitErrors errors = LogitErrors.none();
    private final NetworkReplica replica;
    private final List<ParameterBlock> blocks;
    private final MarginSettings settings;
    private final @Nullable NearKinks kinks;
    private final Degree degree;
    private final List<String> caveats;
    private final @Nullable NearHomogeneous near;
    private @Nullable MarginReader reader;
    private boolean warnedOfPasses;
    /** Whether a factor of the weights is known to be one of the logits; not if the degree was only named. */
    private final boolean scales;
    /** Sum of the magnitudes of the logits of the last pass. */
    private double logitSum;

    public MeasuredNetwork(Model network, MarginSettings settings) {
        original = new WeakReference<>(network);
        configuration = configuration(network);
        replica = NetworkReplica.of(network, settings.output(), errors);
        blocks = replica.blocks();
        this.settings = settings;
        kinks = settings.nearKinks() > 0 ? NearKinks.in(replica.model(), settings.nearKinks()) : null;
        degree = Degree.of(network, replica.outputIndex(), settings.degree());
        scales = settings.degree().isEmpty() && degree.value().isPresent();
        near = settings.nearHomogeneous() ? new NearHomogeneous(network, replica.outputIndex(), blocks) : null;
        caveats = TrainingCaveats.of(network);
        warnOfClipping(replica.head());
    }

    /** Whether a network can be measured with this replica. */
    public boolean fits(Model network) {
        return original.refersTo(network) || configuration(network).equals(configuration);
    }

    public NetworkReplica replica() {
        return replica;
    }

    public Degree degree() {
        return degree;
    }

    /** What the training does besides gradient descent on the loss. */
    public List<String> caveats() {
        return caveats;
    }

    public ReplicaWeights weights() {
        return ReplicaWeights.of(replica, blocks);
    }

    /** The loss as a function of the margin; known from the first minibatch on. */
    public Optional<Loss> loss() {
        return reader().loss();
    }

    /** Why the loss is not known as a function of the margin. */
    public String lossExclusionReason() {
        return replica.head().reason(reader().outputs());
    }

    /** Known from the first minibatch on. */
    MarginReader reader() {
        if (reader == null) {
            throw new IllegalStateException("no data were read");
        }
        return reader;
    }

    /** The margins of the training data, in one pass. */
    public CollectedMargins margins(TrainingData data) {
        CollectedMargins margins = collect(data, settings.hardest());
        logitSum = margins.logitSum();
        return margins;
    }

    /**
     * The margins of any data, in one pass.
     *
     * @param hardest how many to keep with their places, the smallest
     */
    public CollectedMargins collect(TrainingData data, int hardest) {
        for (int attempt = 0; scales && attempt < ATTEMPTS; attempt++) {
            MarginCollector collector = new MarginCollector(hardest, true);
            data.forEach(collector::add);
            int by = correction(collector.largest);
            if (by == 0 && collector.isFinite()) {
                return collector.build();
            } else if (by == 0) {
                break;
            }
            replica.rescale(by, integerDegree(), blocks);
        }
        MarginCollector collector = new MarginCollector(hardest, false);
        data.forEach(collector::add);
        return collector.build();
    }

    /** Measures at about w / rho, where the logits at w are beyond the data type. */
    private int correction(double largest) {
        LogitRange range = LogitRange.of(replica.model().params().dataType());
        double ofReplica = Math.scalb(largest, -replica.logitExponent());
        return range.contains(ofReplica)
                ? 0
                : range.correction(ofReplica, weights().norm(), integerDegree());
    }

    private int integerDegree() {
        return (int) degree.value().orElseThrow();
    }

    /** Why the gradient of this network cannot be measured. */
    public Optional<String> gradientExclusionReason() {
        if (reader().loss().isEmpty()) {
            return Optional.of("gradient: the loss is not known as a function of the margin");
        }
        return trainedDifferently().map(why -> "gradient: " + why);
    }

    private Optional<String> trainedDifferently() {
        for (Class<?> type : TRAINED_DIFFERENTLY) {
            // by type, as a layer may have any name
            if (configuration.contains("\"@class\" : \"" + type.getName() + '"')) {
                return Optional.of(type.getSimpleName() + " computes something else in training than in inference");
            }
        }
        return Optional.empty();
    }

    /** Why a gradient is none of the network that was measured. */
    public Optional<String> gradientExclusionReason(FullGradient gradient) {
        if (Math.abs(gradient.logitSum() - logitSum) > SAME * logitSum) {
            return Optional.of("gradient: the network's logits in training differ from those in inference");
        }
        return Optional.empty();
    }

    public FullGradient gradient(TrainingData data, MarginSet margins) {
        return FullGradient.of(replica, errors, reader(), data, margins, kinks).onlyTrained(blocks);
    }

    /** The stationarity of the margin, or why there is none. */
    public void stationarity(TrainingData data, Measurement measurement) {
        double minimum = measurement.margins().minimum();
        if (measurement.degree().isEmpty()) {
            measurement.exclude("margin stationarity: the network is not homogeneous");
        } else if (!(minimum > 0)) {
            measurement.exclude("margin stationarity: the minimum margin is not positive");
        } else {
            HardestPairs pairs =
                    HardestPairs.of(replica, reader(), data, (1 + settings.tau()) * minimum, settings.pairs());
            measurement.add(
                    pairs.stationarity(errors, blocks, measurement.weights().values()));
        }
    }

    /** The margin without biases, if asked for, or why there is none. */
    public void nearMargin(Measurement measurement) {
        if (near != null) {
            near.measure(measurement);
        }
    }

    /** Distances in the space of the features, or why there are none. */
    public void robustness(TrainingData data, Measurement measurement) {
        RobustnessMeasurement.add(inputDistances(data), replica.unscaled(replica::lipschitz), reader(), measurement);
    }

    /**
     * The distances of all examples from the decision boundary.
     *
     * @throws IllegalArgumentException if there are none, with the reason
     */
    public List<ExampleDistance> distances(TrainingData data) {
        InputDistances found = inputDistances(data);
        found.reason().ifPresent(reason -> {
            throw new IllegalArgumentException(reason);
        });
        return found.distances();
    }

    private InputDistances inputDistances(TrainingData data) {
        int passes = reader().otherClasses();
        boolean measured = reader().hasClasses() && trainedDifferently().isEmpty();
        if (measured && passes >= MANY_PASSES && !warnedOfPasses) {
            warnedOfPasses = true;
            LOG.warn(
                    "distances to the decision boundary take {} passes over the data, forward and backward, one for each of the {}"
                            + " classes of layer \"{}\" but one; measure them rarely, or on fewer examples",
                    passes,
                    reader().outputs(),
                    replica.head().name());
        }
        return InputDistances.of(replica, errors, reader(), data, trainedDifferently());
    }

    /** Neural collapse, or why there is none. */
    public void collapse(TrainingData data, Measurement measurement) {
        CollapsePasses.exclusionReason(replica, reader())
                .ifPresentOrElse(
                        measurement::exclude,
                        () -> CollapsePasses.measure(replica, reader(), data)
                                .ifPresentOrElse(
                                        measurement::add,
                                        () -> measurement.exclude("neural collapse: a class has no example")));
    }

    private MarginReader readerFor(int outputs) {
        if (reader == null) {
            reader = new MarginReader(replica.head(), outputs, settings.independent(), settings.loss());
        }
        return reader;
    }

    private final class MarginCollector {
        private final PlacedMargins places;
        /** Whether it ends at a logit that is not finite; otherwise that is refused. */
        private final boolean lenient;

        private double largest;
        private MarginSet.@Nullable Builder set;
        private boolean counts;
        private double magnitudes;
        private int examplesBefore;
        private int rowsBefore;
        private int masked;

        MarginCollector(int hardest, boolean lenient) {
            places = new PlacedMargins(hardest, settings.byClass());
            this.lenient = lenient;
        }

        boolean isFinite() {
            return Double.isFinite(largest);
        }

        void add(Batch batch) {
            LogitRows labels = LogitRows.of(
                    batch.label(replica.outputIndex()), replica.head().classesLast());
            LogitRows logits = replica.logits(batch);
            MarginReader reading = readerFor(logits.columns());
            reading.check(logits, labels);
            MarginSet.Builder target = set == null ? reading.newSet() : set;
            set = target;
            int examples = (int) batch.features()[0].size(0);
            boolean[] counted = LogitRows.counted(batch.labelMask(replica.outputIndex()), logits.count(), examples);
            double[] scratch = new double[logits.columns()];
            int rows = logits.count() / examples;
            for (int row = 0; row < logits.count(); row++) {
                if (counted == null || counted[row]) {
                    largest = Math.max(largest, logits.magnitude(row));
                    if (lenient && !isFinite()) {
                        return;
                    }
                    int example = examplesBefore + row / rows;
                    reading.add(logits, labels, row, example, row % rows, scratch, target, places);
                    counts = true;
                    magnitudes += logits.magnitude(row);
                } else {
                    masked++;
                }
            }
            examplesBefore += examples;
            rowsBefore += logits.count();
        }

        CollectedMargins build() {
            if (set == null) {
                throw new IllegalArgumentException("the iterator has no data");
            } else if (!counts) {
                throw new IllegalArgumentException("the labels' masks leave no example");
            }
            MarginCounts of = new MarginCounts(examplesBefore, rowsBefore, masked, reader().marginsOfRow());
            return new CollectedMargins(set.build(), of, places.hardest(), places.classes(), magnitudes);
        }
    }

    private static void warnOfClipping(OutputHead head) {
        if (head.clip() > 0) {
            LOG.warn(
                    "{} of layer \"{}\" clips probabilities at {}, and training stops where they are reached; for late"
                            + " training set it to 0 (the reported margins are correct in any case)",
                    head.lossFunction().getClass().getSimpleName(),
                    head.name(),
                    head.clip());
        }
    }

    private static String configuration(Model network) {
        return TrainableNetwork.of(network).configuration().replaceAll("\"(iteration|epoch)Count\" : \\d+", "");
    }
}
