package io.github.dl4jaskew.margin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class GradientMetricsTest {

    /** Logarithm of no slack. */
    private static final double NONE = Double.NEGATIVE_INFINITY;

    @Test
    void driftSeesDirectionsOnly() {
        assertThat(Drift.between(new double[] {1, 2, 3}, new double[] {2, 4, 6}))
                .isZero();
        assertThat(Drift.between(new double[] {1, 0}, new double[] {0, 7})).isCloseTo(Math.sqrt(2), within(1e-15));
        assertThat(Drift.between(new double[] {1, 2}, new double[] {-3, -6})).isCloseTo(2, within(1e-15));
        assertThat(Drift.between(new double[] {1e200, 0}, new double[] {1e-200, 1e-200}))
                .isCloseTo(Math.sqrt(2 - Math.sqrt(2)), within(1e-15));
    }

    @Test
    void smallDriftsKeepTheirDigits() {
        assertThat(Drift.between(new double[] {5, 0}, new double[] {3, 3e-12}))
                .isCloseTo(1e-12, withinPercentage(1e-6));
    }

    @Test
    void blocksAddUp() {
        double drift = new Drift(5, 5)
                .add(new double[] {3}, new double[] {4})
                .add(new double[] {4}, new double[] {3})
                .value();
        assertThat(drift).isCloseTo(Math.sqrt(0.08), within(1e-15));
        Alignment alignment = Alignment.accumulator(5, 10)
                .add(new double[] {3}, new double[] {-8})
                .add(new double[] {4}, new double[] {-6})
                .value();
        assertThat(alignment.beta()).isCloseTo(0.96, within(1e-15));
        assertThatThrownBy(() -> new Drift(5, 5).add(new double[1], new double[2]))
                .hasMessageContaining("1 and 2");
        assertThatThrownBy(() -> new Drift(0, 5)).hasMessageContaining("norm before is 0");
        assertThatThrownBy(() -> new Drift(1, 1)
                        .add(new double[] {Double.NaN}, new double[1])
                        .value())
                .hasMessageContaining("NaN");
    }

    @Test
    void alignmentIsTheAngleToSteepestDescent() {
        double[] w = {2, 0};
        for (double degrees : new double[] {1e-6, 1, 30, 60, 89}) {
            double angle = Math.toRadians(degrees);
            Alignment alignment = Alignment.of(w, new double[] {-5 * Math.cos(angle), 5 * Math.sin(angle)});
            assertThat(alignment.beta()).isCloseTo(Math.cos(angle), within(1e-15));
            assertThat(alignment.stationarity()).isCloseTo(Math.tan(angle), withinPercentage(1e-7));
        }
        assertThat(Alignment.of(w, new double[] {1, 0}).beta()).isEqualTo(-1);
        assertThat(Alignment.of(w, new double[] {1, 0}).stationarity()).isInfinite();
        assertThatThrownBy(() -> Alignment.of(w, new double[2])).hasMessageContaining("norm of the gradient is 0");
        assertThatThrownBy(() -> Alignment.of(w, new double[] {Double.NaN, 0}))
                .hasMessageContaining("element 0 is NaN");
        assertThatThrownBy(() -> new Alignment(2.1)).hasMessageContaining("distance");
    }

    @Test
    void theWindowAveragesGradientsOfTheSameLength() {
        double[] w = {1, 1};
        WindowedAlignment window = new WindowedAlignment(2, 10);
        assertThatThrownBy(() -> window.with(w)).hasMessageContaining("norm of the gradient is 0");
        window.add(new double[] {-1, 0}, 0, 0, 1, 2);
        assertThat(window.with(w).beta()).isCloseTo(Math.sqrt(0.5), within(1e-15));
        double derivatives = -2000;
        window.add(new double[] {0, -3 * Math.exp(-5)}, derivatives + 5, derivatives, 3, 2);
        assertThat(window.with(w).beta()).isCloseTo(1, within(1e-15));
        assertThatThrownBy(() -> window.add(new double[1], 0, 0, 1, 1)).hasMessageContaining("2 and 1");
        assertThatThrownBy(() -> window.add(new double[2], 0, 0, 0, 1)).hasMessageContaining("norm is 0");
        assertThatThrownBy(() -> new WindowedAlignment(2, 0)).hasMessageContaining("window is 0");
    }

    @Test
    void theWindowForgets() {
        WindowedAlignment window = new WindowedAlignment(2, 4);
        window.add(new double[] {0, -1}, 0, 0, 1, 1);
        for (int i = 0; i < 200; i++) {
            window.add(new double[] {-1, 0}, 0, 0, 1, 1);
        }
        assertThat(window.with(new double[] {1, 0}).beta()).isCloseTo(1, within(1e-12));
    }

    @Test
    void effectiveStepFollowsItsFormula() {
        assertThat(EffectiveStep.of(0.1, 4, 3, 3, Math.log(0.2))).isCloseTo(0.1 / 4 * 3 * 0.2, within(1e-15));
        assertThat(EffectiveStep.of(0.1, 4, 3, 1, Math.log(0.2))).isCloseTo(0.1 / 4 / 3 * 0.2, within(1e-15));
        assertThat(EffectiveStep.log(1, 1, 7, 2, -5000)).isEqualTo(-5000);
        assertThatThrownBy(() -> EffectiveStep.of(0, 1, 1, 1, 0)).hasMessageContaining("learning rate is 0");
        assertThatThrownBy(() -> EffectiveStep.of(1, 0, 1, 1, 0)).hasMessageContaining("number of examples is 0");
    }

    @Test
    void effectiveSupportIsBetweenOneAndAll() {
        assertThat(EffectiveSupport.of(Loss.LOGISTIC, 900, 900, 900)).isCloseTo(3, within(1e-10));
        assertThat(EffectiveSupport.of(Loss.EXPONENTIAL, 1e4, 2e4)).isCloseTo(1, within(1e-15));
        double third = Math.log(3);
        assertThat(EffectiveSupport.of(Loss.EXPONENTIAL, 500, 500 + third)).isCloseTo(1.6, within(1e-10));
        MarginSet set =
                MarginSet.of(Loss.EXPONENTIAL).add(1, true).add(1 + third, true).build();
        assertThat(set.effectiveSupport()).isCloseTo(1.6, within(1e-12));
    }

    @Test
    void kktResidualsVanishAtAKktPoint() {
        double[] w = {700, 700};
        double logGradientNorm = -700 + Math.log(2) / 2;
        KktResiduals kkt = KktResiduals.of(
                700, 700 * Math.sqrt(2), 1, Alignment.of(w, new double[] {-1, -1}), logGradientNorm, NONE);
        assertThat(kkt.epsilon()).isCloseTo(0, within(1e-12));
        assertThat(kkt.delta()).isZero();
    }

    /** Three classes of one example each, x_i = e_i, and W = c (I - 1/3): the maximum of the margin by symmetry. */
    @Test
    void kktResidualsVanishForSeveralClasses() {
        double c = 40;
        MarginSet.Builder builder = MarginSet.of(Loss.CROSS_ENTROPY);
        double[] weights = new double[9];
        double[] gradient = new double[9];
        for (int i = 0; i < 3; i++) {
            double[] logits = new double[3];
            for (int j = 0; j < 3; j++) {
                logits[j] = c * ((i == j ? 1 : 0) - 1.0 / 3);
                weights[3 * i + j] = logits[j];
                gradient[3 * i + j] = i == j ? -1 : 0.5;
            }
            builder.add(logits, i);
        }
        MarginSet margins = builder.build();
        double logScale = margins.logLargestDerivative();
        Alignment alignment = Alignment.of(weights, gradient);
        double norm = c * Math.sqrt(2);
        double logGradientNorm = Math.log(Math.sqrt(4.5)) + logScale;
        KktResiduals kkt = KktResiduals.of(margins.minimum(), norm, 1, alignment, logGradientNorm, NONE);
        assertThat(margins.minimum()).isCloseTo(c, within(1e-12));
        assertThat(kkt.epsilon()).isCloseTo(0, within(1e-14));
        assertThat(kkt.delta()).isCloseTo(0, within(1e-14));
        double product = Vectors.dot(gradient, weights);
        assertThat(EulerResidual.of(product, logScale, margins, 1)).isCloseTo(0, within(1e-14));
    }

    /**
     * One example of label 0 with the logits {@code (w_0, w_1, 2 w_2)}: its margin is that of class 1, and class 2, which is
     * further away, still has weight in the gradient. Aligned all the same, the point is none of KKT.
     */
    @Test
    void complementarySlacknessIsByPairsOfClasses() {
        double[] w = {1.44976, -1, -.89952};
        double[] logits = {w[0], w[1], 2 * w[2]};
        double sum = Math.exp(logits[0]) + Math.exp(logits[1]) + Math.exp(logits[2]);
        double[] errors = {Math.exp(logits[0]) / sum - 1, Math.exp(logits[1]) / sum, Math.exp(logits[2]) / sum};
        double[] gradient = {errors[0], errors[1], 2 * errors[2]};
        double minimum = Margins.multiClass(logits, 0);
        Alignment alignment = Alignment.of(w, gradient);
        assertThat(alignment.beta()).isCloseTo(1, within(1e-9));
        KktResiduals kkt = KktResiduals.of(
                minimum,
                Vectors.norm(w),
                1,
                alignment,
                Math.log(Vectors.norm(gradient)),
                Math.log(Margins.slack(logits, 0, errors, minimum)));
        // lambda_02 (q_02 / q_01 - 1) with lambda = |w| p_2 / (q_01 |gradient|)
        double expected =
                Vectors.norm(w) / minimum * errors[2] / Vectors.norm(gradient) * ((w[0] - 2 * w[2]) / minimum - 1);
        assertThat(kkt.delta()).isCloseTo(expected, within(1e-12)).isCloseTo(.0599, within(5e-5));
        double cosine = (w[0] - w[1]) / Math.sqrt(2) / Vectors.norm(w);
        assertThat(cosine).as("with the only active constraint").isCloseTo(.876, within(5e-4));
    }

    @Test
    void kktResidualsFollowTheirDefinition() {
        double degree = 3;
        double norm = 2.5;
        double gradientNorm = 0.7;
        double[] q = {0.4, 1.1, 2};
        double slack = 0;
        for (double margin : q) {
            slack = Math.max(slack, (margin - q[0]) / (1 + Math.exp(margin)));
        }
        Alignment alignment = new Alignment(0.3);
        KktResiduals kkt = KktResiduals.of(q[0], norm, degree, alignment, Math.log(gradientNorm), Math.log(slack));
        double normalized = q[0] / Math.pow(norm, degree);
        assertThat(kkt.epsilon())
                .isCloseTo(Math.sqrt(2 * (1 - alignment.beta())) * Math.pow(normalized, -1 / degree), within(1e-12));
        double delta = 0;
        for (double margin : q) {
            double lambda = Math.pow(q[0], 1 - 2 / degree) * norm / (1 + Math.exp(margin)) / gradientNorm;
            delta = Math.max(delta, lambda * (margin / q[0] - 1));
        }
        assertThat(kkt.delta()).isCloseTo(delta, within(1e-13));
        assertThatThrownBy(() -> KktResiduals.of(-1, 1, 1, alignment, 0, NONE))
                .hasMessageContaining("smallest margin is -1");
        assertThatThrownBy(() -> new KktResiduals(-1, 0)).hasMessageContaining("epsilon is -1");
    }

    @Test
    void eulerResidualIsRelative() {
        assertThat(EulerResidual.of(6, 2, 3)).isZero();
        assertThat(EulerResidual.of(0, 0, 3)).isZero();
        assertThat(EulerResidual.of(-6, -2, 3)).isZero();
        assertThat(EulerResidual.of(2, 2, 3)).isEqualTo(0.5);
        assertThat(EulerResidual.of(2, -2, 3)).isEqualTo(1);
        assertThatThrownBy(() -> EulerResidual.of(Double.NaN, 1, 1)).hasMessageContaining("derivative is NaN");
    }

    /** A linear network: the gradient of the loss along the weights is the sum of (p_j - [j = y]) s_j. */
    @Test
    void eulersIdentityHoldsForTheWholeLossOfALinearNetwork() {
        double[][] logits = {{3, 1, 2.5}, {0.5, -2, 0.4}, {1, 4, 4.2}};
        int[] labels = {0, 1, 2};
        MarginSet.Builder builder = MarginSet.of(Loss.CROSS_ENTROPY);
        double product = 0;
        for (int i = 0; i < labels.length; i++) {
            builder.add(logits[i], labels[i]);
            double sum = 0;
            for (double logit : logits[i]) {
                sum += Math.exp(logit);
            }
            for (int j = 0; j < 3; j++) {
                product += (Math.exp(logits[i][j]) / sum - (j == labels[i] ? 1 : 0)) * logits[i][j];
            }
        }
        MarginSet set = builder.build();
        assertThat(EulerResidual.of(product, 0, set, 1)).isCloseTo(0, within(1e-14));
        double logScale = -300;
        assertThat(EulerResidual.of(product * Math.exp(300), logScale, set, 1)).isCloseTo(0, within(1e-12));
        assertThat(EulerResidual.of(product, 0, set, 2)).isCloseTo(1.0 / 3, within(1e-14));
        MarginSet twice =
                MarginSet.of(Loss.CROSS_ENTROPY).addAll(set).addAll(set).build();
        assertThat(EulerResidual.of(2 * product, 0, twice, 1)).isCloseTo(0, within(1e-14));
    }

    @Test
    void balanceIsTheDifferenceOfSquares() {
        assertThat(LayerBalance.of(3, 2, 2.5)).containsExactly(5, -2.25);
        assertThat(LayerBalance.of(3)).isEmpty();
        assertThatThrownBy(() -> LayerBalance.of(1, -1)).hasMessageContaining("norm of layer 1 is -1");
        assertThatThrownBy(LayerBalance::of).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void growthIsTheSlopeAgainstTheLogarithm() {
        double degree = 2;
        double before = Math.sqrt(5 * Math.log(100));
        double after = Math.sqrt(5 * Math.log(1e6));
        assertThat(NormGrowth.slope(100, before, 1_000_000, after, degree)).isCloseTo(5, within(1e-12));
        assertThatThrownBy(() -> NormGrowth.slope(0, 1, 1, 1, 1)).hasMessageContaining("0 and 1");
        assertThatThrownBy(() -> NormGrowth.slope(5, 1, 5, 1, 1)).hasMessageContaining("rising");
    }
}
