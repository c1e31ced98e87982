package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.margin.metrics.LayerSpectrum;
import io.github.dl4jaskew.margin.metrics.RobustnessMetrics;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class RobustnessTest {

    private static final DataType TYPE = DataType.DOUBLE;

    /** s = (3, 4) x: the distance is the margin over 5, and the certificate the same bound. */
    @Test
    void ofALinearModelTheDistanceIsExact() {
        MultiLayerNetwork net = MarginNets.network(MarginNets.base(TYPE), MarginNets.sigmoid(2, 1));
        net.params().assign(Nd4j.createFromArray(3.0, 4.0));
        DataSet data =
                new DataSet(Nd4j.createFromArray(new double[][] {{1, 0}, {0, 2}, {2, 1}}), Nd4j.ones(TYPE, 3, 1));

        RobustnessMetrics r = measure(net, data).robustness().orElseThrow();

        assertThat(r.smallestDistance().orElseThrow()).isCloseTo(3.0 / 5, within(1e-12));
        assertThat(r.nearestExample().orElseThrow()).isZero();
        assertThat(r.medianDistance().orElseThrow()).isCloseTo(8.0 / 5, within(1e-12));
        assertThat(r.certificate().orElseThrow()).isCloseTo(3.0 / 5, within(1e-9));
        assertThat(r.layers()).hasSize(1);
        assertThat(r.layers().get(0).spectralNorm()).isCloseTo(5, within(1e-9));
        assertThat(r.layers().get(0).stableRank()).isCloseTo(1, within(1e-9));
    }

    /** The runner-up is at a distance of 1; the third class has a large gradient and is far nearer. */
    @Test
    void theNearestClassNeedNotBeTheRunnerUp() {
        MultiLayerNetwork net = MarginNets.network(MarginNets.base(TYPE), MarginNets.softmax(2, 3));
        net.getParam("0_W").assign(Nd4j.createFromArray(new double[][] {{1, .9, 0}, {0, 0, 10}}));
        DataSet data = new DataSet(
                Nd4j.createFromArray(new double[][] {{1, .05}}), Nd4j.createFromArray(new double[][] {{1, 0, 0}}));

        RobustnessMetrics r = measure(net, data).robustness().orElseThrow();

        assertThat(r.smallestDistance().orElseThrow()).isCloseTo(.5 / Math.sqrt(101), within(1e-12));
        assertThat(r.certificate().orElseThrow())
                .isLessThan(r.smallestDistance().orElseThrow());
    }

    @Test
    void spectralNormAndStableRankOfKnownSingularValues() {
        MultiLayerNetwork net = MarginNets.mlp(TYPE);
        net.getParam("0_W").assign(0);
        for (int i = 0; i < MarginNets.IN; i++) {
            net.getParam("0_W").putScalar(i, i, i == 0 ? 2 : 1); // singular values 2, 1, 1, 1
        }

        LayerSpectrum first = measure(net, predicted(net, MarginNets.normal(TYPE, 7, 6, MarginNets.IN)))
                .robustness()
                .orElseThrow()
                .layers()
                .get(0);

        assertThat(first.spectralNorm()).isBetween(2.0, 2 * (1 + 1e-4));
        assertThat(first.stableRank()).isCloseTo(7.0 / 4, within(1e-3));
    }

    /** Gradients by central differences, of an example at a time. */
    @Test
    void distancesThroughConvolutionPoolingAndBiases() {
        MultiLayerNetwork net = convolutional(Activation.RELU);
        INDArray x = MarginNets.normal(TYPE, 3, 5, 36);
        DataSet data = predicted(net, x);
        Logits logits = Logits.of(net);

        RobustnessMetrics r = measure(net, data).robustness().orElseThrow();

        double[] distances = new double[5];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = Double.POSITIVE_INFINITY;
            for (int j = 0; j < 3; j++) {
                double square = 0;
                double h = 1e-6;
                for (int k = 0; k < 36; k++) {
                    double up = margin(logits, shifted(data, i, k, h), i, j);
                    double down = margin(logits, shifted(data, i, k, -h), i, j);
                    square += Math.pow((up - down) / (2 * h), 2);
                }
                if (square > 0) { // 0 over the label itself
                    distances[i] = Math.min(distances[i], margin(logits, data, i, j) / Math.sqrt(square));
                }
            }
        }
        int nearest = r.nearestExample().orElseThrow();
        assertThat(r.smallestDistance().orElseThrow()).isCloseTo(distances[nearest], within(1e-6));
        assertThat(distances[nearest]).isEqualTo(Arrays.stream(distances).min().orElseThrow());
        Arrays.sort(distances);
        assertThat(r.medianDistance().orElseThrow()).isCloseTo(distances[2], within(1e-6));
    }

    /** Random changes and those along the gradient, as large as the certificate, change no prediction. */
    @Test
    void theCertificateHolds() {
        MultiLayerNetwork net = convolutional(Activation.TANH);
        DataSet data = predicted(net, MarginNets.normal(TYPE, 3, 5, 36));
        MarginSnapshot s = measure(net, data);
        double certificate = s.robustness().orElseThrow().certificate().orElseThrow();

        assertThat(certificate).isPositive();
        assertThat(certificate)
                .isLessThan(s.robustness().orElseThrow().smallestDistance().orElseThrow());
        Logits logits = Logits.of(net);
        for (int trial = 0; trial < 200; trial++) {
            INDArray change = MarginNets.normal(TYPE, 100 + trial, 5, 36);
            change.diviColumnVector(change.norm2(1)).muli(certificate);
            DataSet changed = new DataSet(data.getFeatures().add(change), data.getLabels());
            for (int i = 0; i < 5; i++) {
                assertThat(margin(logits, changed, i)).isPositive();
            }
        }
    }

    @Test
    void refusesACertificateWithTheLayer() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(TYPE),
                MarginNets.dense(4, 5, Activation.RELU),
                new BatchNormalization.Builder().name("norm").nOut(5).build(),
                MarginNets.softmax(5, 3));
        MarginSnapshot s = measure(net, predicted(net, MarginNets.normal(TYPE, 7, 6, 4)));
        assertThat(s.robustness().orElseThrow().certificate()).isEmpty();
        assertThat(s.robustness().orElseThrow().smallestDistance()).isEmpty();
        assertThat(s.reasons())
                .contains(
                        "certificate: of layer \"norm\", BatchNormalization has no known bound",
                        "distance to the decision boundary: BatchNormalization computes something else in training than in inference");

        MultiLayerNetwork cubed = MarginNets.network(
                MarginNets.base(TYPE), MarginNets.dense(4, 5, Activation.CUBE), MarginNets.softmax(5, 3));
        assertThat(measure(cubed, predicted(cubed, MarginNets.normal(TYPE, 7, 6, 4)))
                        .reasons())
                .anyMatch(reason -> reason.startsWith("certificate: of layer \"layer0\", activation cube"));
    }

    @Test
    void ofGraphsThereAreDistancesButNoCertificate() {
        var graph = MarginNets.graph(TYPE);
        var single = new org.nd4j.linalg.dataset.MultiDataSet(
                new INDArray[] {MarginNets.normal(TYPE, 7, 6, 4)},
                new INDArray[] {MarginNets.oneHot(TYPE, 8, 6, 3), Nd4j.ones(TYPE, 6, 1)});
        MarginTracker tracker = MarginTracker.builder(
                        new org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator(single))
                .output("classes")
                .robustness()
                .build();
        MarginSnapshot s = tracker.measure(graph, 1, 0);
        assertThat(s.reasons())
                .contains("certificate: it is measured of a MultiLayerNetwork, whose layers are a chain")
                .noneMatch(reason -> reason.startsWith("distance"));
        assertThat(s.robustness().orElseThrow().medianDistance()).isPresent();
        assertThat(s.robustness().orElseThrow().layers()).isEmpty();
    }

    @Test
    void ofAnEmbeddingThereIsAReason() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(TYPE),
                new EmbeddingLayer.Builder().name("words").nIn(7).nOut(5).build(),
                MarginNets.softmax(5, 3));
        DataSet data =
                new DataSet(Nd4j.createFromArray(new double[][] {{1}, {3}, {6}}), MarginNets.oneHot(TYPE, 8, 3, 3));

        MarginSnapshot s = measure(net, data);

        assertThat(s.robustness().orElseThrow().smallestDistance()).isEmpty();
        assertThat(s.reasons())
                .contains(
                        "distance to the decision boundary: layer \"words\" (EmbeddingLayer) has no gradient by its features");
    }

    /** DL4J's backward pass ends at a FrozenLayer, but not at a FrozenLayerWithBackprop. */
    @Test
    void ofFrozenLayersThereIsAReason() {
        DataSet data = MarginNets.data(TYPE, 6);
        DenseLayer first = MarginNets.dense(4, 5, Activation.RELU);
        DenseLayer second = MarginNets.dense(5, 4, Activation.RELU);
        MultiLayerNetwork free = MarginNets.network(MarginNets.base(TYPE), first, second, MarginNets.softmax(4, 3));
        FrozenLayer stopping = new FrozenLayer(second);
        stopping.setLayerName("fixed");
        MultiLayerNetwork frozen = MarginNets.network(MarginNets.base(TYPE), first, stopping, MarginNets.softmax(4, 3));
        frozen.setParams(free.params());
        MultiLayerNetwork passing = MarginNets.network(
                MarginNets.base(TYPE), first, new FrozenLayerWithBackprop(second), MarginNets.softmax(4, 3));
        passing.setParams(free.params());

        MarginSnapshot s = measure(frozen, data);

        assertThat(s.robustness().orElseThrow().smallestDistance()).isEmpty();
        assertThat(s.robustness().orElseThrow().medianDistance()).isEmpty();
        assertThat(s.reasons())
                .contains(
                        "distance to the decision boundary: layer \"fixed\" is a FrozenLayer, through which DL4J passes no gradient; use FrozenLayerWithBackprop");
        assertThat(measure(passing, data).robustness().orElseThrow().medianDistance())
                .isPresent()
                .isEqualTo(measure(free, data).robustness().orElseThrow().medianDistance());
    }

    @Test
    void survivesAFile() {
        MultiLayerNetwork net = convolutional(Activation.RELU);
        MarginSnapshot s = measure(net, predicted(net, MarginNets.normal(TYPE, 3, 5, 36)));
        assertThat(MarginJson.read(MarginJson.write(s))).isEqualTo(s);
    }

    private static MarginSnapshot measure(MultiLayerNetwork net, DataSet data) {
        return MarginTracker.builder(MarginNets.iterator(data, 2))
                .robustness()
                .build()
                .measure(net, 1, 0);
    }

    private static MultiLayerNetwork convolutional(Activation activation) {
        MultiLayerNetwork net = new MultiLayerNetwork(MarginNets.base(TYPE)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(2)
                        .activation(activation)
                        .build())
                .layer(new SubsamplingLayer.Builder(PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(MarginNets.softmax(8, 3))
                .setInputType(InputType.convolutionalFlat(6, 6, 1))
                .build());
        net.init();
        return net;
    }

    private static DataSet predicted(MultiLayerNetwork net, INDArray x) {
        INDArray classes = net.output(x).argMax(1);
        INDArray labels = Nd4j.zeros(TYPE, x.size(0), 3);
        for (int i = 0; i < x.size(0); i++) {
            labels.putScalar(i, classes.getInt(i), 1);
        }
        return new DataSet(x, labels);
    }

    private static DataSet shifted(DataSet data, int row, int column, double by) {
        INDArray x = data.getFeatures().dup();
        x.putScalar(row, column, x.getDouble(row, column) + by);
        return new DataSet(x, data.getLabels());
    }

    private static double margin(Logits logits, DataSet data, int example, int other) {
        double[] s = logits.of(data)[example];
        return s[data.getLabels().getRow(example).argMax().getInt(0)] - s[other];
    }

    private static double margin(Logits logits, DataSet data, int example) {
        double[] s = logits.of(data)[example];
        int label = data.getLabels().getRow(example).argMax().getInt(0);
        double other = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < s.length; j++) {
            other = j == label ? other : Math.max(other, s[j]);
        }
        return s[label] - other;
    }
}
