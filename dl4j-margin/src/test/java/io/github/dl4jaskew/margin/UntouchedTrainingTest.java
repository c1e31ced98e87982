package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.datasets.iterator.utilty.SingletonMultiDataSetIterator;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Measuring changes nothing, leaks nothing, and may be done from several threads. */
@Tag("training")
class UntouchedTrainingTest {

    private static final DataType F = DataType.FLOAT;

    private enum Mode {
        NONE,
        EPOCHS,
        ITERATIONS,
        FREE
    }

    private static MarginTracker tracker(Mode mode, DataSetIterator shared) {
        return switch (mode) {
            case EPOCHS ->
                MarginTracker.builder(shared)
                        .every(1)
                        .epochs()
                        .gradients()
                        .neuralCollapse()
                        .build();
            case ITERATIONS ->
                MarginTracker.builder(shared).every(2).iterations().gradients().build();
            default -> MarginTracker.free(2).every(1).iterations().build();
        };
    }

    /** With all that draws random numbers or keeps state. */
    private static MultiLayerNetwork random(WorkspaceMode workspaces) {
        return MarginNets.network(
                MarginNets.base(F)
                        .updater(new Adam(0.01))
                        .trainingWorkspaceMode(workspaces)
                        .inferenceWorkspaceMode(workspaces),
                new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(8)
                        .dropOut(new Dropout(0.7))
                        .weightNoise(new DropConnect(0.8))
                        .build(),
                new BatchNormalization.Builder().nIn(8).nOut(8).build(),
                MarginNets.softmax(8, 3));
    }

    private static float[] train(Mode mode, WorkspaceMode workspaces) {
        Nd4j.getRandom().setSeed(5);
        MultiLayerNetwork net = random(workspaces);
        DataSetIterator data = MarginNets.iterator(MarginNets.data(F, 14), 4);
        if (mode != Mode.NONE) {
            MarginTracker tracker = tracker(mode, data);
            net.addListeners(new MarginListener(tracker));
            net.fit(data, 3);
            assertThat(tracker.history().size()).isEqualTo(mode == Mode.EPOCHS ? 3 : mode == Mode.ITERATIONS ? 6 : 12);
            assertThat(tracker.history().last().upperBound()).isEqualTo(mode == Mode.FREE);
            assertThat(tracker.history().last().examples()).isEqualTo(mode == Mode.FREE ? 6 : 14);
        } else {
            net.fit(data, 3);
        }
        return MarginNets.parameters(net);
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkspaceMode.class,
            names = {"ENABLED", "NONE"})
    void weightsAreTheSameBitForBit(WorkspaceMode workspaces) {
        float[] without = train(Mode.NONE, workspaces);
        assertThat(train(Mode.NONE, workspaces)).as("deterministic").isEqualTo(without);
        for (Mode mode : List.of(Mode.EPOCHS, Mode.ITERATIONS, Mode.FREE)) {
            assertThat(train(mode, workspaces)).as(mode.name()).isEqualTo(without);
        }
    }

    private static float[] trainGraph(boolean measured, boolean free) {
        ComputationGraph graph = MarginNets.graph(F);
        INDArray x = MarginNets.normal(F, 7, 6, 4);
        INDArray[] labels = {
            MarginNets.oneHot(F, 8, 6, 3),
            Nd4j.createFromArray(1f, 0, 0, 1, 1, 0).reshape(6, 1)
        };
        var data = new SingletonMultiDataSetIterator(new MultiDataSet(new INDArray[] {x}, labels));
        if (measured) {
            MarginTracker.Builder builder =
                    free ? MarginTracker.free(1) : MarginTracker.builder(data).gradients();
            MarginTracker tracker =
                    builder.output("classes").every(1).iterations().build();
            graph.addListeners(new MarginListener(tracker));
            graph.fit(data, 4);
            assertThat(tracker.history().size()).isEqualTo(4);
            assertThat(tracker.history().last().examples()).isEqualTo(6);
        } else {
            graph.fit(data, 4);
        }
        return MarginNets.parameters(graph);
    }

    @Test
    void weightsOfAGraphAreTheSame() {
        float[] without = trainGraph(false, false);
        assertThat(trainGraph(true, false)).isEqualTo(without);
        assertThat(trainGraph(true, true)).isEqualTo(without);
    }

    private static float[] trainRecurrent(boolean measured) {
        Nd4j.getRandom().setSeed(5);
        MultiLayerNetwork net = new MultiLayerNetwork(MarginNets.base(F)
                .list()
                .layer(new LSTM.Builder()
                        .nIn(4)
                        .nOut(5)
                        .activation(Activation.TANH)
                        .build())
                .layer(new RnnOutputLayer.Builder(new LossMCXENT(0, null))
                        .nIn(5)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(3)
                .build());
        net.init();
        INDArray labels =
                MarginNets.oneHot(F, 3, 18, 3).reshape(2, 9, 3).permute(0, 2, 1).dup();
        DataSet data = new DataSet(MarginNets.normal(F, 4, 2, 4, 9), labels);
        if (measured) {
            MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(data, 2))
                    .every(1)
                    .iterations()
                    .gradients()
                    .build();
            net.addListeners(new MarginListener(tracker));
            fit(net, data, 3);
            assertThat(tracker.history().last().counts().rows()).isEqualTo(18);
            assertThat(tracker.history().last().normalizedMargin()).isEmpty();
            assertThat(tracker.history().last().reasons()).isNotEmpty();
        } else {
            fit(net, data, 3);
        }
        return MarginNets.parameters(net);
    }

