package io.github.dl4jaskew.margin.internal.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.margin.MarginNets;
import io.github.dl4jaskew.margin.MarginTracker;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/** The degree of one of several outputs. */
class DegreeTest {

    /** Dropout before both outputs, tanh before the second, one layer more before the third. */
    private static ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(MarginNets.base(DataType.FLOAT)
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "hidden",
                        new DenseLayer.Builder()
                                .nIn(4)
                                .nOut(8)
                                .hasBias(false)
                                .dropOut(0.5)
                                .activation(Activation.RELU)
                                .build(),
                        "in")
                .addLayer("tanh", MarginNets.dense(8, 8, Activation.TANH), "hidden")
                .addLayer("relu", MarginNets.dense(8, 8, Activation.RELU), "hidden")
                .addLayer("clean", MarginNets.softmax(8, 3), "hidden")
                .addLayer("curved", MarginNets.softmax(8, 3), "tanh")
                .addLayer("deep", MarginNets.softmax(8, 3), "relu")
                .setOutputs("clean", "curved", "deep")
                .build());
        graph.init();
        return graph;
    }

    private static Degree of(int output) {
        return Degree.of(graph(), output, java.util.OptionalDouble.empty());
    }

    @Test
    void ofAnOutputIsNobodyElsesBusiness() {
        assertThat(of(0).value()).hasValue(2);
        assertThat(of(0).reasons()).isEmpty();
        assertThat(of(2).value()).hasValue(3);
        assertThat(of(1).value()).isEmpty();
        assertThat(of(1).reasons()).anyMatch(reason -> reason.contains("tanh"));
    }

    @Test
    void aLayerMayBeNamedLikeAnotherKind() {
        DenseLayer named = MarginNets.dense(MarginNets.IN, 8, Activation.RELU);
        named.setLayerName("BatchNormalization");
        MultiLayerNetwork network =
                MarginNets.network(MarginNets.base(DataType.DOUBLE), named, MarginNets.softmax(8, MarginNets.CLASSES));
        MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(MarginNets.data(DataType.DOUBLE, 12), 4))
                .gradients()
                .build();
        assertThat(tracker.measure(network, 0, 0).gradient()).isPresent();
    }
}
