package io.github.dl4jaskew.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Weights;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SawbClipTest {

    /** Magnitudes of two of the distributions that the coefficients were fitted to, by their quantiles. */
    private static double[] quantiles(String distribution) {
        double[] x = new double[20_000];
        for (int i = 0; i < x.length; i++) {
            double p = (i + 0.5) / x.length;
            x[i] = distribution.equals("uniform") ? p : -Math.log1p(-p);
        }
        return x;
    }

    @ParameterizedTest
    @CsvSource({
        "laplace, 1, 1.005",
        "laplace, 3, 1.005",
        "laplace, 7, 1.005",
        "laplace, 15, 1.005",
        "laplace, 31, 1.005",
        "uniform, 1, 1.005",
        "uniform, 3, 1.005",
        "uniform, 7, 1.08"
    })
    void isNearTheClipOfLeastSquaredError(String distribution, int steps, double excess) {
        double[] x = quantiles(distribution);
        double least = Double.POSITIVE_INFINITY;
        for (double clip = 0.5; clip < 9; clip += 0.01) {
            least = Math.min(least, error(x, clip, steps));
        }
        double clip = SawbClip.of(Weights.of(x), steps);
        assertThat(error(x, clip, steps)).isBetween(0.99 * least, excess * least);
    }

    private static double error(double[] x, double clip, int steps) {
        double sum = 0;
        double step = clip / steps;
        for (double v : x) {
            double level = Math.min(steps, Math.rint(Math.abs(v) / step)) * step;
            sum += (Math.abs(v) - level) * (Math.abs(v) - level);
        }
        return sum;
    }

    @Test
    void zerosAndSignsDoNotCount() {
        double clip = SawbClip.of(Weights.of(0.1, 0.5, 0.7, 0.2), 3);
        assertThat(SawbClip.of(Weights.of(0, -0.1, 0.5, 0, 0, -0.7, 0.2, 0), 3)).isEqualTo(clip);
    }

    @Test
    void scalesWithTheNumbers() {
        double clip = SawbClip.of(Weights.of(0.1, 0.5, 0.7, 0.2), 1);
        assertThat(SawbClip.of(Weights.of(1, 5, 7, 2), 1)).isCloseTo(10 * clip, within(1e-12));
    }

    @Test
    void staysBetweenMeanAndMaximum() {
        assertThat(SawbClip.of(Weights.of(2, 2, 2), 7)).isEqualTo(2);
        double[] heavy = new double[1000];
        Arrays.fill(heavy, 0.001);
        heavy[0] = 5;
        assertThat(SawbClip.of(Weights.of(heavy), 31)).isLessThanOrEqualTo(5);
        assertThat(SawbClip.of(Weights.of(0, 0), 7)).isZero();
        assertThat(SawbClip.of(Weights.of(), 7)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 5, 63, 255})
    void refusesStepsWithoutCoefficients(int steps) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SawbClip.of(Weights.of(1), steps))
                .withMessageContaining("steps is " + steps);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY})
    void refusesWhatIsNotFinite(double bad) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SawbClip.of(Weights.of(1, bad), 7))
                .withMessageContaining("must be finite");
    }
}
