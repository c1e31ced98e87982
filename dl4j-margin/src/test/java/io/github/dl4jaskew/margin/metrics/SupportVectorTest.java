package io.github.dl4jaskew.margin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradient descent on a linear model turns to the hard-margin support vector machine. */
class SupportVectorTest {

    @ParameterizedTest
    @EnumSource(
            value = Loss.class,
            names = {"EXPONENTIAL", "LOGISTIC"})
    void lateTrainingFindsTheHardMargin(Loss loss) {
        double[][] examples = examples(40, 5, 11);
        double[] machine = hardMargin(examples);
        LinearModel model = new LinearModel(loss, examples);
        for (int k = 0; k < 20_000; k++) {
            double logSum = model.margins().logLossSum();
            model.step(0.5, logSum);
        }
        double best = 1 / Vectors.norm(machine);
        assertThat(model.normalizedMargin()).isLessThanOrEqualTo(best + 1e-12).isCloseTo(best, within(1e-3 * best));
        assertThat(Drift.between(model.weights, machine)).isLessThan(2e-3);

        MarginSet margins = model.margins();
        assertThat(margins.logLossSum()).as("far below the smallest double").isLessThan(-1000);
        double logScale = margins.logLargestDerivative();
        double[] gradient = model.gradient(logScale);
        Alignment alignment = Alignment.of(model.weights, gradient);
        assertThat(alignment.beta()).isGreaterThan(1 - 1e-5);
        double logNorm = Math.log(Vectors.norm(gradient)) + logScale;
        double logSlack = Double.NEGATIVE_INFINITY;
        for (double q : margins.margins()) {
            double above = Math.log(q - margins.minimum());
            logSlack = Math.max(logSlack, loss.logDerivative(q) + above);
        }
        KktResiduals kkt = KktResiduals.of(margins.minimum(), model.norm(), 1, alignment, logNorm, logSlack);
        assertThat(kkt.epsilon() * best).isLessThan(5e-3);
        assertThat(kkt.delta() * best * best).isLessThan(5e-3);
        assertThat(SmoothedMargin.of(loss, margins.logLossSum(), model.norm(), 1))
                .isBetween(model.normalizedMargin() - Math.log(40) / model.norm() - 1e-12, model.normalizedMargin());
        double product = Vectors.dot(gradient, model.weights);
        assertThat(EulerResidual.of(product, logScale, margins, 1)).isLessThan(1e-12);
    }

    /** Dual coordinate ascent for min 1/2 |w|^2 so that <w, x_i> >= 1: w = sum of a_i x_i with a_i >= 0. */
    private static double[] hardMargin(double[][] examples) {
        double[] multipliers = new double[examples.length];
        double[] w = new double[examples[0].length];
        for (int sweep = 0; sweep < 20_000; sweep++) {
            for (int i = 0; i < examples.length; i++) {
                double[] x = examples[i];
                double next = Math.max(0, multipliers[i] + (1 - Vectors.dot(w, x)) / Vectors.dot(x, x));
                for (int j = 0; j < w.length; j++) {
                    w[j] += (next - multipliers[i]) * x[j];
                }
                multipliers[i] = next;
            }
        }
        for (double[] x : examples) {
            assertThat(Vectors.dot(w, x)).isGreaterThan(1 - 1e-9);
        }
        return w;
    }

    /** Gaussian points times their label, on the right side of a plane by 0.3 or more. */
    private static double[][] examples(int count, int features, long seed) {
        Random random = new Random(seed);
        double[][] examples = new double[count][];
        for (int i = 0; i < count; ) {
            double[] x = random.doubles(features, -2, 2).toArray();
            double side = x[0] - 0.5 * x[1] + 0.25 * x[2];
            if (side > 0.3) {
                examples[i++] = x;
            }
        }
        return examples;
    }
}
