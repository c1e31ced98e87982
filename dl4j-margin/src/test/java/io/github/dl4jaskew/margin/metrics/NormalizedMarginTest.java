package io.github.dl4jaskew.margin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizedMarginTest {

    @Test
    void isInvariantToTheScaleOfTheWeights() {
        double scale = 1e60;
        assertThat(NormalizedMargin.of(-2 * Math.pow(scale, 3), 5 * scale, 3)).isCloseTo(-2.0 / 125, within(1e-13));
        assertThat(NormalizedMargin.of(1e-200, 1e120, 6)).isZero();
        assertThat(NormalizedMargin.of(0, 3, 2)).isZero();
    }

    @Test
    void normsOfLayersMultiply() {
        assertThat(NormalizedMargin.byLayers(-6, 2, 3, 4)).isCloseTo(-0.25, within(1e-15));
        assertThat(NormalizedMargin.byLayers(1e300, 1e200, 1e100)).isCloseTo(1, within(1e-12));
    }

    @Test
    void layersInBalanceGiveTheSmallestMarginByLayers() {
        double degree = 3;
        double balanced = NormalizedMargin.byLayers(1, 2, 2, 2);
        double whole = NormalizedMargin.of(1, Math.sqrt(12), degree);
        assertThat(balanced).isCloseTo(Math.pow(degree, degree / 2) * whole, within(1e-14));
        double skewed = NormalizedMargin.byLayers(1, 1, 2, Math.sqrt(7));
        assertThat(skewed).isGreaterThan(balanced);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesWhatIsNotFinite(double bad) {
        assertThatThrownBy(() -> NormalizedMargin.of(bad, 1, 1)).hasMessageContaining("" + bad);
        assertThatThrownBy(() -> NormalizedMargin.of(1, bad, 1)).hasMessageContaining("norm");
        assertThatThrownBy(() -> NormalizedMargin.of(1, 1, bad)).hasMessageContaining("degree");
        assertThatThrownBy(() -> NormalizedMargin.byLayers(1, 1, bad)).hasMessageContaining("norm of layer 1");
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThatThrownBy(() -> NormalizedMargin.of(1, 0, 1)).hasMessageContaining("norm is 0");
        assertThatThrownBy(() -> NormalizedMargin.byLayers(1)).isInstanceOf(IllegalArgumentException.class);
    }
}
