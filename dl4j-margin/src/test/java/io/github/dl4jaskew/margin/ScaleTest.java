package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.dl4jaskew.margin.metrics.GradientMetrics;
import io.github.dl4jaskew.margin.metrics.RobustnessMetrics;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** What does not depend on the scale of the weights, at scales whose logits leave the data type. */
class ScaleTest {

    private static MultiLayerNetwork deep(DataType type) {
        return MarginNets.network(
                MarginNets.base(type),
                MarginNets.dense(MarginNets.IN, 8, Activation.RELU),
                MarginNets.dense(8, 8, Activation.RELU),
                MarginNets.softmax(8, MarginNets.CLASSES));
    }

    private static MarginSnapshot measure(MultiLayerNetwork net, DataSet data) {
        return MarginTracker.builder(MarginNets.iterator(data, 5))
                .gradients()
                .neuralCollapse()
                .robustness()
                .build()
                .measure(net, 1, 0);
    }

    /** Labels that the network gives itself, so that the margins are positive. */
    private static DataSet learned(MultiLayerNetwork net, int rows) {
        DataSet data = MarginNets.data(DataType.FLOAT, rows);
        int[] best = net.output(data.getFeatures()).argMax(1).toIntVector();
        data.setLabels(Nd4j.zeros(DataType.FLOAT, rows, MarginNets.CLASSES));
        for (int i = 0; i < rows; i++) {
            data.getLabels().putScalar(i, best[i], 1);
        }
        return data;
    }

    @ParameterizedTest
    @ValueSource(ints = {-100, -60, -50, 40, 60})
    void floatNetworksAtAnyScale(int exponent) {
        MultiLayerNetwork net = deep(DataType.FLOAT);
        DataSet data = learned(net, 20);
        MarginSnapshot expected = measure(net, data);
        assertThat(expected.minimumMargin()).isPositive();
        net.params().muli(Math.scalb(1.0f, exponent));
        MarginSnapshot s = measure(net, data);
        // powers of 2 change no digit
        assertThat(s.minimumMargin()).isEqualTo(Math.scalb(expected.minimumMargin(), 3 * exponent));
        assertThat(s.norm()).isEqualTo(Math.scalb(expected.norm(), exponent));
        assertThat(s.normalizedMargin().orElseThrow())
                .isCloseTo(expected.normalizedMargin().orElseThrow(), within(1e-14));
        assertThat(s.accuracy()).isEqualTo(1);
        assertThat(s.collapse()).isEqualTo(expected.collapse());
        RobustnessMetrics robustness = s.robustness().orElseThrow();
        RobustnessMetrics unscaled = expected.robustness().orElseThrow();
        assertThat(robustness.smallestDistance().orElseThrow())
                .isCloseTo(unscaled.smallestDistance().orElseThrow(), withinPercentage(1e-4));
        assertThat(robustness.certificate().orElseThrow())
                .isCloseTo(unscaled.certificate().orElseThrow(), withinPercentage(1e-4));
        assertThat(robustness.layers().get(0).spectralNorm())
                .isCloseTo(Math.scalb(unscaled.layers().get(0).spectralNorm(), exponent), withinPercentage(1e-4));
        GradientMetrics gradient = s.gradient().orElseThrow();
        assertThat(gradient.eulerResidual().orElseThrow()).isLessThan(1e-6);
        assertThat(gradient.kktEpsilon()).isPresent();
        assertThat(gradient.kktDelta()).isPresent();
    }

    /** The numbers of a decimal scale: -.0197, not -.0231. */
    @Test
    void floatNetworkWhoseLogitsAreSubnormal() {
        MultiLayerNetwork net = deep(DataType.FLOAT);
        DataSet data = MarginNets.data(DataType.FLOAT, 20);
        MultiLayerNetwork exact = deep(DataType.DOUBLE);
        net.params().muli(1e-15f);
        exact.params().assign(net.params());
        double expected = measure(exact, MarginNets.data(DataType.DOUBLE, 20))
                .normalizedMargin()
                .orElseThrow();
        assertThat(measure(net, data).normalizedMargin().orElseThrow())
                .isCloseTo(expected, within(1e-5 * Math.abs(expected)));
    }

    @ParameterizedTest
    @CsvSource({"HALF, 1e-3", "HALF, 1", "HALF, 100"})
    void halfNetworksAreMeasuredInFloat(DataType type, double scale) {
        MultiLayerNetwork net = deep(type);
        net.params().muli(scale);
        MultiLayerNetwork exact = deep(DataType.DOUBLE);
        exact.params().assign(net.params());
        DataSet data = MarginNets.data(DataType.FLOAT, 20);
        MarginSnapshot s = measure(net, data);
        MarginSnapshot expected = measure(exact, data);
        double margin = expected.normalizedMargin().orElseThrow();
        assertThat(s.normalizedMargin().orElseThrow()).isCloseTo(margin, within(1e-5 * Math.abs(margin)));
        assertThat(s.gradient().orElseThrow().alignment())
                .isCloseTo(expected.gradient().orElseThrow().alignment(), within(1e-5));
    }

    /** Two classes share the second place, and logits of 1e30 have no digit left for that. */
    @Test
    void logitsBeyondTheDigitsOfTheirExponentials() {
        MultiLayerNetwork net = MarginNets.network(MarginNets.base(DataType.DOUBLE), MarginNets.softmax(2, 3));
        net.params().assign(Nd4j.createFromArray(new double[] {2, 1, 1, 1, 1, 1}));
        DataSet data = new DataSet(
                Nd4j.createFromArray(new double[][] {{1, 0}, {1, 0}}),
                Nd4j.createFromArray(new double[][] {{1, 0, 0}, {1, 0, 0}}));
        net.params().muli(20);
        GradientMetrics small = measureGradient(net, data);
        net.params().muli(1e30);
        GradientMetrics large = measureGradient(net, data);
        assertThat(small.alignment()).isGreaterThan(0.1);
        assertThat(large.alignment()).isCloseTo(small.alignment(), within(1e-12));
        assertThat(large.eulerResidual().orElseThrow()).isLessThan(1e-12);
        assertThat(large.kktEpsilon().orElseThrow())
                .isCloseTo(small.kktEpsilon().orElseThrow(), within(1e-12));
        assertThat(large.effectiveSupport()).isEqualTo(2);
        assertThat(large.windowedAlignment().orElseThrow()).isCloseTo(large.alignment(), within(1e-12));
    }

    private static GradientMetrics measureGradient(MultiLayerNetwork net, DataSet data) {
        return MarginTracker.builder(MarginNets.iterator(data, 2))
                .gradients()
                .build()
                .measure(net, 1, 0)
                .gradient()
                .orElseThrow();
    }
}
