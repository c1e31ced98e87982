package io.github.dl4jaskew.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import io.github.dl4jaskew.activation.RunningClipLayer;
import io.github.dl4jaskew.baseline.BinaryConnect;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.grid.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;

/** A graph with a flat and a masked sequence input and two outputs, in double. */
class SeveralInputsTest {

    private static final int ROWS = 19;
    private static final int TIME = 4;

    private static ComputationGraph network(String... outputs) {
        var builder = new NeuralNetConfiguration.Builder()
                .seed(6)
                .dataType(DataType.DOUBLE)
                .updater(new Adam(0.05))
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("flat", "sequence")
                .setInputTypes(InputType.feedForward(3), InputType.recurrent(2, TIME))
                .addLayer("dense", new DenseLayer.Builder().nOut(5).build(), "flat")
                .addLayer(
                        "flatNorm",
                        new BatchNormalization.Builder().useLogStd(false).build(),
                        "dense")
                .addLayer("rnn", new SimpleRnn.Builder().nOut(4).build(), "sequence")
                .addLayer("pooled", new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), "rnn")
                .addVertex("merged", new MergeVertex(), "flatNorm", "pooled")
                .addLayer(
                        "mergedNorm",
                        new BatchNormalization.Builder().useLogStd(false).build(),
                        "merged")
                .addLayer("clip", new QuantizedActivationLayer(QuantizedActivation.signed(4)), "mergedNorm");
        for (String output : outputs) {
            builder.addLayer(
                    output,
                    new OutputLayer.Builder()
                            .nOut(2)
                            .activation(Activation.SOFTMAX)
                            .build(),
                    "clip");
        }
        ComputationGraph network =
                new ComputationGraph(builder.setOutputs(outputs).build());
        network.init();
        return network;
    }

    /** Labels of the second output are the others of the first. */
    private static MultiDataSet data(double beyondTheMask, int outputs) {
        Random random = new Random(8);
        INDArray flat = Nd4j.zeros(DataType.DOUBLE, ROWS, 3);
        INDArray sequence = Nd4j.zeros(DataType.DOUBLE, ROWS, 2, TIME);
        INDArray mask = Nd4j.ones(DataType.DOUBLE, ROWS, TIME);
        INDArray[] labels = new INDArray[outputs];
        for (int k = 0; k < outputs; k++) {
            labels[k] = Nd4j.zeros(DataType.DOUBLE, ROWS, 2);
        }
        for (int row = 0; row < ROWS; row++) {
            double sign = row % 2 == 0 ? 1 : -1;
            for (int i = 0; i < 3; i++) {
                flat.putScalar(row, i, sign + random.nextGaussian());
            }
            for (int t = 0; t < TIME; t++) {
                boolean isMasked = t > row % TIME;
                mask.putScalar(row, t, isMasked ? 0 : 1);
                for (int c = 0; c < 2; c++) {
                    sequence.putScalar(
                            new int[] {row, c, t}, isMasked ? beyondTheMask : 3 * sign + random.nextGaussian());
                }
            }
            for (int k = 0; k < outputs; k++) {
                labels[k].putScalar(row, (row + k) % 2, 1);
            }
        }
        return new org.nd4j.linalg.dataset.MultiDataSet(
                new INDArray[] {flat, sequence},
                labels,
                new INDArray[] {null, mask},
                outputs == 1 ? null : new INDArray[] {null, Nd4j.ones(DataType.DOUBLE, ROWS, 1)});
    }

    /** Minibatches of a size, all but the last. */
    private static MultiDataSetIterator batches(MultiDataSet data, int size) {
        List<MultiDataSet> batches = new ArrayList<>();
        for (int from = 0; from < ROWS; from += size) {
            int to = Math.min(ROWS, from + size);
            batches.add(new org.nd4j.linalg.dataset.MultiDataSet(
                    rows(data.getFeatures(), from, to),
                    rows(data.getLabels(), from, to),
                    rows(data.getFeaturesMaskArrays(), from, to),
                    rows(data.getLabelsMaskArrays(), from, to)));
        }
        return new Repeated(batches);
    }

    private static INDArray[] rows(INDArray[] arrays, int from, int to) {
        return arrays == null
                ? null
                : Stream.of(arrays)
                        .map(a -> a == null
                                ? null
                                : a.get(NDArrayIndex.interval(from, to)).dup())
                        .toArray(INDArray[]::new);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, ROWS})
    void statisticsAreThoseOfAllData(int size) {
        ComputationGraph network = network("a", "b");
        MultiDataSet data = data(0, 2);
        BatchNormStatistics.estimate(network, batches(data, size));
        ((RunningClipLayer) network.getLayer("clip")).setClip(1);
        network.setLayerMaskArrays(data.getFeaturesMaskArrays(), null);
        Map<String, INDArray> activations = network.feedForward(data.getFeatures(), false);
        requireMoments(network, "flatNorm", activations.get("dense"));
        requireMoments(network, "mergedNorm", activations.get("merged"));
    }

    private static void requireMoments(ComputationGraph network, String layer, INDArray input) {
        double[][] x = input.toDoubleMatrix();
        for (int c = 0; c < x[0].length; c++) {
            double mean = 0;
            double variance = 0;
            for (double[] row : x) {
                mean += row[c] / ROWS;
            }
            for (double[] row : x) {
                variance += (row[c] - mean) * (row[c] - mean) / ROWS;
            }
            assertThat(network.getLayer(layer).getParam("mean").getDouble(c)).isCloseTo(mean, within(1e-12));
            assertThat(network.getLayer(layer).getParam("var").getDouble(c)).isCloseTo(variance, within(1e-12));
        }
    }

    @Test
    void nothingBeyondTheMaskIsSeen() {
        ComputationGraph network = network("a", "b");
        ComputationGraph other = network("a", "b");
        BatchNormStatistics.estimate(network, batches(data(0, 2), 6));
        BatchNormStatistics.estimate(other, batches(data(1000, 2), 6));
        ActivationStatistics.estimate(network, batches(data(0, 2), 6));
        ActivationStatistics.estimate(other, batches(data(1000, 2), 6));
        assertThat(((RunningClipLayer) network.getLayer("clip")).clip()).isPositive();
        assertThat(other.params()).isEqualTo(network.params());
    }

    private static Stream<QuantizedTraining> methods() {
        return Stream.of(
                Askew.fromTrained(4, 1).grid(Grid.ternary()).build(),
                PostTrainingQuantization.builder().grid(Grid.ternary()).build(),
                BinaryConnect.builder().grid(Grid.ternary()).build());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyMethodQuantizesWithStatistics(QuantizedTraining method) {
        ComputationGraph network = network("a", "b");
        method.install(network);
        MultiDataSet data = data(0, 2);
        // Weights somewhere between the levels. Not by fit: in a JVM that has trained recurrent layers before, DL4J
        // hands a
        // gradient of rank 3 back to a layer behind global pooling of a masked sequence.
        network.setParams(network.params().mul(1.25));
        INDArray trained = network.params().dup();
        MultiDataSetIterator batches = batches(data, 6);
        QuantizedModel model = method.quantize(network, batches);
        assertThat(network.params()).isEqualTo(trained);
        ComputationGraph expected = method.quantize(network).toComputationGraph();
        BatchNormStatistics.estimate(expected, batches);
        ActivationStatistics.estimate(expected, batches);
        assertThat(model.toComputationGraph().params()).isEqualTo(expected.params());
        assertThat(model.toComputationGraph().getLayer("mergedNorm").getParam("mean"))
                .isNotEqualTo(method.quantize(network)
                        .toComputationGraph()
                        .getLayer("mergedNorm")
                        .getParam("mean"));
    }

    @Test
    void outputsAndEvaluationsAreThoseOfTheGraph() {
        ComputationGraph network = network("a", "b");
        PostTrainingQuantization method =
                PostTrainingQuantization.builder().grid(Grid.ternary()).build();
        MultiDataSet data = data(0, 2);
        MultiDataSetIterator batches = batches(data, 5);
        QuantizedModel model = method.quantize(network, batches);
        INDArray[] outputs = model.outputs(data.getFeatures());
        assertThat(outputs).isEqualTo(model.toComputationGraph().output(data.getFeatures()));
        assertThat(outputs).hasSize(2);
        for (String output : List.of("a", "b")) {
            Map<Integer, Evaluation[]> expected =
                    Map.of(output.equals("a") ? 0 : 1, new Evaluation[] {new Evaluation()});
            batches.reset();
            model.toComputationGraph().evaluate(batches, expected);
            assertThat(model.evaluate(batches, output).stats())
                    .isEqualTo(expected.values().iterator().next()[0].stats());
        }
        ComputationGraph single = network("a");
        MultiDataSetIterator one = batches(data(0, 1), 6);
        assertThat(method.quantize(single, one).evaluate(one).stats())
                .isEqualTo(method.quantize(single, one).evaluate(one, "a").stats());
    }

    @Test
    void whatDoesNotFitIsExplained() {
        ComputationGraph network = network("a", "b");
        PostTrainingQuantization method =
                PostTrainingQuantization.builder().grid(Grid.ternary()).build();
        ListDataSetIterator<DataSet> flat = new ListDataSetIterator<>(
                List.of(new DataSet(Nd4j.zeros(DataType.DOUBLE, 2, 3), Nd4j.zeros(DataType.DOUBLE, 2, 2))), 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> method.quantize(network, flat))
                .withMessageContaining("has 1 arrays of features, but the network has the inputs [flat, sequence]");
        QuantizedModel model = method.quantize(network);
        assertThatIllegalStateException()
                .isThrownBy(() -> model.evaluate(flat))
                .withMessageContaining("inputs [flat, sequence]; call evaluate with a MultiDataSetIterator");
        assertThatIllegalStateException()
                .isThrownBy(() -> model.evaluate(new SingletonMultiDataSetIterator(data(0, 2))))
                .withMessageContaining("outputs [a, b]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.evaluate(new SingletonMultiDataSetIterator(data(0, 2)), "c"))
                .withMessageContaining("no output 'c'; its outputs are [a, b]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.outputs(data(0, 2).getFeatures(0)))
                .withMessageContaining("1 arrays of features were given; the network has 2 inputs");
    }

    /** Minibatches of a list, each time in its order. */
    private static final class Repeated implements MultiDataSetIterator {

        private static final long serialVersionUID = 1L;

        private final List<MultiDataSet> batches;
        private int next;

        Repeated(List<MultiDataSet> batches) {
            this.batches = batches;
            next = batches.size();
        }

        @Override
        public MultiDataSet next(int examples) {
            return next();
        }

        @Override
        public void setPreProcessor(MultiDataSetPreProcessor preProcessor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MultiDataSetPreProcessor getPreProcessor() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean resetSupported() {
            return true;
        }

        @Override
        public boolean asyncSupported() {
            return false;
        }

        @Override
        public void reset() {
            next = 0;
        }

        @Override
        public boolean hasNext() {
            return next < batches.size();
        }

        @Override
        public MultiDataSet next() {
            return batches.get(next++);
        }
    }
}
