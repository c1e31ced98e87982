package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.margin.metrics.ConeProjection;
import io.github.dl4jaskew.margin.metrics.GradientMetrics;
import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.metrics.MarginStationarity;
import io.github.dl4jaskew.margin.metrics.SupportPair;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class MarginStationarityTest {

    /** x = (1, 0) and (0, 2), both positive; the best direction is (1, 1/2). */
    private static final DataSet TWO =
            new DataSet(Nd4j.createFromArray(new double[][] {{1, 0}, {0, 2}}), Nd4j.ones(DataType.DOUBLE, 2, 1));

    @Test
    void alignmentOneIsNoCriticalPointOfTheMargin() {
        // a stationary point of exp(-w0) + exp(-2 w1) on its sphere
        MarginSnapshot s = measure(1, .89952, .1);
        assertThat(s.normalizedMargin().orElseThrow()).isCloseTo(.743, within(1e-3));
        MarginStationarity m = s.marginStationarity().orElseThrow();
        assertThat(m.cosine()).isCloseTo(1 / Math.hypot(1, .89952), within(1e-12));
        assertThat(m.tangent().orElseThrow()).isCloseTo(.89952, within(1e-12));
        assertThat(m.support()).containsExactly(new SupportPair(0, 0, 0, 1, 0, 1, 1));
        assertThat(m.candidates()).isEqualTo(1);
        // by the exponential loss the alignment is 1 there, and only delta tells
        MultiLayerNetwork net = linear();
        set(net, 1, .89952);
        GradientMetrics gradient = builder()
                .loss(Loss.EXPONENTIAL)
                .gradients()
                .build()
                .measure(net, 1, 0)
                .gradient()
                .orElseThrow();
        assertThat(gradient.alignment()).isCloseTo(1, within(1e-9));
        assertThat(gradient.kktEpsilon().orElseThrow()).isCloseTo(0, within(1e-4));
        assertThat(gradient.kktDelta().orElseThrow()).isCloseTo(.359, within(1e-3));
        assertThat(1 / Math.hypot(1, .5)).as("the largest margin").isCloseTo(.894, within(1e-3));
    }

    @Test
    void theBestDirectionIsOne() {
        MarginStationarity m = measure(3, 1.5, .1).marginStationarity().orElseThrow();
        assertThat(m.cosine()).isCloseTo(1, within(1e-15));
        assertThat(m.tangent().orElseThrow()).isLessThan(1e-15);
        assertThat(m.support()).extracting(SupportPair::example).containsExactly(0, 1);
        assertThat(m.support().get(0).multiplier()).isCloseTo(.8, within(1e-12));
        assertThat(m.pairs()).isEqualTo(2);
    }

    @Test
    void emptyBeforeTheLateStage() {
        MarginSnapshot s = measure(1, -1, .1);
        assertThat(s.marginStationarity()).isEmpty();
        assertThat(s.reasons()).contains("margin stationarity: the minimum margin is not positive");
        assertThat(s.gradient().orElseThrow().windowedAlignment()).isEmpty();
        assertThat(s.reasons()).contains("KKT residuals and windowed alignment: the minimum margin is not positive");
    }

    @Test
    void theWindowBeginsInTheLateStageAndTellsItsRadius() {
        MultiLayerNetwork net = linear();
        MarginTracker tracker = builder().gradients().build();
        set(net, 1, -1);
        tracker.measure(net, 1, 0);
        set(net, 1, 1);
        assertThat(tracker.measure(net, 2, 0)
                        .gradient()
                        .orElseThrow()
                        .windowRadius()
                        .orElseThrow())
                .isCloseTo(0, within(1e-7));
        set(net, 0.1, 1);
        double cosine = 1.1 / Math.sqrt(2 * 1.01);
        assertThat(tracker.measure(net, 3, 0)
                        .gradient()
                        .orElseThrow()
                        .windowRadius()
                        .orElseThrow())
                .isCloseTo(Math.sqrt(1 - cosine), within(1e-7));
        set(net, 1, -1);
        tracker.measure(net, 4, 0);
        set(net, 1, 1);
        var again = tracker.measure(net, 5, 0).gradient().orElseThrow();
        assertThat(again.windowRadius().orElseThrow()).isCloseTo(0, within(1e-7));
        assertThat(again.windowedAlignment().orElseThrow()).isCloseTo(again.alignment(), within(1e-12));
    }

    /** Gradients of all pairs by central differences. */
    @Test
    void hiddenLayersAndSeveralClasses() {
        MultiLayerNetwork net = MarginNets.mlp(DataType.DOUBLE);
        INDArray x = MarginNets.normal(DataType.DOUBLE, 7, 6, MarginNets.IN);
        Logits logits = Logits.of(net);
        DataSet data = new DataSet(x, Nd4j.zeros(DataType.DOUBLE, 6, MarginNets.CLASSES));
        double[][] now = logits.of(data);
        int[] label = new int[6];
        for (int i = 0; i < 6; i++) {
            for (int j = 1; j < MarginNets.CLASSES; j++) {
                label[i] = now[i][j] > now[i][label[i]] ? j : label[i];
            }
            data.getLabels().putScalar(i, label[i], 1);
        }
        List<double[]> gradients = new ArrayList<>();
        for (int pair = 0; pair < 6 * 2; pair++) {
            gradients.add(new double[(int) net.numParams()]);
        }
        double[] w = net.params().toDoubleVector();
        for (int p = 0; p < w.length; p++) {
            double h = 1e-6;
            net.params().putScalar(p, w[p] + h);
            double[][] above = logits.of(data);
            net.params().putScalar(p, w[p] - h);
            double[][] below = logits.of(data);
            net.params().putScalar(p, w[p]);
            for (int i = 0, pair = 0; i < 6; i++) {
                for (int j = 0; j < MarginNets.CLASSES; j++) {
                    if (j != label[i]) {
                        double up = above[i][label[i]] - above[i][j];
                        double down = below[i][label[i]] - below[i][j];
                        gradients.get(pair++)[p] = (up - down) / (2 * h);
                    }
                }
            }
        }
        ConeProjection expected = ConeProjection.of(w, gradients);
        MarginStationarity m = MarginTracker.builder(MarginNets.iterator(data, 4))
                .marginStationarity(100, 1e9)
                .build()
                .measure(net, 1, 0)
                .marginStationarity()
                .orElseThrow();
        assertThat(m.candidates()).isEqualTo(12);
        assertThat(m.pairs()).isEqualTo(12);
        assertThat(m.cosine()).isCloseTo(expected.cosine(), within(1e-7));
        assertThat(m.support().stream().mapToDouble(SupportPair::multiplier).sum())
                .isCloseTo(1, within(1e-12));
        for (SupportPair pair : m.support()) {
            double q = now[pair.example()][pair.label()] - now[pair.example()][pair.other()];
            assertThat(pair.label()).isEqualTo(label[pair.example()]);
            assertThat(pair.margin()).isCloseTo(q, within(1e-12));
        }
        MarginStationarity three = MarginTracker.builder(MarginNets.iterator(data, 4))
                .marginStationarity(3, 1e9)
                .build()
                .measure(net, 1, 0)
                .marginStationarity()
                .orElseThrow();
        assertThat(three.pairs()).isEqualTo(3);
        assertThat(three.candidates()).isEqualTo(12);
        assertThat(three.cosine()).isLessThanOrEqualTo(m.cosine() + 1e-12);
    }

    @Test
    void jsonKeepsIt() {
        MarginSnapshot s = measure(3, 1.5, .1);
        assertThat(MarginJson.read(MarginJson.write(s))).isEqualTo(s);
    }

    @Test
    void badSettings() {
        assertThatThrownBy(() -> builder().marginStationarity(0, .1)).hasMessageContaining("pairs is 0");
        assertThatThrownBy(() -> builder().marginStationarity(1, Double.NaN)).hasMessageContaining("tau is NaN");
        assertThatThrownBy(() -> MarginTracker.free(1).marginStationarity().build())
                .hasMessageContaining("full training set");
    }

    private static MarginSnapshot measure(double first, double second, double tau) {
        MultiLayerNetwork net = linear();
        set(net, first, second);
        return builder().marginStationarity(200, tau).build().measure(net, 1, 0);
    }

    private static MarginTracker.Builder builder() {
        return MarginTracker.builder(MarginNets.iterator(TWO, 2));
    }

    private static MultiLayerNetwork linear() {
        return MarginNets.network(
                MarginNets.base(DataType.DOUBLE).activation(Activation.IDENTITY), MarginNets.sigmoid(2, 1));
    }

    private static void set(MultiLayerNetwork net, double... weights) {
        net.params().assign(Nd4j.createFromArray(weights));
    }
}
