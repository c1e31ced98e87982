package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The formulas of the papers, on numbers worked out by hand. */
class LevelFormulasTest {

    /** Courbariaux et al. 2015, (2) and (3): sigma(x) = clip((x + 1) / 2, 0, 1) is the probability of +1. */
    @ParameterizedTest
    @CsvSource({"-1.5, 0", "-1, 0", "-0.5, 0.25", "0, 0.5", "0.2, 0.6", "1, 1", "3, 1"})
    void samplesPlusOneWithTheHardSigmoid(double w, double probability) {
        int ones = 0;
        int draws = 1000;
        for (int i = 0; i < draws; i++) {
            ones += LevelFormulas.sample(w, -1, 1, (i + 0.5) / draws) > 0 ? 1 : 0;
        }
        assertThat((double) ones / draws).isEqualTo(probability, within(1e-9));
    }

    /** Yin et al. 2018, (9): (lambda proj(y) + y) / (lambda + 1). */
    @ParameterizedTest
    @CsvSource({"0.4, 1, 0, 0.4", "0.4, 1, 1, 0.7", "0.4, 1, 3, 0.85", "-2.5, -1, 2, -1.5", "0.4, 1, Infinity, 1"})
    void relaxesTowardsTheLevel(double w, double q, double lambda, double expected) {
        assertThat(LevelFormulas.relax(w, q, lambda)).isEqualTo(expected, within(1e-12));
    }

    /** Le et al. 2022, the forward map; mu alpha = 1 at mu = 10. */
    @ParameterizedTest
    @CsvSource({
        "0.4, 0, 0.4",
        "-0.4, 0, -0.4",
        "1.4, 0, 1",
        "0.4, 1, 0.75",
        "-0.4, 1, -0.75",
        "0.95, 1, 1",
        "0, 1, 0.55",
        "0.001, 10, 1",
        "-0.001, Infinity, -1"
    })
    void adaptsTowardsTheLevel(double t, double mu, double expected) {
        assertThat(LevelFormulas.adaptive(t, mu, 0.1)).isEqualTo(expected, within(1e-12));
    }

    /** (w* - w^) / beta across the middle, where the gradient pushes there; the derivative elsewhere. */
    @ParameterizedTest
    @CsvSource({
        // 2 / |t| on the levels: beyond the limit of a half up to |t| = 4
        "1, 1, 10, 0.5",
        "-8, -2, 10, 0.25",
        "8, -2, 10, 0",
        "0, 1, 10, 0.5",
        "0, -1, 10, 0",
        // s(3) = 1, s(-0) = -0.55
        "3, 1, 1, 0.5",
        "6.2, 1, 1, 0.25",
        "0.4, -1, 1, 0.5",
        "0.4, -1, 3, 0.25",
        "0.95, -1, 1, 0",
        "0.4, -1, 0, 1",
        "0, 1, 0, 0.5",
    })
    void adaptsTheSlopeToTheDirection(double t, double gradient, double mu, double expected) {
        assertThat(LevelFormulas.adaptiveSlope(t, gradient, mu, 0.1)).isEqualTo(expected, within(1e-12));
    }

    /** Wu et al. 2023: o = 1 is the straight-through estimator; o = 2 has f' = 1 / (2 sqrt|t|). */
    @ParameterizedTest
    @CsvSource({
        "0.05, 1, 1",
        "-1.5, 1, 1",
        "1.6, 1, 0",
        "0.25, 2, 1",
        "-1, 2, 0.5",
        "0, 2, 3.1622776601683795",
        "-0.1, 2, 3.1622776601683795",
        "-1.6, 2, 0"
    })
    void rectifiesTheSlope(double t, double power, double expected) {
        assertThat(LevelFormulas.powerSlope(t, power, 1.5)).isEqualTo(expected, within(1e-12));
    }

    /** Bai et al. 2019, binary case: sign(w) + sign(w - sign(w)) [|w - sign(w)| - lambda]_+. */
    @ParameterizedTest
    @CsvSource({
        "0.4, 0.1, 0.5",
        "0.4, 0.6, 1",
        "0.4, 0.7, 1",
        "1.5, 0.2, 1.3",
        "-0.1, 0.25, -0.35",
        "-3, 0.5, -2.5",
        "0.4, Infinity, 1",
        "1, 0.3, 1"
    })
    void thresholdsAroundTheSign(double w, double lambda, double expected) {
        double sign = w < 0 ? -1 : 1;
        assertThat(LevelFormulas.softThreshold(w, sign, lambda)).isEqualTo(expected, within(1e-12));
    }

    /** The proximal map is the minimiser of |x - w|^2 / 2 + theta |x - q| on the side of w's level. */
    @ParameterizedTest
    @ValueSource(doubles = {-1.7, -0.6, 0.05, 0.3, 0.9, 1.2})
    void thresholdIsTheMinimiser(double w) {
        double q = ScaledGrid.perTensor(Grid.ternary(), 1).nearest(0, w);
        for (double theta : new double[] {0.05, 0.2, 0.6}) {
            double x = LevelFormulas.softThreshold(w, q, theta);
            double least = objective(x, w, q, theta);
            for (double other = -2; other <= 2; other += 1e-3) {
                assertThat(objective(other, w, q, theta)).isGreaterThanOrEqualTo(least - 1e-12);
            }
        }
    }

    private static double objective(double x, double w, double q, double theta) {
        return 0.5 * (x - w) * (x - w) + theta * Math.abs(x - q);
    }

    /** Jin et al. 2025: within a cell the slope is 1/r around its middle, flat at its levels. */
    @ParameterizedTest
    @CsvSource({
        "0.1, 0, 1, 1, 0.1",
        "0.4, 0, 1, 0.5, 0.3",
        "0.2, 0, 1, 0.5, 0",
        "0.9, 0, 1, 0.5, 1",
        "0.5, 0, 1, 0.1, 0.5",
        "0.5, 0, 1, 0, 1",
        "0.49, 0, 1, 0, 0",
        "7, 0, 1, 1, 1",
        "-0.3, -1, 1, 0.6, -0.5"
    })
    void sharpensWithinTheCell(double w, double a, double b, double r, double expected) {
        assertThat(LevelFormulas.sharpen(w, a, b, r)).isEqualTo(expected, within(1e-12));
    }

    @Test
    void sharpeningIsRoundingAtTheEndAndNothingAtTheStart() {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.uniform(3), 1);
        double half = 1.0 / 7;
        for (double w = -0.999; w < 1; w += 0.01) {
            int cell = grid.grid().cell(w);
            double a = grid.level(0, cell);
            double b = grid.level(0, cell + 1);
            assertThat(LevelFormulas.sharpen(w, a, b, 1)).isEqualTo(w, within(1e-15));
            assertThat(LevelFormulas.sharpen(w, a, b, 0)).isEqualTo(grid.nearest(0, w));
            assertThat(b - a).isEqualTo(2 * half, within(1e-15));
        }
    }
}
