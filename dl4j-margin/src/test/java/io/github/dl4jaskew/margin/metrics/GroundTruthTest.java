package io.github.dl4jaskew.margin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Problems whose margins are known, from a formula or from simulation in double. */
class GroundTruthTest {

    /** Gradient flow of the exponential loss on the data (1, 0), (0, 2): w_i(t) = log(r_i^2 t + 1) / r_i. */
    @ParameterizedTest
    @CsvSource({"1, 0.652628, 0.335825, 0.982935", "1e4, 0.866812, 0.845810, 0.998298"})
    void orthogonalData(double time, double margin, double smoothed, double beta) {
        LinearModel model = new LinearModel(Loss.EXPONENTIAL, new double[] {1, 0}, new double[] {0, 2});
        for (int i = 0; i < 2; i++) {
            double r = i + 1;
            model.weights[i] = Math.log(r * r * time + 1) / r;
        }
        assertThat(model.normalizedMargin()).isCloseTo(margin, within(1e-6));
        assertThat(SmoothedMargin.of(Loss.EXPONENTIAL, model.margins().logLossSum(), model.norm(), 1))
                .isCloseTo(smoothed, within(1e-6));
        assertThat(Alignment.of(model.weights, model.gradient(0)).beta()).isCloseTo(beta, within(1e-6));
    }

    @Test
    void separableDataOfGradientDescent() {
        double[][] half = {{.5, 1.5}, {1.5, .5}, {2.5, 1}, {3, .2}, {1.5, 2}, {2, 2}, {3, -.5}, {2.2, 1.2}};
        double[][] examples = new double[16][];
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < 16; i++) {
            examples[i] = half[i / 2];
            xx += examples[i][0] * examples[i][0];
            xy += examples[i][0] * examples[i][1];
            yy += examples[i][1] * examples[i][1];
        }
        double rate = 1 / Math.sqrt((xx + yy + Math.hypot(xx - yy, 2 * xy)) / 2);
        LinearModel model = new LinearModel(Loss.LOGISTIC, examples);
        descend(model, rate, 0, 100);
        assertState(model, 1.287077, 8.944, 3.4420, 3.776e-2);
        descend(model, rate, 100, 10_000);
        assertState(model, 1.379348, 2.699, 6.4671, 4.525e-4);
        descend(model, rate, 10_000, 100_000);
        assertState(model, 1.394501, 1.555, 8.0682, 4.583e-5);
    }

    private static void descend(LinearModel model, double rate, int from, int to) {
        for (int k = from; k < to; k++) {
            model.step(rate, 0);
        }
    }

    private static void assertState(LinearModel model, double margin, double degrees, double norm, double loss) {
        assertThat(model.normalizedMargin()).isCloseTo(margin, within(5e-7));
        double drift = Drift.between(model.weights, new double[] {1, 1});
        assertThat(Math.toDegrees(2 * Math.asin(drift / 2))).isCloseTo(degrees, within(5e-4));
        assertThat(model.norm()).isCloseTo(norm, within(5e-5));
        assertThat(Math.exp(model.margins().logLossSum())).isCloseTo(loss, within(loss * 2e-4));
    }

    @Test
    void productOfTwoWeights() {
        double a = 1.5;
        double b = 0.5;
        for (int k = 0; k < 100_000; k++) {
            double step = 0.05 * Math.exp(-a * b);
            double next = a + step * b;
            b += step * a;
            a = next;
        }
        double norm = Math.hypot(a, b);
        double margin = NormalizedMargin.of(a * b, norm, 2);
        assertThat(margin).isCloseTo(0.498164, within(5e-7));
        double balance = LayerBalance.of(a, b)[0];
        assertThat(margin).isCloseTo(a * b / Math.sqrt(balance * balance + 4 * a * b * a * b), within(1e-12));
        assertThat(Alignment.of(new double[] {a, b}, new double[] {-b, -a}).beta())
                .isCloseTo(2 * margin, within(1e-12));
        assertThat(NormalizedMargin.byLayers(a * b, a, b)).isCloseTo(1, within(1e-12));
        assertThat(EulerResidual.of(2 * a * b, a * b, 2)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2"})
    void twoPointsAt120Degrees(double first, double second) {
        double[][] inputs = {{first, 0}, {-second / 2, second * Math.sqrt(0.75)}};
        ReluModel model = new ReluModel(inputs, new double[] {1, -1}, 8, 1);
        for (int k = 0; k < 20_000; k++) {
            model.step(0.1);
        }
        assertThat(model.normalizedMargin()).isCloseTo(1 / (2 * (1 / first + 1 / second)), within(1e-3));
        assertThat(model.margins().logLossSum()).as("below all doubles").isLessThan(-1000);
    }

    @Test
    void exclusiveOr() {
        double[][] inputs = {{1, 1}, {-1, -1}, {1, -1}, {-1, 1}};
        ReluModel model = new ReluModel(inputs, new double[] {1, 1, -1, -1}, 16, 1);
        WindowedAlignment window = new WindowedAlignment(model.weights.length, 1000);
        double single = 1;
        for (int k = 0; k < 30_000; k++) {
            model.step(0.1);
            if (k >= 25_000) {
                MarginSet margins = model.margins();
                double logScale = margins.logLargestDerivative();
                double[] gradient = model.gradient(margins, logScale);
                single = Math.min(single, Alignment.of(model.weights, gradient).beta());
                window.add(gradient, logScale, margins.logDerivativeSum(), Vectors.norm(model.weights), 2);
            }
        }
        assertThat(model.normalizedMargin()).isCloseTo(1 / (4 * Math.sqrt(2)), within(1e-3));
        assertThat(single).isLessThan(0.9);
        assertThat(window.with(model.weights).beta()).isGreaterThan(0.999);
    }

    @Test
    void equalInputsWithDifferentLabelsNeverEnterTheLateStage() {
        LinearModel model = new LinearModel(
                Loss.LOGISTIC, new double[] {1, 2}, new double[] {-1, -2}, new double[] {2, 1}, new double[] {3, 3});
        LateStage stage = LateStage.before(Loss.LOGISTIC);
        for (int k = 1; k <= 2000; k++) {
            model.step(0.1, 0);
            stage = stage.next(k, model.margins().minimum(), model.margins().logLossSum());
        }
        assertThat(stage.firstSeparated()).isEmpty();
        assertThat(stage.firstBelowThreshold()).isEmpty();
        assertThat(stage.entry()).isEmpty();
    }
}
