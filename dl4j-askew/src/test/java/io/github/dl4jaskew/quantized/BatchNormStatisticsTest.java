package io.github.dl4jaskew.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.IteratorDataSetIterator;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.ops.transforms.Transforms;

class BatchNormStatisticsTest {

    private static final int ROWS = 13;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void denseMomentsAreThoseOfAllData(boolean logarithm) {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                .layer(norm(logarithm).build())
                .layer(output())
                .setInputType(InputType.feedForward(4))
                .build());
        network.init();
        INDArray features = features(ROWS, 4);
        float[] weights = network.getParam("0_W").dup().reshape(-1).toFloatVector();
        BatchNormStatistics.estimate(network, batches(features));
        INDArray input = network.feedForwardToLayer(0, features).get(1);
        requireMoments(network.getLayer(1), columns(input, 1));
        assertThat(network.getParam("0_W").dup().reshape(-1).toFloatVector()).isEqualTo(weights);
        requireNormalized(network.feedForwardToLayer(1, features).get(2));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void convolutionalMomentsAreThoseOfAllPixels(boolean channelsLast) {
        CNN2DFormat format = channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nOut(3)
                        .dataFormat(format)
                        .build())
                .layer(norm(true).dataFormat(format).build())
                .layer(output())
                .setInputType(InputType.convolutional(4, 5, 2, format))
                .build());
        network.init();
        INDArray features = channelsLast ? features(ROWS, 4, 5, 2) : features(ROWS, 2, 4, 5);
        BatchNormStatistics.estimate(network, batches(features));
        INDArray input = network.feedForwardToLayer(0, features).get(1);
        requireMoments(network.getLayer(1), columns(input, channelsLast ? 3 : 1));
    }

    /** Each layer has the moments of what reaches it at inference over all of the data, however that is divided. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 12, ROWS})
    void momentsDoNotDependOnMinibatches(int size) {
        NeuralNetConfiguration.ListBuilder layers =
                base().dataType(DataType.DOUBLE).list();
        for (int i = 0; i < 3; i++) {
            layers.layer(new DenseLayer.Builder().nOut(6).build())
                    .layer(norm(false).build())
                    .layer(new ActivationLayer(Activation.RELU));
        }
        MultiLayerNetwork network = new MultiLayerNetwork(
                layers.layer(output()).setInputType(InputType.feedForward(4)).build());
        network.init();
        INDArray features = features(ROWS, 4).castTo(DataType.DOUBLE);
        assertThat(BatchNormStatistics.estimate(network, batches(features, size)))
                .isEmpty();
        for (int layer = 1; layer < 9; layer += 3) {
            INDArray input =
                    network.feedForwardToLayer(layer - 1, features, false).get(layer);
            requireMoments(network.getLayer(layer), columns(input, 1), 1e-12);
        }
    }

    /** An ActivationLayer overwrites its input at inference, be it the user's array or what batch norm reads as well. */
    @Test
    void whatAnActivationLayerOverwritesIsReadBefore() {
        ComputationGraph network = new ComputationGraph(base().dataType(DataType.DOUBLE)
                .graphBuilder()
                .addInputs("in")
                .addLayer("first", new ActivationLayer(Activation.TANH), "in")
                .addLayer(
                        "dense",
                        new DenseLayer.Builder()
                                .nOut(4)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "first")
                .addLayer("norm", norm(false).build(), "dense")
                .addLayer("side", new ActivationLayer(Activation.TANH), "dense")
                .addVertex("merged", new MergeVertex(), "norm", "side")
                .addLayer("last", norm(false).build(), "merged")
                .addLayer("output", output(), "last")
                .setOutputs("output")
                .setInputTypes(InputType.feedForward(4))
                .build());
        network.init();
        INDArray features = features(ROWS, 4).castTo(DataType.DOUBLE);
        INDArray dense =
                Transforms.tanh(features, true).mmul(network.getLayer("dense").getParam("W"));
        BatchNormStatistics.estimate(network, batches(features));
        requireMoments(network.getLayer("norm"), columns(dense, 1), 1e-12);
        assertThat(features).isEqualTo(features(ROWS, 4).castTo(DataType.DOUBLE));
    }

    /** Squares of values far from zero would cancel. */
    @Test
    void aLargeMeanLeavesTheVarianceExact() {
        MultiLayerNetwork network = new MultiLayerNetwork(base().dataType(DataType.DOUBLE)
                .list()
                .layer(norm(false).build())
                .layer(output())
                .setInputType(InputType.feedForward(4))
                .build());
        network.init();
        INDArray features = features(ROWS, 4).castTo(DataType.DOUBLE).addi(1e8);
        BatchNormStatistics.estimate(network, batches(features));
        requireMoments(network.getLayer(0), columns(features, 1), 1e-6);
    }

    @Test
    void warnsOfFewerThanEightExamples() {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(norm(false).build())
                .layer(output())
                .setInputType(InputType.feedForward(4))
                .build());
        network.init();
        assertThat(BatchNormStatistics.estimate(network, batches(features(8, 4), 1)))
                .isEmpty();
        assertThat(BatchNormStatistics.estimate(network, batches(features(7, 4), 7)))
                .singleElement()
                .asString()
                .contains("over 7 examples", "at least 8");
        assertThat(BatchNormStatistics.estimate(network, batches(features(1, 4), 1)))
                .singleElement()
                .asString()
                .contains("over 1 example,");
        assertThat(network.params().dup().toFloatVector())
                .doesNotContain(Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
    }

    @Test
    void maskedTimeStepsDoNotReachTheLayerBehindAPooling() {
        assertThat(pooledMean(1000)).isEqualTo(pooledMean(0));
    }

    private static INDArray pooledMean(double beyondTheMask) {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(new SimpleRnn.Builder().nOut(3).build())
                .layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
                .layer(norm(false).build())
                .layer(output())
                .setInputType(InputType.recurrent(4, 6))
                .build());
        network.init();
        INDArray features = features(ROWS, 4, 6);
        INDArray mask = Nd4j.ones(ROWS, 6);
        features.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(4, 6))
                .assign(beyondTheMask);
        mask.get(NDArrayIndex.all(), NDArrayIndex.interval(4, 6)).assign(0);
        DataSet data = new DataSet(features, Nd4j.zeros(ROWS, 2), mask, null);
        BatchNormStatistics.estimate(network, new ListDataSetIterator<>(data.asList(), 5));
        return network.getLayer(2).getParam("mean").dup();
    }

    @Test
    void dataThatIsReadTwiceMustBeResettable() {
        for (int layers = 1; layers <= 2; layers++) {
            NeuralNetConfiguration.ListBuilder list = base().list();
            for (int i = 0; i < layers; i++) {
                list.layer(norm(false).build());
            }
            MultiLayerNetwork network = new MultiLayerNetwork(
                    list.layer(output()).setInputType(InputType.feedForward(4)).build());
            network.init();
            DataSet data = new DataSet(features(ROWS, 4), Nd4j.zeros(ROWS, 2));
            DataSetIterator once = new IteratorDataSetIterator(data.asList().iterator(), 5);
            if (layers == 1) {
                BatchNormStatistics.estimate(network, once);
                requireMoments(network.getLayer(0), columns(data.getFeatures(), 1));
            } else {
                INDArray before = network.params().dup();
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> BatchNormStatistics.estimate(network, once))
                        .withMessageContaining("read 2 times, but this iterator cannot be reset");
                assertThat(network.params()).isEqualTo(before);
            }
        }
    }

    @Test
    void dropoutAndWeightNoiseStayOut() {
        NeuralNetConfiguration.Builder noisy = base().dropOut(0.5).weightNoise(new DropConnect(0.5));
        MultiLayerNetwork network = new MultiLayerNetwork(noisy.list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).build())
                .layer(norm(true).build())
                .layer(output())
                .setInputType(InputType.feedForward(4))
                .build());
        network.init();
        String configuration = network.getLayerWiseConfigurations().toJson();
        INDArray features = features(ROWS, 4);
        BatchNormStatistics.estimate(network, batches(features));
        requireMoments(
                network.getLayer(1),
                columns(network.feedForwardToLayer(0, features).get(1), 1));
        assertThat(network.getLayerWiseConfigurations().toJson()).isEqualTo(configuration);
    }

    @Test
    void graphsAreEstimatedByVertex() {
        ComputationGraph network = new ComputationGraph(base().graphBuilder()
                .addInputs("in")
                .addLayer("conv", new ConvolutionLayer.Builder(2, 2).nOut(3).build(), "in")
                .addLayer("flat", new DenseLayer.Builder().nOut(4).build(), "conv")
                .addLayer("norm", norm(false).build(), "flat")
                .addLayer("spatial", norm(true).build(), "conv")
                .addLayer("side", new DenseLayer.Builder().nOut(4).build(), "spatial")
                .addVertex("merged", new MergeVertex(), "norm", "side")
                .addLayer("output", output(), "merged")
                .setOutputs("output")
                .setInputTypes(InputType.convolutional(4, 4, 1))
                .build());
        network.init();
        network.setListeners(new org.deeplearning4j.optimize.listeners.ScoreIterationListener(1));
        INDArray features = features(ROWS, 1, 4, 4);
        BatchNormStatistics.estimate(network, batches(features));
        requireMoments(
                network.getLayer("norm"),
                columns(network.feedForward(features, false).get("flat"), 1));
        requireMoments(
                network.getLayer("spatial"),
                columns(network.feedForward(features, false).get("conv"), 1));
        assertThat(network.getListeners()).hasSize(1);
    }

    @Test
    void nothingToDoWithoutBatchNorm() {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(output())
                .setInputType(InputType.feedForward(4))
                .build());
        network.init();
        INDArray before = network.params().dup();
        BatchNormStatistics.estimate(network, batches(features(ROWS, 4)));
        assertThat(network.params()).isEqualTo(before);
    }

    @Test
    void constantChannelsStayFinite() {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(norm(true).build())
                .layer(output())
                .setInputType(InputType.feedForward(4))
                .build());
        network.init();
        BatchNormStatistics.estimate(network, batches(Nd4j.ones(ROWS, 4)));
        assertThat(network.params().dup().toFloatVector())
                .doesNotContain(Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
    }

    @Test
    void refusesEmptyData() {
        MultiLayerNetwork network = new MultiLayerNetwork(base().list()
                .layer(norm(true).build())
                .layer(output())
                .setInputType(InputType.feedForward(4))
                .build());
        network.init();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchNormStatistics.estimate(network, new ListDataSetIterator<>(List.of(), 5)))
                .withMessageContaining("empty");
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(0.1))
                .activation(Activation.TANH);
    }

    private static BatchNormalization.Builder norm(boolean logarithm) {
        return new BatchNormalization.Builder().useLogStd(logarithm).activation(Activation.IDENTITY);
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build();
    }

    private static INDArray features(long... shape) {
        Random random = new Random(8);
        INDArray features = Nd4j.zeros(shape);
        for (long i = 0; i < features.length(); i++) {
            features.putScalar(i, 0.5 + 2 * random.nextGaussian());
        }
        return features;
    }

    /** Of 5, 5 and 3 examples; read to its end before. */
    private static DataSetIterator batches(INDArray features) {
        return batches(features, 5);
    }

    private static DataSetIterator batches(INDArray features, int size) {
        List<DataSet> examples = new DataSet(features, Nd4j.zeros(features.size(0), 2)).asList();
        DataSetIterator iterator = new ListDataSetIterator<>(examples, size);
        while (iterator.hasNext()) {
            iterator.next();
        }
        return iterator;
    }

    /** The values of each channel. */
    private static List<List<Double>> columns(INDArray input, int axis) {
        List<List<Double>> columns = new ArrayList<>();
        for (int c = 0; c < input.size(axis); c++) {
            INDArray values =
                    input.tensorAlongDimension(c, others(input.rank(), axis)).dup();
            List<Double> column = new ArrayList<>();
            for (long i = 0; i < values.length(); i++) {
                column.add(values.getDouble(i));
            }
            columns.add(column);
        }
        return columns;
    }

    private static int[] others(int rank, int axis) {
        return java.util.stream.IntStream.range(0, rank).filter(d -> d != axis).toArray();
    }

    private static void requireMoments(org.deeplearning4j.nn.api.Layer layer, List<List<Double>> columns) {
        requireMoments(layer, columns, 1e-5);
    }

    private static void requireMoments(
            org.deeplearning4j.nn.api.Layer layer, List<List<Double>> columns, double tolerance) {
        boolean logarithm = layer.paramTable().containsKey("log10stdev");
        for (int c = 0; c < columns.size(); c++) {
            double mean = columns.get(c).stream().mapToDouble(x -> x).average().orElseThrow();
            double variance = columns.get(c).stream()
                    .mapToDouble(x -> (x - mean) * (x - mean))
                    .average()
                    .orElseThrow();
            assertThat(layer.getParam("mean").getDouble(c)).isCloseTo(mean, within(tolerance * (1 + Math.abs(mean))));
            double stored = logarithm
                    ? Math.pow(10, 2 * layer.getParam("log10stdev").getDouble(c))
                    : layer.getParam("var").getDouble(c);
            assertThat(stored).isCloseTo(variance, within(10 * tolerance * variance));
        }
    }

    private static void requireNormalized(INDArray output) {
        for (List<Double> column : columns(output, 1)) {
            assertThat(column.stream().mapToDouble(x -> x).average().orElseThrow())
                    .isCloseTo(0, within(1e-5));
            assertThat(column.stream().mapToDouble(x -> x * x).average().orElseThrow())
                    .isCloseTo(1, within(1e-3));
        }
    }
}
