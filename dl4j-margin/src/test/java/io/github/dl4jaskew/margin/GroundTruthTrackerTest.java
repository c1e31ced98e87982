package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.margin.metrics.GradientMetrics;
import io.github.dl4jaskew.margin.metrics.Loss;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Trainings by DL4J, in double, whose margins are known. */
@Tag("training")
class GroundTruthTrackerTest {

    private static final double[][] HALF = {
        {.5, 1.5}, {1.5, .5}, {2.5, 1}, {3, .2}, {1.5, 2}, {2, 2}, {3, -.5}, {2.2, 1.2}
    };

    @Test
    void linearModelWithLogisticLoss() {
        DataSet data = symmetric();
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(DataType.DOUBLE)
                        .updater(new Sgd(1 / largestSingularValue()))
                        .miniBatch(false),
                MarginNets.sigmoid(2, 1));
        net.params().assign(0);
        MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(data, 5))
                .every(100)
                .iterations()
                .gradients()
                .build();
        net.addListeners(new MarginListener(tracker));
        fit(net, data, 300);
        net.params().assign(Nd4j.createFromArray(descend(net.params().toDoubleVector(), 9_600)));
        net.getLayerWiseConfigurations().setIterationCount(9_900);
        fit(net, data, 100);
        assertThat(tracker.history().snapshots())
                .extracting(MarginSnapshot::iteration)
                .containsExactly(100, 200, 300, 10_000);
        MarginSnapshot early = tracker.history().snapshots().get(0);
        assertThat(early.iteration()).isEqualTo(100);
        assertThat(early.normalizedMargin().orElseThrow()).isCloseTo(1.287077, within(1e-6));
        assertThat(early.norm()).isCloseTo(3.4420, within(1e-4));
        assertThat(Math.exp(early.logLossSum().orElseThrow())).isCloseTo(3.776e-2, within(1e-5));
        MarginSnapshot late = tracker.history().last();
        assertThat(late.normalizedMargin().orElseThrow()).isCloseTo(1.379348, within(1e-6));
        assertThat(late.norm()).isCloseTo(6.4671, within(1e-4));
        assertThat(Math.exp(late.logLossSum().orElseThrow())).isCloseTo(4.525e-4, within(1e-7));
        assertThat(late.gradient().orElseThrow().eulerResidual().orElseThrow()).isLessThan(1e-12);
        assertThat(late.gradient().orElseThrow().effectiveStep()).isPresent();
        assertThat(late.gradient().orElseThrow().alignment()).isBetween(0.99, 1.0);
        assertThat(late.stage().entered()).isTrue();
        assertThat(late.normGrowth().orElseThrow()).isBetween(0.5, 1.0);
    }

    @Test
    void productOfTwoWeightsWithExponentialLoss() {
        MultiLayerNetwork net = MarginNets.network(
                MarginNets.base(DataType.DOUBLE).updater(new Sgd(0.05)),
                MarginNets.dense(1, 1, Activation.IDENTITY),
                new OutputLayer.Builder(new ExponentialLoss())
                        .nIn(1)
                        .nOut(1)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build());
        net.params().assign(Nd4j.createFromArray(1.5, .5));
        DataSet one = new DataSet(Nd4j.ones(DataType.DOUBLE, 1, 1), Nd4j.ones(DataType.DOUBLE, 1, 1));
        MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(one, 1))
                .every(500)
                .iterations()
                .loss(Loss.EXPONENTIAL)
                .gradients()
                .window(1)
                .build();
        net.addListeners(new MarginListener(tracker));
        fit(net, one, 2000);
        for (MarginSnapshot s : tracker.history().snapshots()) {
            double a = s.layerNorms().get(0).norm();
            double b = s.layerNorms().get(1).norm();
            double c = a * a - b * b;
            double q = s.minimumMargin();
            double expected = q / Math.sqrt(c * c + 4 * q * q);
            GradientMetrics gradient = s.gradient().orElseThrow();
            assertThat(q).isCloseTo(a * b, within(1e-12));
            assertThat(s.normalizedMargin().orElseThrow()).isCloseTo(expected, within(1e-12));
            assertThat(s.smoothedMargin().orElseThrow()).isCloseTo(expected, within(1e-12));
            assertThat(s.productNormalizedMargin().orElseThrow()).isCloseTo(1, within(1e-12));
            assertThat(gradient.alignment()).isCloseTo(2 * expected, within(1e-12));
            assertThat(gradient.windowedAlignment().orElseThrow()).isCloseTo(2 * expected, within(1e-12));
            assertThat(gradient.kktDelta().orElseThrow()).isCloseTo(0, within(1e-12));
            assertThat(s.balance().get(0)).isCloseTo(c, within(1e-12));
        }
        assertThat(tracker.history().last().normalizedMargin().orElseThrow())
                .isCloseTo(marginOfProduct(2000), within(1e-9));
        assertThat(tracker.history().best()).contains(tracker.history().last());
    }

    /** Normalized, after so many steps of gradient descent on {@code exp(-a b)} from (1.5, 0.5), in plain Java. */
    private static double marginOfProduct(int steps) {
        double a = 1.5;
        double b = .5;
        for (int k = 0; k < steps; k++) {
            double size = 0.05 * Math.exp(-a * b);
            double next = a + size * b;
            b += size * a;
            a = next;
        }
        return a * b / (a * a + b * b);
    }

    private static void fit(MultiLayerNetwork net, DataSet data, int steps) {
        for (int k = 0; k < steps; k++) {
            net.fit(data);
        }
    }

    /** The steps that DL4J would do, in a thousandth of its time. */
    private static double[] descend(double[] start, int steps) {
        double[] w = start.clone();
        double rate = 1 / largestSingularValue();
        for (int k = 0; k < steps; k++) {
            double[] step = new double[2];
            for (double[] x : HALF) {
                // each point twice, with its mirror image
                double size = 2 * rate / (1 + Math.exp(w[0] * x[0] + w[1] * x[1]));
                step[0] += size * x[0];
                step[1] += size * x[1];
            }
            w[0] += step[0];
            w[1] += step[1];
        }
        return w;
    }

    private static DataSet symmetric() {
        INDArray x = Nd4j.createFromArray(HALF);
        INDArray y = Nd4j.vstack(Nd4j.ones(DataType.DOUBLE, 8, 1), Nd4j.zeros(DataType.DOUBLE, 8, 1));
        return new DataSet(Nd4j.vstack(x, x.neg()), y);
    }

    /** Of the 16 points. */
    private static double largestSingularValue() {
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (double[] point : HALF) {
            xx += 2 * point[0] * point[0];
            xy += 2 * point[0] * point[1];
            yy += 2 * point[1] * point[1];
        }
        return Math.sqrt((xx + yy + Math.hypot(xx - yy, 2 * xy)) / 2);
    }
}
