package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.metrics.MarginCounts;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** Logits of every kind of output, held against products of matrices made here. */
class LogitsTest {

    private static final DataType F = DataType.FLOAT;

    private static MarginSnapshot measure(MultiLayerNetwork net, DataSet data) {
        return MarginTracker.builder(new ExistingDataSetIterator(List.of(data)))
                .degree(1)
                .build()
                .measure(net, 1, 0);
    }

    /** Smallest difference between the true logit and the largest other one; rows by classes. */
    private static double smallestMargin(INDArray logits, INDArray labels) {
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < logits.rows(); i++) {
            double own = 0;
            double other = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < logits.columns(); j++) {
                double s = logits.getDouble(i, j);
                if (labels.getDouble(i, j) == 1) {
                    own = s;
                } else {
                    other = Math.max(other, s);
                }
            }
            smallest = Math.min(smallest, own - other);
        }
        return smallest;
    }

    @Test
    void ofAnOutputLayerBehindAHiddenOne() {
        MultiLayerNetwork net = MarginNets.mlp(F);
        DataSet data = MarginNets.data(F, 10);
        INDArray hidden = data.getFeatures().mmul(net.getParam("0_W"));
        INDArray logits = hidden.mul(hidden.gt(0).castTo(F)).mmul(net.getParam("1_W"));
        MarginSnapshot s =
                MarginTracker.builder(MarginNets.iterator(data, 3)).build().measure(net, 1, 0);
        assertThat(s.minimumMargin()).isCloseTo(smallestMargin(logits, data.getLabels()), within(1e-5));
        assertThat(s.examples()).isEqualTo(10);
        assertThat(Logits.of(net).of(data)[4][1]).isCloseTo(logits.getDouble(4, 1), within(1e-5));
        assertThat(s.degree().orElseThrow()).isEqualTo(2);
        assertThat(s.norm()).isCloseTo(net.params().norm2Number().doubleValue(), within(1e-5));
        assertThat(s.accuracy())
                .isCloseTo(net.evaluate(MarginNets.iterator(data, 3)).accuracy(), within(1e-12));
        assertThat(Math.exp(s.logLossSum().orElseThrow()) / 10).isCloseTo(net.score(data), within(1e-5));
        int row = s.hardestExample();
        assertThat(smallestMargin(
                        logits.get(NDArrayIndex.interval(row, row + 1), NDArrayIndex.all()),
                        data.getLabels().get(NDArrayIndex.interval(row, row + 1), NDArrayIndex.all())))
                .isCloseTo(s.minimumMargin(), within(1e-5));
    }

    @Test
    void ofALossLayerAndOfClassIndices() {
        DataSet data = MarginNets.data(F, 10);
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(F),
                MarginNets.dense(4, 3, Activation.IDENTITY),
                new LossLayer.Builder(new LossMCXENT(0, null))
                        .activation(Activation.SOFTMAX)
                        .build());
        double expected = smallestMargin(data.getFeatures().mmul(net.getParam("0_W")), data.getLabels());
        assertThat(measure(net, data).minimumMargin()).isCloseTo(expected, within(1e-5));

        MultiLayerNetwork sparse = MarginNets.network(
                MarginNets.base(F),
                new OutputLayer.Builder(new LossSparseMCXENT())
                        .nIn(4)
                        .nOut(3)
                        .hasBias(false)
                        .activation(Activation.SOFTMAX)
                        .build());
        sparse.params().assign(net.params());
        DataSet indices = new DataSet(
                data.getFeatures(), data.getLabels().argMax(1).castTo(F).reshape(10, 1));
        assertThat(measure(sparse, indices).minimumMargin()).isCloseTo(expected, within(1e-5));
    }

    @Test
    void ofOneSigmoidAndOfTwo() {
        INDArray x = MarginNets.normal(F, 1, 6, 4);
        INDArray y = Nd4j.createFromArray(1f, 0, 0, 1, 1, 0).reshape(6, 1);
        MultiLayerNetwork one = MarginNets.network(MarginNets.base(F), MarginNets.sigmoid(4, 1));
        INDArray logits = x.mmul(one.getParam("0_W"));
        double expected = logits.mul(y.mul(2).sub(1)).minNumber().doubleValue();
        MarginSnapshot single = measure(one, new DataSet(x, y));
        assertThat(single.minimumMargin()).isCloseTo(expected, within(1e-6));
        assertThat(single.loss()).contains(Loss.LOGISTIC);
        assertThat(Math.exp(single.logLossSum().orElseThrow()) / 6)
                .isCloseTo(one.score(new DataSet(x, y)), within(1e-5));

        MultiLayerNetwork two = MarginNets.network(MarginNets.base(F), MarginNets.sigmoid(4, 2));
        INDArray oneHot = Nd4j.hstack(y.rsub(1), y);
        MarginSnapshot classes = measure(two, new DataSet(x, oneHot));
        assertThat(classes.minimumMargin())
                .isCloseTo(smallestMargin(x.mmul(two.getParam("0_W")), oneHot), within(1e-6));
        assertThat(classes.loss()).isEmpty();
        assertThat(classes.smoothedMargin()).isEmpty();
        assertThat(classes.reasons()).singleElement().asString().contains("independentOutputs()");

        MarginSnapshot independent = MarginTracker.builder(
                        new ListDataSetIterator<>(List.of(new DataSet(x, oneHot)), 1))
                .independentOutputs()
                .build()
                .measure(two, 1, 0);
        assertThat(independent.counts()).isEqualTo(new MarginCounts(6, 6, 0, 2));
        assertThat(independent.minimumMargin())
                .isCloseTo(
                        x.mmul(two.getParam("0_W"))
                                .mul(oneHot.mul(2).sub(1))
                                .minNumber()
                                .doubleValue(),
                        within(1e-6));
        assertThat(Math.exp(independent.logLossSum().orElseThrow()) / 6)
                .isCloseTo(two.score(new DataSet(x, oneHot)), within(1e-5));
    }

    @Test
    void ofAnIdentityWithAnotherLoss() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(F),
                new OutputLayer.Builder(new LossMSE())
                        .nIn(4)
                        .nOut(3)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build());
        DataSet data = MarginNets.data(F, 5);
        MarginSnapshot s = MarginTracker.builder(MarginNets.iterator(data, 5))
                .gradients()
                .build()
                .measure(net, 1, 0);
        assertThat(s.minimumMargin())
                .isCloseTo(
                        smallestMargin(data.getFeatures().mmul(net.getParam("0_W")), data.getLabels()), within(1e-5));
        assertThat(s.normalizedMargin()).isPresent();
        assertThat(s.logLossSum()).isEmpty();
        assertThat(s.gradient()).isEmpty();
        assertThat(s.reasons()).hasSize(2).first().asString().contains("LossMSE");
    }

    @ParameterizedTest
    @CsvSource({"NCW, false", "NWC, false", "NCW, true", "NWC, true"})
    void ofSequencesWithMask(RNNFormat format, boolean lossLayer) {
        int time = 5;
        var output = lossLayer
                ? new RnnLossLayer.Builder(new LossMCXENT(0, null))
                        .dataFormat(format)
                        .activation(Activation.SOFTMAX)
                        .build()
                : new RnnOutputLayer.Builder(new LossMCXENT(0, null))
                        .dataFormat(format)
                        .nIn(3)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build();
        // A recurrent layer in front gives the logits something to be checked against.
        var recurrent = new org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn.Builder()
                .dataFormat(format)
                .nIn(4)
                .nOut(3)
                .activation(Activation.RELU)
                .build();
        MultiLayerNetwork net = MarginNets.network(MarginNets.base(F), recurrent, output);
        INDArray rows = MarginNets.oneHot(F, 3, 2 * time, 3).reshape(2, time, 3);
        INDArray x = MarginNets.normal(F, 4, 2, time, 4);
        INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 1, 1, 1}, {1, 1, 0, 0, 0}});
        boolean last = format == RNNFormat.NWC;
        DataSet data = new DataSet(
                last ? x : x.permute(0, 2, 1).dup(),
                last ? rows : rows.permute(0, 2, 1).dup(),
                null,
                mask);
        INDArray hidden = net.feedForward(data.getFeatures()).get(1);
        INDArray byRow = (last ? hidden : hidden.permute(0, 2, 1)).dup('c').reshape(2 * time, 3);
        INDArray logits = lossLayer ? byRow : byRow.mmul(net.getParam("1_W"));
        INDArray kept = Nd4j.vstack(logits.get(NDArrayIndex.interval(0, 7), NDArrayIndex.all()));
        INDArray labels = rows.dup('c').reshape(2 * time, 3).get(NDArrayIndex.interval(0, 7), NDArrayIndex.all());
        MarginSnapshot s = measure(net, data);
        assertThat(s.counts()).isEqualTo(new MarginCounts(2, 10, 3, 1));
        assertThat(s.counts().margins()).isEqualTo(7);
        assertThat(s.minimumMargin()).isCloseTo(smallestMargin(kept, labels), within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({"NCHW", "NHWC"})
    void ofImages(CNN2DFormat format) {
        var conv = new org.deeplearning4j.nn.conf.layers.ConvolutionLayer.Builder(1, 1)
                .dataFormat(format)
                .nIn(2)
                .nOut(3)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build();
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(F),
                conv,
                new CnnLossLayer.Builder(new LossMCXENT(0, null))
                        .format(format)
                        .activation(Activation.SOFTMAX)
                        .build());
        INDArray pixels = MarginNets.normal(F, 4, 2, 3, 4, 2);
        INDArray rows = MarginNets.oneHot(F, 3, 24, 3).reshape(2, 3, 4, 3);
        boolean last = format == CNN2DFormat.NHWC;
        DataSet data = new DataSet(
                last ? pixels : pixels.permute(0, 3, 1, 2).dup(),
                last ? rows : rows.permute(0, 3, 1, 2).dup());
        // Weights are [out, in, 1, 1].
        INDArray weights = net.getParam("0_W").dup('c').reshape(3, 2);
        INDArray logits = pixels.dup('c').reshape(24, 2).mmul(weights.transpose());
        MarginSnapshot s = measure(net, data);
        assertThat(s.counts()).isEqualTo(new MarginCounts(2, 24, 0, 1));
        assertThat(s.minimumMargin())
                .isCloseTo(smallestMargin(logits, rows.dup('c').reshape(24, 3)), within(1e-5));
    }

    @Test
    void ofVolumes() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(F),
                new Convolution3D.Builder(1, 1, 1)
                        .dataFormat(Convolution3D.DataFormat.NCDHW)
                        .nIn(2)
                        .nOut(3)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build(),
                new Cnn3DLossLayer.Builder(Convolution3D.DataFormat.NCDHW)
                        .lossFunction(new LossMCXENT(0, null))
                        .activation(Activation.SOFTMAX)
                        .build());
        INDArray x = MarginNets.normal(F, 4, 1, 2, 2, 2, 2);
        INDArray rows = MarginNets.oneHot(F, 3, 8, 3);
        DataSet data = new DataSet(
                x, rows.reshape(1, 2, 2, 2, 3).permute(0, 4, 1, 2, 3).dup());
        INDArray out = net.feedForward(x).get(1);
        INDArray logits = out.permute(0, 2, 3, 4, 1).dup('c').reshape(8, 3);
        assertThat(measure(net, data).minimumMargin()).isCloseTo(smallestMargin(logits, rows), within(1e-5));
    }

    @Test
    void ofANamedOutputOfAGraph() {
        var graph = MarginNets.graph(F);
        INDArray x = MarginNets.normal(F, 7, 6, 4);
        INDArray classes = MarginNets.oneHot(F, 8, 6, 3);
        INDArray binary = Nd4j.createFromArray(1f, 0, 0, 1, 1, 0).reshape(6, 1);
        var data = new org.nd4j.linalg.dataset.MultiDataSet(new INDArray[] {x}, new INDArray[] {classes, binary});
        var iterator = new org.deeplearning4j.datasets.iterator.utilty.SingletonMultiDataSetIterator(data);
        INDArray hidden = x.mmul(graph.getParam("hidden_W"));
        hidden = hidden.mul(hidden.gt(0).castTo(F));
        MarginSnapshot first = MarginTracker.builder(iterator)
                .output("classes")
                .gradients()
                .build()
                .measure(graph, 1, 0);
        assertThat(first.minimumMargin())
                .isCloseTo(smallestMargin(hidden.mmul(graph.getParam("classes_W")), classes), within(1e-5));
        assertThat(first.gradient().orElseThrow().alignment()).isBetween(-1.0, 1.0);
        MarginSnapshot second =
                MarginTracker.builder(iterator).output("other").build().measure(graph, 1, 0);
        assertThat(second.minimumMargin())
                .isCloseTo(
                        hidden.mmul(graph.getParam("other_W"))
                                .mul(binary.mul(2).sub(1))
                                .minNumber()
                                .doubleValue(),
                        within(1e-5));
        assertThat(second.loss()).contains(Loss.LOGISTIC);
        double[][] read = Logits.of(graph, "classes").of(data);
        INDArray expected = hidden.mmul(graph.getParam("classes_W"));
        Logits logits = Logits.of(graph, "classes");
        graph.params().muli(2);
        double[][] doubled = logits.of(data);
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 3; j++) {
                assertThat(read[i][j]).isCloseTo(expected.getDouble(i, j), within(1e-5));
                assertThat(doubled[i][j]).isCloseTo(4 * expected.getDouble(i, j), within(1e-5));
            }
        }
        assertThatThrownBy(() -> MarginTracker.builder(iterator).build().measure(graph, 1, 0))
                .hasMessageContaining("[classes, other]");
        assertThatThrownBy(() ->
                        MarginTracker.builder(iterator).output("x").build().measure(graph, 1, 0))
                .hasMessageContaining("\"x\"");
    }

    @Test
    void entropyOfProbabilitiesIsRefused() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(F),
                MarginNets.dense(4, 3, Activation.SOFTMAX),
                new LossLayer.Builder(new LossMCXENT())
                        .activation(Activation.IDENTITY)
                        .build());
        assertThatThrownBy(() -> measure(net, MarginNets.data(F, 3))).hasMessageContaining("probabilities");
        MultiLayerNetwork sigmoid = MarginNets.network(
                MarginNets.base(F),
                MarginNets.dense(4, 3, Activation.SIGMOID),
                new LossLayer.Builder(new LossBinaryXENT())
                        .activation(Activation.IDENTITY)
                        .build());
        assertThatThrownBy(() -> measure(sigmoid, MarginNets.data(F, 3))).hasMessageContaining("probabilities");
    }

    /** Largest and smallest losses of float32 networks: logits of 500, losses of 1e-217 and 1e-434. */
    @ParameterizedTest
    @CsvSource({"250", "500", "1000"})
    void largeLogitsInFloatAsInDouble(double scale) {
        double[] values = new double[2];
        double[] sums = new double[2];
        double[] alignments = new double[2];
        double[] smoothed = new double[2];
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            MultiLayerNetwork net = MarginNets.mlp(type);
            INDArray x = Nd4j.createFromArray(new double[][] {{1, .2, 0, 0}, {0, 1, .3, 0}, {0, .1, 1, 0}})
                    .castTo(type);
            INDArray first = Nd4j.zeros(type, 4, 8);
            INDArray second = Nd4j.zeros(type, 8, 3);
            for (int i = 0; i < 3; i++) {
                first.putScalar(new int[] {i, i}, Math.sqrt(scale));
                second.putScalar(new int[] {i, i}, Math.sqrt(scale));
            }
            net.setParam("0_W", first);
            net.setParam("1_W", second);
            MarginSnapshot s = MarginTracker.builder(new ListDataSetIterator<>(
                            List.of(new DataSet(x, Nd4j.eye(3).castTo(type))), 1))
                    .gradients()
                    .build()
                    .measure(net, 1, 0);
            int k = type == DataType.FLOAT ? 0 : 1;
            values[k] = s.normalizedMargin().orElseThrow();
            sums[k] = s.logLossSum().orElseThrow();
            smoothed[k] = s.smoothedMargin().orElseThrow();
            alignments[k] = s.gradient().orElseThrow().alignment();
            assertThat(s.gradient().orElseThrow().eulerResidual().orElseThrow()).isLessThan(1e-5);
        }
        assertThat(values[1]).isCloseTo(0.7 * scale / (6 * scale), within(1e-12));
        assertThat(values[0]).isCloseTo(values[1], within(1e-7));
        assertThat(sums[1]).isCloseTo(-0.7 * scale, within(1.0));
        assertThat(sums[0]).isCloseTo(sums[1], within(1e-4));
        assertThat(smoothed[0]).isCloseTo(smoothed[1], within(1e-4));
        assertThat(alignments[0]).isCloseTo(alignments[1], within(1e-4));
    }
}
