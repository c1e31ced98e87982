package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/** The product of the layers' norms and their balance mean something in chains only. */
class ChainTest {

    private static MarginSnapshot measure(Model network) {
        return MarginTracker.builder(MarginNets.iterator(MarginNets.data(DataType.DOUBLE, 4), 4))
                .build()
                .measure(network, 1, 0);
    }

    private static void assertNone(Model network, String reason) {
        MarginSnapshot s = measure(network);
        assertThat(s.normalizedMargin()).isPresent();
        assertThat(s.layerNorms()).isNotEmpty();
        assertThat(s.productNormalizedMargin()).isEmpty();
        assertThat(s.balance()).isEmpty();
        assertThat(s.reasons())
                .singleElement()
                .asString()
                .startsWith("product of norms and balance: ")
                .contains(reason);
    }

    @Test
    void aChainHasBoth() {
        MultiLayerNetwork net = MarginNets.mlp(DataType.DOUBLE);
        MarginSnapshot before = measure(net);
        assertThat(before.balance()).hasSize(1);
        assertThat(before.reasons()).isEmpty();
        net.getLayer(0).getParam("W").muli(3);
        MarginSnapshot after = measure(net);
        double product = before.productNormalizedMargin().orElseThrow();
        assertThat(after.productNormalizedMargin().orElseThrow()).isCloseTo(product, within(1e-14));
    }

    @Test
    void branchesThatJoin() {
        ComputationGraph graph = new ComputationGraph(MarginNets.base(DataType.DOUBLE)
                .graphBuilder()
                .addInputs("in")
                .addLayer("first", MarginNets.dense(MarginNets.IN, 8, Activation.RELU), "in")
                .addLayer("left", MarginNets.dense(8, 8, Activation.RELU), "first")
                .addLayer("right", MarginNets.dense(8, 8, Activation.RELU), "first")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "left", "right")
                .addLayer("classes", MarginNets.softmax(8, MarginNets.CLASSES), "sum")
                .setOutputs("classes")
                .build());
        graph.init();
        assertNone(graph, "\"sum\" joins 2 branches");
    }

    @Test
    void aGraphMayBeAChain() {
        ComputationGraph graph = new ComputationGraph(MarginNets.base(DataType.DOUBLE)
                .graphBuilder()
                .addInputs("in")
                .addVertex("twice", new ElementWiseVertex(ElementWiseVertex.Op.Add), "in", "in")
                .addLayer("first", MarginNets.dense(MarginNets.IN, 8, Activation.RELU), "twice")
                .addLayer("classes", MarginNets.softmax(8, MarginNets.CLASSES), "first")
                .setOutputs("classes")
                .build());
        graph.init();
        assertThat(measure(graph).productNormalizedMargin()).isPresent();
    }

    @Test
    void aLayerOfAnotherDegree() {
        DenseLayer cube = MarginNets.dense(MarginNets.IN, 8, Activation.CUBE);
        cube.setLayerName("cube");
        assertNone(
                MarginNets.network(MarginNets.base(DataType.DOUBLE), cube, MarginNets.softmax(8, MarginNets.CLASSES)),
                "\"cube\" adds 3 to the degree");
    }

    /** Layer norm takes the scale of what is before it away. */
    @Test
    void aLayerThatAddsNothing() {
        DenseLayer norm = MarginNets.dense(8, 8, Activation.RELU);
        norm.setLayerName("norm");
        norm.setHasLayerNorm(true);
        assertNone(
                MarginNets.network(
                        MarginNets.base(DataType.DOUBLE),
                        MarginNets.dense(MarginNets.IN, 8, Activation.RELU),
                        norm,
                        MarginNets.softmax(8, MarginNets.CLASSES)),
                "\"norm\" adds 0 to the degree");
    }

    /** A vertex may take the scale away, too. */
    @Test
    void aVertexThatTakesTheScaleAway() {
        ComputationGraph graph = new ComputationGraph(MarginNets.base(DataType.DOUBLE)
                .graphBuilder()
                .addInputs("in")
                .addLayer("first", MarginNets.dense(MarginNets.IN, 8, Activation.RELU), "in")
                .addVertex("unit", new L2NormalizeVertex(), "first")
                .addLayer("classes", MarginNets.softmax(8, MarginNets.CLASSES), "unit")
                .setOutputs("classes")
                .build());
        graph.init();
        assertNone(graph, "\"unit\" adds -1 to the degree");
    }

    @Test
    void aDegreeThatWasNamed() {
        MarginSnapshot s = MarginTracker.builder(MarginNets.iterator(MarginNets.data(DataType.DOUBLE, 4), 4))
                .degree(2)
                .build()
                .measure(
                        MarginNets.network(
                                MarginNets.base(DataType.DOUBLE),
                                MarginNets.dense(MarginNets.IN, 8, Activation.TANH),
                                MarginNets.softmax(8, MarginNets.CLASSES)),
                        1,
                        0);
        assertThat(s.normalizedMargin()).isPresent();
        assertThat(s.productNormalizedMargin()).isEmpty();
        assertThat(s.reasons()).singleElement().asString().contains("the degree was named");
    }
}
