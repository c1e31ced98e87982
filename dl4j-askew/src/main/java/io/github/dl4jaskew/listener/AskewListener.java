package io.github.dl4jaskew.listener;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.internal.install.GridStep;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.internal.install.MeasuredParameter;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.network.TrainingCounts;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.internal.rule.Distances;
import io.github.dl4jaskew.internal.rule.LevelStatistics;
import io.github.dl4jaskew.internal.samediff.SameDiffLink;
import io.github.dl4jaskew.internal.samediff.SameDiffUpdater;
import io.github.dl4jaskew.interval.CellHistogram;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.pages.sink.Delivery;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.ProjectionMode;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.dataset.DataSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports the state of the constraint during training: eps, tau, infeasible share, distance to the grid and flips of
 * levels, in total and for each parameter; to the log and, if wanted, to a file. Changes nothing.
 *
 * <p>Infeasible is what the method draws back or clips at that time: weights outside their intervals once eps is below 1,
 * and weights beyond the hull, or farther beyond it than an open {@link Askew.Builder#hull} lets them be.
 *
 * <p>It works with every {@link QuantizedTraining}. For one without intervals, eps is reported as 1. Distances and flips are those of the weights that are trained, and
 * their nearest levels.
 *
 * <p>A report reads every constrained weight once; a byte for each of them is kept for the flips. DL4J calls listeners
 * before constraints have run, so a projection ({@link ProjectionMode}) is not yet seen. Thread safe: one listener may
 * be shared by the workers of a ParallelWrapper, whose networks are then distinguished.
 *
 * <p>A file that cannot be written (full disk, no permission) and a receiver that throws do not end the training. The first
 * failure is logged as a warning, and at the end of the epoch, or when it works again, how many reports are missing; {@link
 * #missedReports} has their number.
 */
public final class AskewListener extends BaseTrainingListener {

    /** Default number of iterations between two reports. */
    public static final int DEFAULT_FREQUENCY = 100;

    private static final Logger LOG = LoggerFactory.getLogger(AskewListener.class);

    private final int frequency;
    private final boolean byEpoch;
    private final @Nullable ReportFile file;
    private final List<Consumer<AskewSnapshot>> receivers;
    private final @Nullable Delivery<AskewReport> toFile;
    private final List<Delivery<AskewSnapshot>> toReceivers;
    private final @Nullable DataSet data;
    /** By model, as an object: DL4J's equals compares parameters. A model that is gone takes its censuses with it. */
    private final Map<WeakIdentity, MonitoredNetwork> networks = new HashMap<>();

    private int seen;
    private @Nullable AskewReport last;

    /** Reports every {@value #DEFAULT_FREQUENCY} iterations, to the log. */
    public AskewListener() {
        this(DEFAULT_FREQUENCY);
    }

    /**
     * Reports to the log.
     *
     * @param frequency iterations between two reports, at least 1
     * @throws IllegalArgumentException if the frequency is below 1
     */
    public AskewListener(int frequency) {
        this(frequency, false, null, List.of(), null);
    }

    private AskewListener(
            int frequency,
            boolean byEpoch,
            @Nullable ReportFile file,
            List<Consumer<AskewSnapshot>> receivers,
            @Nullable DataSet data) {
        if (frequency < 1) {
            throw new IllegalArgumentException("frequency is " + frequency + "; allowed is at least 1");
        }
        this.frequency = frequency;
        this.byEpoch = byEpoch;
        this.file = file;
        this.receivers = List.copyOf(receivers);
        this.toFile = file == null ? null : new Delivery<>(file.toString(), file::append);
        this.toReceivers = this.receivers.stream()
                .map(receiver -> new Delivery<AskewSnapshot>("a receiver of snapshots, " + receiver, receiver))
                .toList();
        this.data = data;
    }

    /** {@return a new listener that reports at the end of epochs instead} */
    public AskewListener byEpoch() {
        return new AskewListener(frequency, true, file, receivers, data);
    }

    /**
     * A listener that also appends each report to a file, one JSON object a line. A file that is there already is
     * continued; one that was set before on this listener is no longer written.
     *
     * @param path created if it is not there
     * @return a new listener
     */
    public AskewListener toJsonLines(Path path) {
        return new AskewListener(frequency, byEpoch, ReportFile.jsonLines(path), receivers, data);
    }

    /**
     * A listener that also appends each report to a file of comma-separated values, one row for each parameter and one
     * for the total, below a header. A file that is there already is continued; one that was set before on this
     * listener is no longer written.
     *
     * @param path created if it is not there
     * @return a new listener
     */
    public AskewListener toCsv(Path path) {
        return new AskewListener(frequency, byEpoch, ReportFile.csv(path), receivers, data);
    }

    /**
     * A listener that also hands on all it knows, with plan and weight histograms, in the thread of the training: {@code
     * listener.to(new AskewStorage(statsStorage, session))}. The histograms are counted in the pass that reports make
     * anyway; without a receiver they are not.
     *
     * @param receiver of each snapshot
     * @return a new listener
     */
    public AskewListener to(Consumer<AskewSnapshot> receiver) {
        List<Consumer<AskewSnapshot>> all = new ArrayList<>(receivers);
        all.add(receiver);
        return new AskewListener(frequency, byEpoch, file, all, data);
    }

    /**
     * A listener whose snapshots also have loss and accuracy on some data with the weights as they are and on their nearest
     * levels. Each report then runs the data four times through a copy of the network, which is kept: choose a few hundred
     * examples. Batch norm uses the running statistics of the float weights. For networks; SameDiff graphs are not scored.
     *
     * @param data features and labels, which are not changed
     * @return a new listener
     */
    public AskewListener scoring(DataSet data) {
        return new AskewListener(frequency, byEpoch, file, receivers, data);
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        if (!byEpoch && iteration % frequency == 0) {
            report(model, iteration, epoch, true);
        }
    }

    @Override
    public void onEpochEnd(Model model) {
        TrainingCounts counts = Network.of(model).counts();
        if (byEpoch && counts.epoch() % frequency == 0) {
            report(model, counts.iteration(), counts.epoch(), true);
        }
        sayMissing();
    }

    /** Warns of the reports that files and receivers have missed by now. */
    synchronized void sayMissing() {
        if (toFile != null) {
            toFile.reportMissed();
        }
        toReceivers.forEach(Delivery::reportMissed);
    }

    /**
     * {@return the number of reports that did not reach the file because it could not be written, plus those that did
     * not reach each receiver because it threw; 0 if nothing is missing}
     */
    public synchronized int missedReports() {
        int ofFile = toFile == null ? 0 : toFile.missed();
        return ofFile + toReceivers.stream().mapToInt(Delivery::missed).sum();
    }

    /**
     * Measures the network now.
     *
     * @param model a network with the constraint installed
     * @param iteration iteration to report and to take eps at
     * @param epoch epoch to report and to take eps at
     * @return the report, which is also logged and written
     * @throws IllegalStateException if no constraint is installed on the network
     * @throws java.io.UncheckedIOException if the file cannot be written
     */
    public AskewReport report(Model model, int iteration, int epoch) {
        return report(model, iteration, epoch, false);
    }

    private AskewReport report(Model model, int iteration, int epoch, boolean training) {
        List<InstalledParameter> installed = InstalledParameter.of(model);
        if (installed.isEmpty()) {
            throw new IllegalStateException("AskewListener: no constraint is installed on this network");
        }
        GridStep step = installed.get(0).step();
        double epsilon = step.epsilonAt(iteration, epoch);
        return report(
                model,
                MeasuredParameter.of(installed),
                epsilon,
                step.overhangAt(iteration, epoch),
                iteration,
                epoch,
                training,
                network -> new Background(
                        InstalledPlan.of(model, installed),
                        model.score(),
                        data == null ? null : network.score(model, data)));
    }

    /**
     * Measures a SameDiff graph now.
     *
     * @param graph a graph with the constraint installed
     * @param iteration iteration to report and to take eps at
     * @param epoch epoch to report and to take eps at
     * @return the report, which is also logged and written
     * @throws IllegalStateException if no constraint is installed on the graph
     * @throws java.io.UncheckedIOException if the file cannot be written
     */
    public AskewReport report(SameDiff graph, int iteration, int epoch) {
        return report(graph, iteration, epoch, Double.NaN, false);
    }

    /** Reports in training, where a failing file or receiver is warned of, or outside of it, where it throws. */
    AskewReport report(SameDiff graph, int iteration, int epoch, double score, boolean training) {
        SameDiffUpdater installed = SameDiffUpdater.of(graph);
        if (installed == null) {
            throw new IllegalStateException("AskewListener: no interval constraint is installed on this graph");
        }
        // SameDiff hands a copy of the graph to its listeners, which shares the training configuration.
        SameDiff linked = installed.graph();
        SameDiff trained = linked == null ? graph : linked;
        return report(
                trained,
                SameDiffLink.parameters(trained),
                installed.skew().epsilon().valueAt(iteration, epoch),
                installed.skew().overhangAt(iteration, epoch),
                iteration,
                epoch,
                training,
                network -> new Background(InstalledPlan.of(trained, installed), score, null));
    }

    /**
     * This listener for SameDiff, with the same frequency and file: {@code graph.setListeners(new
     * AskewListener(100).forSameDiff())}. Reports can be read here, at {@link #lastReport}.
     *
     * @return a listener that hands everything to this one
     */
    public Listener forSameDiff() {
        return new SameDiffListener(this);
    }

    /** Whether a report is due after an iteration. */
    boolean isDueAfterIteration(int iteration) {
        return !byEpoch && iteration % frequency == 0;
    }

    /** Whether a report is due at the end of an epoch. */
    boolean isDueAfterEpoch(int epoch) {
        return byEpoch && epoch % frequency == 0;
    }

    /** What receivers get in addition to the report. */
    private record Background(AskewPlan plan, double score, AskewSnapshot.@Nullable Scores scores) {}

    private synchronized AskewReport report(
            Object model,
            List<MeasuredParameter> parameters,
            double epsilon,
            double overhang,
            int iteration,
            int epoch,
            boolean training,
            Function<MonitoredNetwork, Background> background) {
        MonitoredNetwork network = watched(model);
        List<AskewReport.Row> rows = new ArrayList<>();
        List<CellHistogram> histograms = new ArrayList<>();
        Distances sum = Distances.NONE;
        long flipped = 0;
        for (MeasuredParameter p : parameters) {
            LevelStatistics census = network.census(p);
            Distances distances = take(census, p, epsilon, overhang);
            CellHistogram histogram = census.histogram();
            if (histogram != null) {
                histograms.add(histogram);
            }
            long changed = census.flips();
            rows.add(row(p.id().layer(), p.id().key(), distances, changed));
            sum = sum.plus(distances);
            flipped = changed < 0 ? -1 : flipped + changed;
        }
        AskewReport report =
                new AskewReport(iteration, epoch, epsilon, Interval.tau(epsilon), row("total", "", sum, flipped), rows);
        last = report;
        log(report);
        if (toFile != null) {
            deliver(toFile, report, iteration, training);
        }
        if (!receivers.isEmpty()) {
            Background known = background.apply(network);
            AskewSnapshot snapshot = new AskewSnapshot(
                    network.number(), known.plan(), report, known.score(), known.scores(), histograms);
            toReceivers.forEach(receiver -> deliver(receiver, snapshot, iteration, training));
        }
        return report;
    }

    private static <T> void deliver(Delivery<T> receiver, T item, int iteration, boolean training) {
        if (training) {
            receiver.attempt(item, iteration);
        } else {
            receiver.require(item);
        }
    }

    private Distances take(LevelStatistics census, MeasuredParameter p, double epsilon, double overhang) {
        ArrayWeights weights = new ArrayWeights(p.weights());
        return receivers.isEmpty()
                ? census.take(p.grid(), weights, epsilon, overhang)
                : census.takeWithHistogram(p.grid(), weights, epsilon, overhang);
    }

    /** {@return the latest report, or null before the first one} */
    public synchronized @Nullable AskewReport lastReport() {
        return last;
    }

    private MonitoredNetwork watched(Object model) {
        networks.keySet().removeIf(known -> known.get() == null);
        return networks.computeIfAbsent(new WeakIdentity(model), m -> new MonitoredNetwork(seen++));
    }

    /** A key that is equal to those of the same object, and does not keep it alive. */
    private static final class WeakIdentity extends WeakReference<Object> {
        private final int hash;

        WeakIdentity(Object model) {
            super(model);
            hash = System.identityHashCode(model);
        }

        @Override
        public boolean equals(Object other) {
            return this == other || (other instanceof WeakIdentity that && get() != null && get() == that.get());
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** Models whose levels are remembered. */
    synchronized int knownModels() {
        return networks.size();
    }

    private static AskewReport.Row row(String layer, String name, Distances d, long flips) {
        return new AskewReport.Row(layer, name, d.weights(), d.infeasibleShare(), d.mean(), d.largest(), flips);
    }

    private static void log(AskewReport r) {
        AskewReport.Row total = r.total();
        LOG.info(
                "iteration {}, epoch {}: eps {}, tau {}, infeasible {}, distance to the grid mean {} max {}"
                        + " half cells, flips {}",
                r.iteration(),
                r.epoch(),
                (float) r.epsilon(),
                (float) r.tau(),
                (float) total.infeasibleShare(),
                (float) total.meanDistance(),
                (float) total.maxDistance(),
                total.flips() < 0 ? "none counted yet" : total.flips());
    }
}
