package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** The count of inputs of ReLU that are near 0. */
class NearKinksTest {

    private static final DataType D = DataType.DOUBLE;
    /** What reaches ReLU behind a layer of weights 1 and 0; 4 of the 16 are below a thousandth. */
    private static final double[][] INPUTS = {{1, 2, -3, 1e-5}, {-1e-4, 1, 0, 4}, {2, -1, 1, 1}, {1, 1, 2e-4, -2}};

    private static DataSetIterator data(int batch) {
        INDArray labels = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}, {1, 0}, {0, 1}});
        return MarginNets.iterator(new DataSet(Nd4j.createFromArray(INPUTS), labels), batch);
    }

    private static double share(Model net, int batch, double near) {
        return MarginTracker.builder(data(batch))
                .nearKinks(near)
                .build()
                .measure(net, 1, 0)
                .gradient()
                .orElseThrow()
                .nearKinks()
                .orElseThrow();
    }

    private static MultiLayerNetwork unit(Activation activation, double scale) {
        MultiLayerNetwork net =
                MarginNets.network(MarginNets.base(D), MarginNets.dense(4, 4, activation), MarginNets.softmax(4, 2));
        net.getLayer(0).getParam("W").assign(Nd4j.eye(4).castTo(D).mul(scale));
        return net;
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"RELU", "LEAKYRELU"})
    void countsWhatIsNearZeroWhateverTheScaleAndTheMinibatches(Activation activation) {
        assertThat(share(unit(activation, 1), 4, 1e-3)).isEqualTo(4 / 16.0);
        assertThat(share(unit(activation, 1), 2, 1e-3)).isEqualTo(4 / 16.0);
        assertThat(share(unit(activation, 1e6), 4, 1e-3)).isEqualTo(4 / 16.0);
        assertThat(share(unit(activation, 1), 4, 1e-5)).isEqualTo(2 / 16.0);
        assertThat(share(unit(activation, 1), 4, 100)).isEqualTo(1);
    }

    @Test
    void countsActivationLayersAndGraphs() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(D),
                MarginNets.dense(4, 4, Activation.IDENTITY),
                new ActivationLayer(Activation.RELU),
                MarginNets.softmax(4, 2));
        net.getLayer(0).getParam("W").assign(Nd4j.eye(4).castTo(D));
        assertThat(share(net, 3, 1e-3)).isEqualTo(4 / 16.0);
        ComputationGraph graph = net.toComputationGraph();
        assertThat(share(graph, 3, 1e-3)).isEqualTo(4 / 16.0);
    }

    @Test
    void changesNoOtherMetric() {
        MultiLayerNetwork net = unit(Activation.RELU, 1);
        var without = MarginTracker.builder(data(4)).gradients().build().measure(net, 1, 0);
        var with = MarginTracker.builder(data(4)).nearKinks(1e-3).build().measure(net, 1, 0);
        assertThat(without.gradient().orElseThrow().nearKinks()).isEmpty();
        assertThat(with.gradient().orElseThrow().alignment())
                .isCloseTo(without.gradient().orElseThrow().alignment(), within(0.0));
        assertThat(with.normalizedMargin()).isEqualTo(without.normalizedMargin());
        assertThat(MarginJson.read(MarginJson.write(with))).isEqualTo(with);
    }

    @Test
    void saysWhyThereIsNothingToCount() {
        MarginSnapshot s =
                MarginTracker.builder(data(4)).nearKinks(1e-3).build().measure(unit(Activation.IDENTITY, 1), 1, 0);
        assertThat(s.gradient().orElseThrow().nearKinks()).isEmpty();
        assertThat(s.reasons()).anyMatch(reason -> reason.startsWith("near kinks: "));
    }

    @Test
    void refusesBadShares() {
        MarginTracker.Builder builder = MarginTracker.builder(data(4));
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> builder.nearKinks(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("share is " + bad);
        }
    }
}
