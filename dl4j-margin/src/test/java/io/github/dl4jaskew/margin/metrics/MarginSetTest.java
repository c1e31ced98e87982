package io.github.dl4jaskew.margin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MarginSetTest {

    private static final double[][] LOGITS = {{2, 0, -1}, {500, 499, 1}, {0, 1, 7}, {3, 3, 0}};
    private static final int[] LABELS = {0, 0, 2, 1};

    @Test
    void keepsWhatEachExampleHas() {
        MarginSet set = crossEntropy();
        assertThat(set.size()).isEqualTo(4);
        assertThat(set.loss()).isEqualTo(Loss.CROSS_ENTROPY);
        assertThat(set.margins()).containsExactly(2, 1, 6, 0);
        for (int i = 0; i < LABELS.length; i++) {
            assertThat(set.lossMargins()[i]).isEqualTo(Margins.soft(LOGITS[i], LABELS[i]));
        }
        assertThat(set.minimum()).isZero();
        assertThat(set.indexOfMinimum()).isEqualTo(3);
        assertThat(set.accuracy()).isEqualTo(0.75);
        assertThat(set.supportCounts()).containsExactly(3, 3, 4, 4, 4, 4, 4);
    }

    @Test
    void lossesAreThoseOfTheSoftMargins() {
        MarginSet set = crossEntropy();
        assertThat(set.logLossSum()).isEqualTo(Loss.CROSS_ENTROPY.logSum(set.lossMargins()));
        assertThat(set.logDerivativeSum()).isEqualTo(Loss.CROSS_ENTROPY.logDerivativeSum(set.lossMargins()));
        assertThat(set.logLargestDerivative()).isEqualTo(Loss.CROSS_ENTROPY.logDerivative(Margins.soft(LOGITS[3], 1)));
    }

    @Test
    void twoClassesOfSoftmaxEqualOneLogit() {
        MarginSet softmax = MarginSet.of(Loss.CROSS_ENTROPY)
                .add(new double[] {3, -1}, 0)
                .add(new double[] {0.5, 2}, 0)
                .build();
        MarginSet sigmoid =
                MarginSet.of(Loss.LOGISTIC).add(4, true).add(1.5, false).build();
        MarginSet pair = MarginSet.of(Loss.LOGISTIC)
                .add(new double[] {3, -1}, 0)
                .add(new double[] {0.5, 2}, 0)
                .build();
        assertThat(softmax.margins()).isEqualTo(sigmoid.margins()).isEqualTo(pair.margins());
        assertThat(softmax.logLossSum()).isCloseTo(sigmoid.logLossSum(), within(1e-15));
        assertThat(softmax.logDerivativeSum()).isCloseTo(sigmoid.logDerivativeSum(), within(1e-15));
    }

    @Test
    void batchesAddUp() {
        MarginSet.Builder whole = MarginSet.of(Loss.CROSS_ENTROPY);
        for (int batch = 0; batch < 50; batch++) {
            whole.addAll(crossEntropy());
        }
        MarginSet set = whole.build();
        assertThat(set.size()).isEqualTo(200);
        assertThat(set.indexOfMinimum()).isEqualTo(3);
        assertThat(set.logLossSum()).isCloseTo(crossEntropy().logLossSum() + Math.log(50), within(1e-12));
        assertThat(set.margins()).startsWith(2, 1, 6, 0, 2, 1, 6, 0);
    }

    @Test
    void quantilesInterpolate() {
        assertThat(crossEntropy().quantiles(0, 0.25, 0.5, 1)).containsExactly(0, 0.75, 1.5, 6);
        assertThat(MarginQuantiles.of(new double[] {4}, 0.1, 1)).containsExactly(4, 4);
        assertThatThrownBy(() -> crossEntropy().quantiles(1.01)).hasMessageContaining("probability is 1.01");
        assertThatThrownBy(() -> crossEntropy().quantiles(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> MarginQuantiles.of(new double[] {1, Double.NaN}, 0.5))
                .hasMessageContaining("NaN");
    }

    @Test
    void supportCountsFollowTheirDefinition() {
        double ten = Math.log(10);
        assertThat(SupportCounts.of(1000, 1000 + 0.99 * ten, 1000 + 1.01 * ten, 1000 + 6.5 * ten, 2000))
                .containsExactly(2, 3, 3, 3, 3, 3, 4);
        assertThat(SupportCounts.of(-5)).containsOnly(1).hasSize(SupportCounts.COUNTS);
        assertThatThrownBy(() -> SupportCounts.of(1, Double.NaN)).hasMessageContaining("margin 1 is NaN");
        assertThatThrownBy(SupportCounts::of).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> MarginSet.of(Loss.LOGISTIC).build()).hasMessageContaining("no example");
        assertThatThrownBy(() -> MarginSet.of(Loss.LOGISTIC).add(new double[3], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LOGISTIC is for two classes");
        assertThatThrownBy(() -> MarginSet.of(Loss.LOGISTIC).addAll(crossEntropy()))
                .hasMessageContaining("loss is CROSS_ENTROPY; this set has LOGISTIC");
    }

    private static MarginSet crossEntropy() {
        MarginSet.Builder builder = MarginSet.of(Loss.CROSS_ENTROPY);
        for (int i = 0; i < LABELS.length; i++) {
            builder.add(LOGITS[i], LABELS[i]);
        }
        return builder.build();
    }
}
