package io.github.dl4jaskew.margin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarginsTest {

    @Test
    void twoClassesOfSoftmaxEqualOneLogit() {
        double[] logits = {1.5, -2};
        assertThat(Margins.multiClass(logits, 0)).isEqualTo(Margins.binary(3.5, true));
        assertThat(Margins.multiClass(logits, 1)).isEqualTo(Margins.binary(3.5, false));
        assertThat(Margins.soft(logits, 0)).isEqualTo(3.5);
        assertThat(Margins.soft(logits, 1)).isEqualTo(-3.5);
    }

    @Test
    void theLargestWrongLogitCounts() {
        assertThat(Margins.multiClass(new double[] {500, 499, -3}, 0)).isEqualTo(1);
        assertThat(Margins.multiClass(new double[] {500, 499, -3}, 2)).isEqualTo(-503);
    }

    @Test
    void theSoftMarginIsBelowByAtMostTheLogarithmOfTheOtherClasses() {
        assertThat(Margins.soft(new double[] {7, 2, 2, 2}, 0)).isCloseTo(5 - Math.log(3), within(1e-14));
        assertThat(Margins.soft(new double[] {1e4, -1e4, 500}, 0)).isEqualTo(9500);
        assertThat(Margins.soft(new double[] {-1e4, 1e4, 500}, 0)).isEqualTo(-2e4);
    }

    @Test
    void crossEntropyIsTheLogisticLossOfTheSoftMargin() {
        double[] s = {0.3, -1.2, 0.9};
        double sum = Math.exp(s[0]) + Math.exp(s[1]) + Math.exp(s[2]);
        for (int y = 0; y < 3; y++) {
            double crossEntropy = Math.log(sum) - s[y];
            assertThat(Math.exp(Loss.CROSS_ENTROPY.log(Margins.soft(s, y)))).isCloseTo(crossEntropy, within(1e-14));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesWhatIsNotFinite(double bad) {
        assertThatThrownBy(() -> Margins.multiClass(new double[] {0, bad}, 0))
                .hasMessageContaining("logit 1 is " + bad);
        assertThatThrownBy(() -> Margins.soft(new double[] {bad, 0}, 0)).hasMessageContaining("logit 0 is " + bad);
        assertThatThrownBy(() -> Margins.binary(bad, true)).hasMessageContaining("" + bad);
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatThrownBy(() -> Margins.multiClass(new double[] {1}, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 or above");
        assertThatThrownBy(() -> Margins.soft(new double[] {1, 2}, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label is 2; allowed are 0 to 1");
        assertThatThrownBy(() -> Margins.soft(new double[] {1, 2}, -1)).hasMessageContaining("label is -1");
    }
}
