package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deeplearning4j.datasets.iterator.IteratorMultiDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** What the norm counts, and what keeps it from being that of the theory. */
class TrainingCaveatsTest {

    @Test
    void plainGradientDescentHasNone() {
        assertThat(measure(network(new Sgd(.1), hidden())).reasons()).isEmpty();
    }

    @Test
    void eachIsNamedWithItsLayers() {
        assertReason(network(new Adam(.1), hidden()), "Adam of the layers [h, output]", "linfNormalizedMargin");
        assertReason(network(new Nesterovs(.1), hidden()), "momentum of the layers [h, output]");
        assertReason(network(new Sgd(.1), hidden().l2(.1)), "weight decay or another regularization of the layers [h]");
        assertReason(network(new Sgd(.1), (DenseLayer.Builder) hidden().weightDecay(.1)), "weight decay", "[h]");
        assertReason(network(new Sgd(.1), hidden().dropOut(.5)), "dropout of the layers [h]");
        assertReason(network(new Sgd(.1), hidden().weightNoise(new DropConnect(.5))), "weight noise of the layers [h]");
        assertReason(
                network(new Sgd(.1), hidden().constrainWeights(new MaxNormConstraint(1, 1))),
                "constraints of the layers [h]");
    }

    @Test
    void marginsInOtherNorms() {
        MultiLayerNetwork net = MarginNets.network(MarginNets.base(DataType.DOUBLE), MarginNets.sigmoid(2, 1));
        net.params().assign(Nd4j.createFromArray(3.0, -4.0));
        DataSet data = new DataSet(Nd4j.createFromArray(new double[][] {{2, 1}}), Nd4j.ones(DataType.DOUBLE, 1, 1));
        MarginSnapshot s =
                MarginTracker.builder(MarginNets.iterator(data, 1)).build().measure(net, 1, 0);
        assertThat(s.normalizedMargin().orElseThrow()).isCloseTo(2.0 / 5, within(1e-15));
        assertThat(s.linfNormalizedMargin().orElseThrow()).isCloseTo(2.0 / 4, within(1e-15));
        assertThat(s.l1NormalizedMargin().orElseThrow()).isCloseTo(2.0 / 7, within(1e-15));
    }

    @Test
    void normsWhoseSquaresAreBeyondDouble() {
        for (double scale : new double[] {1e-170, 1e170}) {
            MultiLayerNetwork net = MarginNets.network(MarginNets.base(DataType.DOUBLE), MarginNets.sigmoid(2, 1));
            net.params().putScalar(0, 3 * scale);
            net.params().putScalar(1, -4 * scale);
            DataSet data = new DataSet(Nd4j.createFromArray(new double[][] {{2, 1}}), Nd4j.ones(DataType.DOUBLE, 1, 1));
            MarginSnapshot s =
                    MarginTracker.builder(MarginNets.iterator(data, 1)).build().measure(net, 1, 0);
            assertThat(s.norm() / scale).isCloseTo(5, within(1e-12));
            assertThat(s.normalizedMargin().orElseThrow()).isCloseTo(.4, within(1e-12));
        }
    }

    /** The scale of a second head is none of the first one's business. */
    @Test
    void anOutputCountsWhatLeadsToItAlone() {
        ComputationGraph graph = MarginNets.graph(DataType.DOUBLE);
        MarginSnapshot before = measureClasses(graph);
        graph.getVertex("other").getLayer().getParam("W").muli(1000);
        MarginSnapshot after = measureClasses(graph);
        assertThat(after.norm()).isEqualTo(before.norm());
        assertThat(after.layerNorms()).isEqualTo(before.layerNorms());
        assertThat(after.layerNorms()).hasSize(2);
        assertThat(after.normalizedMargin()).isEqualTo(before.normalizedMargin());
        assertThat(after.gradient()).isEqualTo(before.gradient());
        assertThat(after.gradient().orElseThrow().eulerResidual().orElseThrow()).isLessThan(1e-12);
    }

    private static MarginSnapshot measureClasses(ComputationGraph graph) {
        DataSet data = MarginNets.data(DataType.DOUBLE, 6);
        var both = new MultiDataSet(
                new INDArray[] {data.getFeatures()},
                new INDArray[] {data.getLabels(), Nd4j.ones(DataType.DOUBLE, 6, 1)});
        return MarginTracker.builder(new IteratorMultiDataSetIterator(
                        List.of((org.nd4j.linalg.dataset.api.MultiDataSet) both).iterator(), 6))
                .output("classes")
                .gradients()
                .inMemory()
                .build()
                .measure(graph, 1, 0);
    }

    private static DenseLayer.Builder hidden() {
        return new DenseLayer.Builder()
                .name("h")
                .nIn(MarginNets.IN)
                .nOut(5)
                .hasBias(false)
                .activation(Activation.RELU);
    }

    private static MultiLayerNetwork network(IUpdater updater, DenseLayer.Builder hidden) {
        NeuralNetConfiguration.Builder base = MarginNets.base(DataType.DOUBLE).updater(updater);
        var output = MarginNets.softmax(5, MarginNets.CLASSES);
        output.setLayerName("output");
        return MarginNets.network(base, hidden.build(), output);
    }

    private static void assertReason(Model network, String... parts) {
        assertThat(measure(network).reasons())
                .filteredOn(reason -> reason.startsWith("training:"))
                .singleElement()
                .asString()
                .contains(parts);
    }

    private static MarginSnapshot measure(Model network) {
        return MarginTracker.builder(MarginNets.iterator(MarginNets.data(DataType.DOUBLE, 4), 4))
                .build()
                .measure(network, 1, 0);
    }
}
