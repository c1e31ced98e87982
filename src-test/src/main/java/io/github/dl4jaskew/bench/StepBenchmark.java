package io.github.dl4jaskew.bench;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.task.DigitsNetwork;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.storage.AskewStorage;
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
@Measurement(iterations = 9, time = 2)
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

    private enum Work {
        PLAIN,
        CONSTRAINED,
        REPORT,
        STORED
    }

    /** Medians of an iteration of measurement: microseconds, and ratios of turns. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Times extends Turns<Work> {

        /** Times of nothing. */
        public Times() {
            super(Work.class);
        }

        /**
         * An iteration of training without constraint.
         *
         * @return microseconds
         */
        public double plain() {
            return median(Work.PLAIN);
        }

        /**
         * An iteration of training with it.
         *
         * @return microseconds
         */
        public double constrained() {
            return median(Work.CONSTRAINED);
        }

        /**
         * A report of the listener.
         *
         * @return microseconds
         */
        public double report() {
            return median(Work.REPORT);
        }

        /**
         * A report with histograms that is posted to a storage.
         *
         * @return microseconds
         */
        public double stored() {
            return median(Work.STORED);
        }

        /**
         * An iteration with constraint over one without.
         *
         * @return the ratio
         */
        public double constrainedToPlain() {
            return ratio(Work.CONSTRAINED, Work.PLAIN);
        }

        /**
         * A report over an iteration with constraint.
         *
         * @return the ratio
         */
        public double reportToConstrained() {
            return ratio(Work.REPORT, Work.CONSTRAINED);
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
        if (times.count(Work.PLAIN) % 2 == 0) {
            times.time(Work.PLAIN, () -> fit(plain));
            times.time(Work.CONSTRAINED, () -> fit(constrained));
        } else {
            times.time(Work.CONSTRAINED, () -> fit(constrained));
            times.time(Work.PLAIN, () -> fit(plain));
        }
        times.time(Work.REPORT, () -> report(listener));
        times.time(Work.STORED, () -> report(storing));
    }

    private void report(AskewListener to) {
        to.report(constrained, constrained.getIterationCount(), constrained.getEpochCount());
    }

    private void fit(MultiLayerNetwork net) {
        net.fit(features, labels);
    }
}
