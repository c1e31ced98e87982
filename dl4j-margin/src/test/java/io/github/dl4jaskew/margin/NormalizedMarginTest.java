package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizedMarginTest {

    /** Gradient flow of the exponential loss on the data (1, 0), (0, 2): w_i(t) = log(r_i^2 t + 1) / r_i. */
    @ParameterizedTest
    @CsvSource({"1, 0.652628", "1e4, 0.866812"})
    void orthogonalDataHasItsKnownMargin(double time, double expected) {
        double[] r = {1, 2};
        double minimum = Double.POSITIVE_INFINITY;
        double square = 0;
        for (double length : r) {
            double w = Math.log(length * length * time + 1) / length;
            minimum = Math.min(minimum, NormalizedMargin.ofExample(w * length, true));
            square += w * w;
        }
        assertThat(NormalizedMargin.normalized(minimum, Math.sqrt(square), 1)).isCloseTo(expected, within(1e-6));
    }

    @Test
    void twoClassesOfSoftmaxEqualOneLogit() {
        assertThat(NormalizedMargin.ofExample(new double[] {1.5, -2}, 0))
                .isEqualTo(NormalizedMargin.ofExample(3.5, true));
        assertThat(NormalizedMargin.ofExample(new double[] {1.5, -2}, 1))
                .isEqualTo(NormalizedMargin.ofExample(3.5, false));
    }

    @Test
    void theLargestWrongLogitCounts() {
        assertThat(NormalizedMargin.ofExample(new double[] {500, 499, -3}, 0)).isEqualTo(1);
        assertThat(NormalizedMargin.ofExample(new double[] {500, 499, -3}, 2)).isEqualTo(-503);
    }

    @Test
    void isInvariantToTheScaleOfTheWeights() {
        double scale = 1e60;
        assertThat(NormalizedMargin.normalized(-2 * Math.pow(scale, 3), 5 * scale, 3))
                .isCloseTo(-2.0 / 125, within(1e-13));
        assertThat(NormalizedMargin.normalized(1e-200, 1e120, 6)).isZero();
        assertThat(NormalizedMargin.normalized(0, 3, 2)).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesWhatIsNotFinite(double bad) {
        assertThatThrownBy(() -> NormalizedMargin.ofExample(new double[] {0, bad}, 0))
                .hasMessageContaining("logit 1 is " + bad);
        assertThatThrownBy(() -> NormalizedMargin.ofExample(bad, true)).hasMessageContaining("" + bad);
        assertThatThrownBy(() -> NormalizedMargin.normalized(bad, 1, 1)).hasMessageContaining("" + bad);
        assertThatThrownBy(() -> NormalizedMargin.normalized(1, bad, 1)).hasMessageContaining("norm");
        assertThatThrownBy(() -> NormalizedMargin.normalized(1, 1, bad)).hasMessageContaining("degree");
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatThrownBy(() -> NormalizedMargin.ofExample(new double[] {1}, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NormalizedMargin.ofExample(new double[] {1, 2}, 2))
                .hasMessageContaining("label is 2");
        assertThatThrownBy(() -> NormalizedMargin.normalized(1, 0, 1)).hasMessageContaining("norm is 0");
    }
}
