package io.github.dl4jaskew.bench;

import io.github.dl4jaskew.margin.MarginTracker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a measurement of the margin costs, next to DL4J's own passes over the same data: a network of 784, 256 and 10
 * units, 10,000 examples in minibatches of 128. They take turns.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 9, time = 1)
@Fork(1)
public class MarginBenchmark {

    private static final int EXAMPLES = 10_000;
    private static final int MINIBATCH = 128;
    private static final int INPUTS = 784;
    private static final int HIDDEN = 256;
    private static final int CLASSES = 10;
    private static final int PAIRS = 200;

    private enum Work {
        EVALUATE,
        MARGIN,
        GRADIENTS,
        STATIONARITY,
        EPOCH
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
         * DL4J's evaluation.
         *
         * @return microseconds
         */
        public double evaluate() {
            return median(Work.EVALUATE);
        }

        /**
         * A measurement without gradients.
         *
         * @return microseconds
         */
        public double margin() {
            return median(Work.MARGIN);
        }

        /**
         * A measurement with the gradient metrics.
         *
         * @return microseconds
         */
        public double gradients() {
            return median(Work.GRADIENTS);
        }

        /**
         * A measurement with the stationarity of the margin.
         *
         * @return microseconds
         */
        public double stationarity() {
            return median(Work.STATIONARITY);
        }

        /**
         * DL4J's training of an epoch.
         *
         * @return microseconds
         */
        public double epoch() {
            return median(Work.EPOCH);
        }

        /**
         * A measurement without gradients over an evaluation.
         *
         * @return the ratio
         */
        public double marginToEvaluate() {
            return ratio(Work.MARGIN, Work.EVALUATE);
        }

        /**
         * A measurement with the gradient metrics over an epoch.
         *
         * @return the ratio
         */
        public double gradientsToEpoch() {
            return ratio(Work.GRADIENTS, Work.EPOCH);
        }

        /**
         * A measurement with the stationarity of the margin over an epoch.
         *
         * @return the ratio
         */
        public double stationarityToEpoch() {
            return ratio(Work.STATIONARITY, Work.EPOCH);
        }
    }

    private MultiLayerNetwork network;
    private MultiLayerNetwork trained;
    private DataSetIterator data;
    private MarginTracker margins;
    private MarginTracker gradients;
    private MarginTracker stationarity;
    private int iteration;

    /** Networks, data and trackers. */
    @Setup
    public void setUp() {
        Nd4j.getRandom().setSeed(1);
        List<DataSet> minibatches = new ArrayList<>();
        for (int from = 0; from < EXAMPLES; from += MINIBATCH) {
            int rows = Math.min(MINIBATCH, EXAMPLES - from);
            INDArray labels = Nd4j.zeros(rows, CLASSES);
            for (int row = 0; row < rows; row++) {
                labels.putScalar(row, (from + row) % CLASSES, 1);
            }
            minibatches.add(new DataSet(Nd4j.randn(rows, INPUTS), labels));
        }
        data = new ExistingDataSetIterator(minibatches);
        network = network();
        trained = network();
        margins = MarginTracker.builder(data).every(1).epochs().build();
        gradients = MarginTracker.builder(data).every(1).epochs().gradients().build();
        // Labels that the network predicts, without which the smallest margin is negative and there is nothing to
        // measure.
        List<DataSet> predicted = new ArrayList<>();
        for (DataSet batch : minibatches) {
            INDArray classes = network.output(batch.getFeatures()).argMax(1);
            INDArray labels = Nd4j.zeros(classes.length(), CLASSES);
            for (int row = 0; row < classes.length(); row++) {
                labels.putScalar(row, classes.getInt(row), 1);
            }
            predicted.add(new DataSet(batch.getFeatures(), labels));
        }
        stationarity = MarginTracker.builder(new ExistingDataSetIterator(predicted))
                .marginStationarity(PAIRS, 1e6)
                .build();
    }

    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Sgd(1e-3))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(INPUTS)
                        .nOut(HIDDEN)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(new LossMCXENT(0, null))
                        .nIn(HIDDEN)
                        .nOut(CLASSES)
                        .hasBias(false)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    /**
     * A turn of each but the slowest.
     *
     * @param times takes what they took
     */
    @Benchmark
    public void turns(Times times) {
        times.time(Work.EVALUATE, () -> {
            data.reset();
            network.evaluate(data);
        });
        times.time(Work.MARGIN, () -> margins.measure(network, ++iteration, 0));
        times.time(Work.GRADIENTS, () -> gradients.measure(network, ++iteration, 0));
        times.time(Work.EPOCH, () -> trained.fit(data));
    }

    /**
     * A measurement with the stationarity of the margin, by {@value #PAIRS} pairs, and an epoch of training.
     *
     * @param times takes what they took
     */
    @Benchmark
    @Warmup(iterations = 1, time = 1)
    @Measurement(iterations = 3, time = 1)
    public void stationarity(Times times) {
        times.time(Work.STATIONARITY, () -> stationarity.measure(network, ++iteration, 0));
        times.time(Work.EPOCH, () -> trained.fit(data));
    }
}
