package io.github.dl4jaskew.margin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LossTest {

    private static final double EXACT = 1e-11;

    @ParameterizedTest
    @ValueSource(doubles = {-30, -1, -1e-9, 0, 1e-9, 0.5, 3, 20, 36})
    void isTheTextbookFormulaWhereThatIsAccurate(double q) {
        assertThat(Math.exp(Loss.EXPONENTIAL.log(q))).isCloseTo(Math.exp(-q), withinPercentage(EXACT));
        assertThat(Math.exp(Loss.LOGISTIC.log(q))).isCloseTo(Math.log1p(Math.exp(-q)), withinPercentage(EXACT));
        assertThat(Math.exp(Loss.EXPONENTIAL.logDerivative(q))).isCloseTo(Math.exp(-q), withinPercentage(EXACT));
        assertThat(Math.exp(Loss.CROSS_ENTROPY.logDerivative(q)))
                .isCloseTo(1 / (1 + Math.exp(q)), withinPercentage(EXACT));
    }

    /** l(q) = e - e^2/2 + ..., |l'(q)| = e - e^2 + ... with e = exp(-q): beyond 40, both are e in double. */
    @ParameterizedTest
    @ValueSource(doubles = {40, 500, 700, 740, 745, 746, 6908, 1e4, 1e300})
    void allTailsAreExponential(double q) {
        for (Loss loss : Loss.values()) {
            assertThat(loss.log(q)).isCloseTo(-q, withinPercentage(EXACT));
            assertThat(loss.logDerivative(q)).isCloseTo(-q, withinPercentage(EXACT));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-40, -500, -1e4, -1e300})
    void wrongExamplesHaveALinearLogisticLoss(double q) {
        assertThat(Loss.LOGISTIC.log(q)).isCloseTo(Math.log(-q), withinPercentage(EXACT));
        assertThat(Loss.LOGISTIC.logDerivative(q)).isCloseTo(0, within(1e-15));
        assertThat(Loss.EXPONENTIAL.log(q)).isEqualTo(-q);
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void inverseUndoesTheLoss(Loss loss) {
        for (double q : new double[] {-600, -30, -1, -0.01, 0.01, 0.3, 1, 5, 30, 500, 744.5, 1e4}) {
            assertThat(loss.inverse(loss.log(q))).isCloseTo(q, within(1e-12 * Math.max(1, Math.abs(q))));
        }
    }

    @Test
    void zeroIsWhereTheThresholdLies() {
        for (Loss loss : Loss.values()) {
            assertThat(loss.log(0)).isCloseTo(loss.logAtZero(), within(1e-15));
            assertThat(loss.inverse(loss.logAtZero())).isCloseTo(0, within(1e-15));
        }
        assertThat(Loss.LOGISTIC.inverse(800)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void sumsOfLossesBeyondDoubleAreRight() {
        double q = 3000 * Math.log(10);
        assertThat(Loss.LOGISTIC.logSum(q, q, q) / Math.log(10)).isCloseTo(-3000 + Math.log10(3), within(1e-11));
        assertThat(Loss.CROSS_ENTROPY.logDerivativeSum(500, 501))
                .isCloseTo(-500 + Math.log1p(Math.exp(-1)), within(1e-12));
        assertThat(Loss.EXPONENTIAL.logSum(500, -1e4)).isEqualTo(1e4);
        assertThat(Loss.EXPONENTIAL.logSum(-1e4, 500)).isEqualTo(1e4);
        assertThat(Loss.LOGISTIC.logSum(-1, 2))
                .isCloseTo(Math.log(Math.log1p(Math.exp(1)) + Math.log1p(Math.exp(-2))), within(1e-14));
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void refusesWhatIsNotFinite(Loss loss) {
        assertThatThrownBy(() -> loss.log(Double.NaN)).hasMessageContaining("margin is NaN");
        assertThatThrownBy(() -> loss.logDerivative(Double.POSITIVE_INFINITY)).hasMessageContaining("Infinity");
        assertThatThrownBy(() -> loss.inverse(Double.NEGATIVE_INFINITY)).hasMessageContaining("log loss");
        assertThatThrownBy(() -> loss.logSum()).hasMessageContaining("number of margins is 0");
    }
}
