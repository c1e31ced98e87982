package io.github.dl4jaskew.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleTest {

    private static final Weights WEIGHTS = Weights.of(1, -3, 0, 2, -0.5, 0.5);
    private static final Channels TENSOR = Channels.perTensor();

    static Stream<Scale> estimators() {
        return Stream.of(Scale.max(), Scale.meanAbs(), Scale.mse(), Scale.sawb());
    }

    private static double fit(Scale scale, Grid grid) {
        ScaledGrid fitted = scale.fit(grid, WEIGHTS, TENSOR);
        assertThat(fitted.scales()).hasSize(1);
        return fitted.scale(0);
    }

    @Test
    void given() {
        assertThat(fit(Scale.unit(), Grid.ternary())).isEqualTo(1);
        assertThat(fit(Scale.fixed(0.25), Grid.ternary())).isEqualTo(0.25);
        assertThat(fit(Scale.fixed(0.1), Grid.ternary())).isEqualTo(0.1f);
    }

    @Test
    void maxFillsTheLargestLevel() {
        assertThat(fit(Scale.max(), Grid.uniform(3))).isEqualTo(3);
        assertThat(fit(Scale.max(), Grid.of(-2, 1))).isEqualTo(1.5);
    }

    @Test
    void meanAbs() {
        assertThat(fit(Scale.meanAbs(), Grid.binary())).isEqualTo((float) (7.0 / 6));
    }

    @ParameterizedTest
    @CsvSource({"2, 3.12, 2.064", "3, 7.509, 6.892", "4, 12.1, 12.2", "5, 17.74, 18.64"})
    void sawbHasPublishedCoefficients(int bits, double c1, double c2) {
        double clip = c1 * Math.sqrt(14.5 / 6) - c2 * 7 / 6;
        assertThat(fit(Scale.sawb(), Grid.uniform(bits))).isEqualTo(clip, within(1e-6));
    }

    @Test
    void sawbRefusesOtherGrids() {
        for (Grid grid :
                new Grid[] {Grid.binary(), Grid.ternary(), Grid.uniform(6), Grid.uniform(8), Grid.of(-1, 0, 0.5, 1)}) {
            assertThatThrownBy(() -> Scale.sawb().fit(grid, WEIGHTS, TENSOR))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("2, 3, 4 and 5 bits, not for " + grid);
            assertThatThrownBy(() -> Scale.sawb().requireDefinedFor(grid)).isInstanceOf(IllegalArgumentException.class);
            assertThatCode(() -> Scale.mse().requireDefinedFor(grid)).doesNotThrowAnyException();
        }
        assertThatCode(() -> Scale.sawb().requireDefinedFor(Grid.uniform(4))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void perChannelIsEachChannelByItself(Scale scale) {
        Random random = new Random(1);
        Grid grid = Grid.uniform(3);
        for (Channels channels : new Channels[] {new Channels(4, 1), new Channels(4, 8), new Channels(4, 50)}) {
            double[] w = new double[800];
            for (int i = 0; i < w.length; i++) {
                w[i] = random.nextGaussian() * (1 + channels.of(i));
            }
            ScaledGrid fitted = scale.perChannel().fit(grid, Weights.of(w), channels);
            assertThat(fitted.channels()).isEqualTo(channels);
            for (int c = 0; c < 4; c++) {
                int channel = c;
                double[] own = java.util.stream.IntStream.range(0, w.length)
                        .filter(i -> channels.of(i) == channel)
                        .mapToDouble(i -> w[i])
                        .toArray();
                double alone = scale.fit(grid, Weights.of(own), TENSOR).scale(0);
                assertThat(fitted.scale(c)).isEqualTo(alone, within(1e-6 * alone));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void scalesWithTheWeightsAndIsRoundedToFloat(Scale scale) {
        double[] w = new Random(2).doubles(300, -1, 1.5).toArray();
        double[] times = new double[w.length];
        for (int i = 0; i < w.length; i++) {
            times[i] = 0x1p-7 * w[i];
        }
        double one = scale.fit(Grid.uniform(4), Weights.of(w), TENSOR).scale(0);
        double two = scale.fit(Grid.uniform(4), Weights.of(times), TENSOR).scale(0);
        assertThat(two).isEqualTo(0x1p-7 * one);
        assertThat(one).isEqualTo((float) one);
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void zerosHaveNoScale(Scale scale) {
        Weights zeros = Weights.of(new double[12]);
        assertThatThrownBy(() -> scale.fit(Grid.uniform(2), zeros, TENSOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the scale of the tensor is 0.0; it must be positive");
        double[] oneChannel = new double[12];
        oneChannel[0] = 1;
        Scale perChannel = scale.perChannel();
        List<Integer> borrowing = new ArrayList<>();
        ScaledGrid fitted = perChannel.fit(Grid.uniform(2), Weights.of(oneChannel), new Channels(2, 6), borrowing::add);
        assertThat(borrowing).containsExactly(1);
        assertThat(fitted.scale(1))
                .isEqualTo(scale.fit(Grid.uniform(2), Weights.of(oneChannel), TENSOR)
                        .scale(0));
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void weightsMustBeFinite(Scale scale) {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> scale.fit(Grid.uniform(2), Weights.of(1, 2, bad, 4), TENSOR))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("weight 2 is " + bad + "; weights must be finite");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e-60, 1e60})
    void fixedMustBePositiveAndFiniteInFloat(double value) {
        assertThatThrownBy(() -> Scale.fixed(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scale is " + value + "; it must be positive and finite in float32");
    }

    @Test
    void anEstimateThatUnderflowsIsRefused() {
        assertThatThrownBy(() -> Scale.max().fit(Grid.binary(), Weights.of(1e-60), TENSOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("float32");
    }

    @Test
    void channelsAreIgnoredPerTensor() {
        ScaledGrid fitted = Scale.max().fit(Grid.binary(), WEIGHTS, new Channels(3, 2));
        assertThat(fitted.channels()).isEqualTo(TENSOR);
        assertThat(Scale.max().perChannel().perTensor()).isEqualTo(Scale.max());
        assertThat(Scale.fixed(2)
                        .perChannel()
                        .fit(Grid.binary(), WEIGHTS, new Channels(3, 2))
                        .scales())
                .containsExactly(2, 2, 2);
    }

    @Test
    void equalityNamesAndNeeds() {
        assertThat(Scale.unit()).isEqualTo(Scale.fixed(1)).hasSameHashCodeAs(Scale.fixed(1));
        assertThat(Scale.mse()).isEqualTo(Scale.mse()).isNotEqualTo(Scale.max());
        assertThat(Scale.mse().perChannel())
                .isNotEqualTo(Scale.mse())
                .isEqualTo(Scale.mse().perChannel());
        assertThat(Scale.fixed(2)).isNotEqualTo(Scale.fixed(3)).isNotEqualTo("fixed(2.0)");
        assertThat(Scale.unit()).hasToString("unit");
        assertThat(Scale.fixed(2)).hasToString("fixed(2.0)");
        assertThat(Scale.max()).hasToString("max");
        assertThat(Scale.meanAbs()).hasToString("meanAbs");
        assertThat(Scale.mse().perChannel()).hasToString("mse per channel");
        assertThat(Scale.sawb()).hasToString("sawb");
        assertThat(Scale.mse().isPerChannel()).isFalse();
        assertThat(Scale.mse().perChannel().isPerChannel()).isTrue();
    }
}
