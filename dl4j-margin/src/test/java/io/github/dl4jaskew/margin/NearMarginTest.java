package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.margin.homogeneity.Homogeneity;
import io.github.dl4jaskew.margin.metrics.NearMargin;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;

/** Networks with biases or batch norm, which have no normalized margin. */
class NearMarginTest {

    private final DataSet data = MarginNets.data(DataType.DOUBLE, 12);

    private MarginSnapshot measure(Model network) {
        return MarginTracker.builder(MarginNets.iterator(data, 12))
                .nearHomogeneous()
                .build()
                .measure(network, 1, 0);
    }

    private static DenseLayer biased(int in, int out, Activation activation) {
        DenseLayer layer = MarginNets.dense(in, out, activation);
        layer.setHasBias(true);
        return layer;
    }

    private static MultiLayerNetwork threeLayers(boolean bias, Activation activation) {
        DenseLayer second = MarginNets.dense(8, 8, activation);
        second.setHasBias(bias);
        second.setLayerName("second");
        DenseLayer first = MarginNets.dense(MarginNets.IN, 8, Activation.RELU);
        first.setLayerName("first");
        return MarginNets.network(
                MarginNets.base(DataType.DOUBLE), first, second, MarginNets.softmax(8, MarginNets.CLASSES));
    }

    private static BatchNormalization norm(String name) {
        return new BatchNormalization.Builder().name(name).nIn(8).nOut(8).build();
    }

    @Test
    void biasesAreInTheMarginButNotInItsNorm() {
        MultiLayerNetwork without = threeLayers(false, Activation.RELU);
        MultiLayerNetwork with = threeLayers(true, Activation.RELU);
        with.getLayer(0).setParam("W", without.getLayer(0).getParam("W").dup());
        with.getLayer(1).setParam("W", without.getLayer(1).getParam("W").dup());
        with.getLayer(2).setParam("W", without.getLayer(2).getParam("W").dup());
        double expected = measure(without).normalizedMargin().orElseThrow();
        MarginSnapshot zero = measure(with);
        assertThat(zero.normalizedMargin()).isEmpty();
        NearMargin near = zero.nearMargin().orElseThrow();
        assertThat(near.degree()).isEqualTo(3);
        assertThat(near.normalizedMargin()).isCloseTo(expected, within(1e-15));
        assertThat(near.leftOut()).containsExactly("biases of the layers [second]");

        with.getLayer(1).getParam("b").assign(.3);
        MarginSnapshot s = measure(with);
        NearMargin moved = s.nearMargin().orElseThrow();
        assertThat(moved.norm()).isEqualTo(near.norm());
        assertThat(moved.normalizedMargin())
                .isCloseTo(s.minimumMargin() / Math.pow(near.norm(), 3), within(1e-15))
                .isNotCloseTo(expected, within(1e-4));

        for (int layer = 0; layer < 3; layer++) {
            with.getLayer(layer).getParam("W").muli(1e6);
        }
        assertThat(measure(with).nearMargin().orElseThrow().normalizedMargin())
                .as("of large weights, beside which a bias is nothing")
                .isCloseTo(expected, within(1e-6));
    }

    @Test
    void beyondTheRangeOfDoubleThereIsAReason() {
        MultiLayerNetwork net = threeLayers(true, Activation.RELU);
        net.getLayer(1).getParam("b").assign(.3);
        for (int layer = 0; layer < 3; layer++) {
            net.getLayer(layer).getParam("W").muli(1e-170);
        }
        MarginSnapshot s = measure(net);
        assertThat(s.nearMargin()).isEmpty();
        assertThat(s.reasons())
                .anyMatch(reason -> reason.matches("near margin: .* to the power 3 is beyond the range of double"));
    }

    /** The layers from batch norm on, for the features that come out of it. */
    @Test
    void batchNormTakesTheScaleAway() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(DataType.DOUBLE),
                biased(MarginNets.IN, 8, Activation.IDENTITY),
                norm("norm"),
                MarginNets.softmax(8, MarginNets.CLASSES));
        net.fit(data);
        net.getLayer(1).getParam("beta").assign(0);
        NearMargin near = measure(net).nearMargin().orElseThrow();
        double gains = net.getLayer(1).getParam("gamma").norm2Number().doubleValue();
        double output = net.getLayer(2).getParam("W").norm2Number().doubleValue();
        assertThat(near.degree()).isEqualTo(2);
        assertThat(near.norm()).isCloseTo(Math.hypot(gains, output), within(1e-12));
        assertThat(near.leftOut())
                .containsExactly(
                        "biases of the layers [norm]", "the layers [layer0], whose scale batch norm takes away");
        net.getLayer(1).getParam("gamma").muli(7);
        net.getLayer(2).getParam("W").muli(7);
        assertThat(measure(net).nearMargin().orElseThrow().normalizedMargin())
                .isCloseTo(near.normalizedMargin(), within(1e-14));
    }

    @Test
    void batchNormInBranches() {
        ComputationGraph graph = new ComputationGraph(MarginNets.base(DataType.DOUBLE)
                .graphBuilder()
                .addInputs("in")
                .addLayer("stem", MarginNets.dense(MarginNets.IN, 8, Activation.IDENTITY), "in")
                .addLayer("norm", norm("norm"), "stem")
                .addLayer("conv", MarginNets.dense(8, 8, Activation.IDENTITY), "norm")
                .addLayer("norm2", norm("norm2"), "conv")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "norm", "norm2")
                .addLayer("classes", MarginNets.softmax(8, MarginNets.CLASSES), "sum")
                .setOutputs("classes")
                .build());
        graph.init();
        NearMargin near = measure(graph).nearMargin().orElseThrow();
        assertThat(near.degree()).isEqualTo(2);
        double w = graph.getLayer("classes").getParam("W").norm2Number().doubleValue();
        assertThat(near.norm()).as("gains of 1").isCloseTo(Math.sqrt(8 + 8 + w * w), within(1e-12));
        assertThat(near.leftOut().get(1)).contains("[stem, conv]");
    }

    @Test
    void neverTakesThePlaceOfTheOther() {
        MultiLayerNetwork homogeneous = MarginNets.mlp(DataType.DOUBLE);
        MarginSnapshot s = measure(homogeneous);
        assertThat(s.nearMargin().orElseThrow().normalizedMargin())
                .isCloseTo(s.normalizedMargin().orElseThrow(), within(1e-15));
        assertThat(s.nearMargin().orElseThrow().leftOut()).isEmpty();
        assertThat(MarginJson.read(MarginJson.write(s))).isEqualTo(s);
        assertThat(MarginTracker.builder(MarginNets.iterator(data, 12))
                        .build()
                        .measure(homogeneous, 1, 0)
                        .nearMargin())
                .as("not asked for")
                .isEmpty();
        MarginSnapshot tanh = measure(threeLayers(true, Activation.TANH));
        assertThat(tanh.nearMargin()).isEmpty();
        assertThat(tanh.reasons()).anyMatch(reason -> reason.startsWith("near margin: \"second\": activation tanh"));
        assertThat(Homogeneity.withoutBiases(threeLayers(true, Activation.RELU)).toString())
                .contains("without biases is homogeneous of degree 3");
    }
}