    private static void fit(MultiLayerNetwork net, DataSet data, int times) {
        for (int i = 0; i < times; i++) {
            net.fit(data);
        }
    }

    @Test
    void stateOfARecurrentNetworkIsLeftAlone() {
        assertThat(trainRecurrent(true)).isEqualTo(trainRecurrent(false));
    }

    @Test
    void randomNumbersAreLeftAlone() {
        MultiLayerNetwork net = random(WorkspaceMode.ENABLED);
        DataSetIterator data = MarginNets.iterator(MarginNets.data(F, 14), 4);
        MarginTracker tracker =
                MarginTracker.builder(data).gradients().neuralCollapse().build();
        Nd4j.getRandom().setSeed(3);
        INDArray expected = Nd4j.rand(3);
        Nd4j.getRandom().setSeed(3);
        tracker.measure(net, 1, 0);
        assertThat(Nd4j.rand(3)).isEqualTo(expected);
    }

    /** The first thousand iterations let workspaces and caches reach their sizes. */
    @ParameterizedTest
    @CsvSource({"false, 10000", "true, 3000"})
    void thousandsOfIterationsLeakNothing(boolean free, int iterations) {
        MultiLayerNetwork net = MarginNets.network(MarginNets.base(F), MarginNets.softmax(4, 3));
        DataSet data = MarginNets.data(F, 4);
        MarginTracker.Builder builder =
                free ? MarginTracker.free(1) : MarginTracker.builder(MarginNets.iterator(data, 4));
        MarginTracker tracker = builder.every(1).iterations().build();
        MarginListener listener = new MarginListener(tracker);
        long workspaces = 0;
        long bytes = 0;
        for (int k = 0; k < iterations; k++) {
            fitSometimes(net, data, k);
            net.setInput(data.getFeatures());
            net.setLabels(data.getLabels());
            listener.onBackwardPass(net);
            listener.iterationDone(net, k, 0);
            if (k == 1000) {
                System.gc();
                workspaces = workspaceBytes();
                bytes = Pointer.totalBytes();
            }
        }
        System.gc();
        assertThat(tracker.history().size()).isEqualTo(iterations);
        assertThat(workspaceBytes()).isEqualTo(workspaces);
        assertThat(Pointer.totalBytes() - bytes).as("bytes of arrays").isLessThan(4L << 20);
    }

    /** Few real steps: they are DL4J's, and not what is looked at. */
    private static void fitSometimes(MultiLayerNetwork net, DataSet data, int k) {
        if (k % 100 == 0) {
            net.fit(data);
        }
    }

    private static long workspaceBytes() {
        return Nd4j.getWorkspaceManager().getAllWorkspacesForCurrentThread().stream()
                .mapToLong(MemoryWorkspace::getCurrentSize)
                .sum();
    }

    @Test
    void severalThreadsShareAListener() throws Exception {
        int threads = 3;
        int steps = 40;
        DataSet data = MarginNets.data(F, 12);
        MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(data, 5))
                .every(2)
                .iterations()
                .gradients()
                .build();
        MarginListener listener = new MarginListener(tracker);
        List<MultiLayerNetwork> nets =
                IntStream.range(0, threads).mapToObj(i -> MarginNets.mlp(F)).toList();
        nets.forEach(net -> net.setListeners(listener));
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(threads);
            List<Future<?>> done = nets.stream()
                    .<Future<?>>map(net -> pool.submit(() -> {
                        start.countDown();
                        start.await();
                        fit(net, data, steps);
                        return null;
                    }))
                    .toList();
            for (Future<?> future : done) {
                future.get();
            }
        } finally {
            pool.shutdownNow();
        }
        List<Integer> iterations = tracker.history().snapshots().stream()
                .map(MarginSnapshot::iteration)
                .toList();
        assertThat(iterations).isSorted().doesNotHaveDuplicates();
        assertThat(iterations.size()).isBetween(steps / 4, steps / 2);
        MultiLayerNetwork alone = MarginNets.mlp(F);
        fit(alone, data, steps);
        for (MultiLayerNetwork net : nets) {
            assertThat(MarginNets.parameters(net)).isEqualTo(MarginNets.parameters(alone));
        }
    }

    @Test
    void layersInputsAndMasksAreLeftAlone() {
        MultiLayerNetwork net = MarginNets.mlp(F);
        DataSet data = MarginNets.data(F, 6);
        net.setInput(data.getFeatures());
        net.feedForward(true, false);
        Map<Integer, INDArray> inputs =
                Map.of(0, net.getLayer(0).input(), 1, net.getLayer(1).input());
        MarginTracker.builder(MarginNets.iterator(data, 2)).gradients().build().measure(net, 1, 0);
        assertThat(net.getLayer(0).input()).isSameAs(inputs.get(0));
        assertThat(net.getLayer(1).input()).isSameAs(inputs.get(1));
        assertThat(List.of(net.getIterationCount(), net.getEpochCount())).containsExactly(0, 0);
    }
}
