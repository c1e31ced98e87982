package io.github.dl4jaskew.bench;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.task.DigitsNetwork;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.storage.AskewStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An iteration of training with all weights constrained, halfway through the annealing, next to one of the same network with
 * the same updater and no constraint. The two take turns within an invocation, so that whatever else happens on the machine
 * happens to both.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 4)
@Fork(1)
public class StepBenchmark {

    /** What an updater proposes. */
    public enum Updater {
        /** Plain SGD. */
        SGD,
        /** Adam. */
        ADAM;

        private IUpdater config() {
            return this == SGD ? new Sgd(1e-3) : new Adam(1e-4);
        }
    }

    /** Medians of an iteration of measurement, in nanoseconds. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Times {

        private final List<Long> plain = new ArrayList<>();
        private final List<Long> constrained = new ArrayList<>();
        private final List<Long> report = new ArrayList<>();
        private final List<Long> stored = new ArrayList<>();

        /** Forgets what has been measured. */
        @Setup(Level.Iteration)
        public void reset() {
            plain.clear();
            constrained.clear();
            report.clear();
            stored.clear();
        }

        /**
         * An iteration of training without constraint.
         *
         * @return the median
         */
        public double plain() {
            return median(plain);
        }

        /**
         * An iteration of training with it.
         *
         * @return the median
         */
        public double constrained() {
            return median(constrained);
        }

        /**
         * A report of the listener.
         *
         * @return the median
         */
        public double report() {
            return median(report);
        }

        /**
         * A report with histograms that is posted to a storage.
         *
         * @return the median
         */
        public double stored() {
            return median(stored);
        }

        private static double median(List<Long> times) {
            return times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
        }
    }

    /** LeNet takes 64 images an iteration, the multilayer perceptron 100. */
    @Param
    public DigitsNetwork.Kind network;

    /** The updater of both networks. */
    @Param
    public Updater updater;

    private MultiLayerNetwork plain;
    private MultiLayerNetwork constrained;
    private AskewListener listener;
    private AskewListener storing;
    private INDArray features;
    private INDArray labels;

    /** Networks and a minibatch. */
    @Setup
    public void setUp() {
        Nd4j.getRandom().setSeed(1);
        int images = network == DigitsNetwork.Kind.LENET ? 64 : 100;
        features = Nd4j.rand(images, 784);
        labels = Nd4j.zeros(images, 10);
        for (int i = 0; i < images; i++) {
            labels.putScalar(i, i % 10, 1);
        }
        plain = network();
        constrained = network();
        Askew.builder()
                .grid(Grid.binary())
                .epsilon(Annealing.hold(0).thenExponential(0.3))
                .build()
                .install(constrained);
        constrained.setEpochCount(1);
        listener = new AskewListener();
        storing = new AskewListener().to(new AskewStorage(new InMemoryStatsStorage(), "benchmark"));
    }

    private MultiLayerNetwork network() {
        DataSet batch = new DataSet(features, labels);
        DigitsNetwork task = new DigitsNetwork(network, new Split(batch, batch));
        MultiLayerNetwork net = new MultiLayerNetwork(task.configuration(updater.config(), 1));
        net.init();
        return net;
    }

    /**
     * An iteration of each, in turns first.
     *
     * @param times takes what they took
     */
    @Benchmark
    public void pair(Times times) {
        boolean first = times.plain.size() % 2 == 0;
        time(first ? times.plain : times.constrained, () -> fit(first ? plain : constrained));
        time(first ? times.constrained : times.plain, () -> fit(first ? constrained : plain));
        time(times.report, () -> report(listener));
        time(times.stored, () -> report(storing));
    }

    private void report(AskewListener to) {
        to.report(constrained, constrained.getIterationCount(), constrained.getEpochCount());
    }

    private void fit(MultiLayerNetwork net) {
        net.fit(features, labels);
    }

    private static void time(List<Long> times, Runnable work) {
        long start = System.nanoTime();
        work.run();
        times.add(System.nanoTime() - start);
    }
}
