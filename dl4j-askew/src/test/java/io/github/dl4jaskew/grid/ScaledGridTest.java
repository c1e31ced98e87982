package io.github.dl4jaskew.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScaledGridTest {

    private static final ScaledGrid TWO = new ScaledGrid(Grid.of(-1, 0, 3), new double[] {1, 4}, new Channels(2, 5));

    @Test
    void levelsOfEachChannel() {
        assertThat(TWO.level(0, 2)).isEqualTo(3);
        assertThat(TWO.level(1, 2)).isEqualTo(12);
        assertThat(TWO.level(1, 0)).isEqualTo(-4);
        assertThat(TWO.scale(1)).isEqualTo(4);
        assertThat(TWO.scales()).containsExactly(1, 4);
        assertThat(TWO.channels()).isEqualTo(new Channels(2, 5));
        assertThat(TWO.grid()).isEqualTo(Grid.of(-1, 0, 3));
    }

    @Test
    void codesAndNearestLevels() {
        assertThat(TWO.code(0, 1.4)).isEqualTo(1);
        assertThat(TWO.code(0, 1.5)).isEqualTo(2);
        assertThat(TWO.code(1, 1.5)).isEqualTo(1);
        assertThat(TWO.code(1, -100)).isEqualTo(0);
        assertThat(TWO.nearest(1, 7)).isEqualTo(12);
        assertThat(TWO.nearest(1, 5)).isZero();
        assertThat(TWO.nearest(1, -3)).isEqualTo(-4);
    }

    @Test
    void coordinates() {
        assertThat(TWO.coordinate(0, -1)).isEqualTo(-1);
        assertThat(TWO.coordinate(0, -0.25)).isEqualTo(0.5);
        assertThat(TWO.coordinate(0, 0)).isEqualTo(-1);
        assertThat(TWO.coordinate(0, 1.5)).isZero();
        assertThat(TWO.coordinate(1, 12)).isEqualTo(1);
        assertThat(TWO.coordinate(1, 15)).isEqualTo(1.5);
        assertThat(TWO.coordinate(1, -6)).isEqualTo(-2);
    }

    @Test
    void halfCells() {
        assertThat(TWO.halfCell(0, -0.5)).isEqualTo(0.5);
        assertThat(TWO.halfCell(0, 0.5)).isEqualTo(1.5);
        assertThat(TWO.halfCell(1, 0.5)).isEqualTo(6);
        assertThat(TWO.halfCell(1, -100)).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jaskew.grid.GridTest#grids")
    void coordinateInvertsToTheWeight(Grid grid) {
        ScaledGrid scaled = ScaledGrid.perTensor(grid, 0.3);
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            double w = random.nextDouble() - 0.5;
            int cell = grid.cell(w / scaled.scale(0));
            double middle = 0.5 * (scaled.level(0, cell) + scaled.level(0, cell + 1));
            double back = middle + scaled.coordinate(0, w) * scaled.halfCell(0, w);
            assertThat(back).isEqualTo(w, within(1e-15));
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jaskew.grid.GridTest#grids")
    void levelsRoundedToFloatKeepTheirCode(Grid grid) {
        for (double scale : new double[] {1e-3, 0.07, 1.9}) {
            ScaledGrid scaled = ScaledGrid.perTensor(grid, scale);
            for (int code = 0; code < grid.size(); code++) {
                assertThat(scaled.code(0, (float) scaled.level(0, code))).isEqualTo(code);
            }
        }
    }

    @Test
    void scalesAreRoundedToFloatAndCopied() {
        double[] scales = {0.1, 0.2};
        ScaledGrid grid = new ScaledGrid(Grid.binary(), scales, new Channels(2, 1));
        scales[0] = 9;
        grid.scales()[1] = 9;
        assertThat(grid.scales()).containsExactly(0.1f, 0.2f);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, Double.NaN, Double.POSITIVE_INFINITY, 1e-50, 1e39})
    void refusesScales(double scale) {
        assertThatThrownBy(() -> new ScaledGrid(Grid.binary(), new double[] {1, scale}, new Channels(2, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scale is " + scale + "; it must be positive and finite in float32");
    }

    @Test
    void refusesAnotherNumberOfScales() {
        assertThatThrownBy(() -> new ScaledGrid(Grid.binary(), new double[2], new Channels(3, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 scales were given for 3 channels");
    }

    @ParameterizedTest
    @MethodSource("io.github.dl4jaskew.grid.GridTest#grids")
    void survivesJson(Grid grid) throws Exception {
        double[] scales = new Random(2).doubles(6, 0.01, 2).toArray();
        ScaledGrid scaled = new ScaledGrid(grid, scales, new Channels(6, 1L << 40));
        String json = NeuralNetConfiguration.mapper().writeValueAsString(scaled);
        ScaledGrid back = NeuralNetConfiguration.mapper().readValue(json, ScaledGrid.class);
        assertThat(back).isEqualTo(scaled);
        assertThat(back.scales()).isEqualTo(scaled.scales());
        assertThat(back.grid().isUniform()).isEqualTo(grid.isUniform());
    }

    @Test
    void equalityAndName() {
        ScaledGrid one = ScaledGrid.perTensor(Grid.ternary(), 0.5);
        assertThat(one)
                .isEqualTo(ScaledGrid.perTensor(Grid.ternary(), 0.5))
                .hasSameHashCodeAs(ScaledGrid.perTensor(Grid.ternary(), 0.5))
                .isNotEqualTo(ScaledGrid.perTensor(Grid.ternary(), 0.25))
                .isNotEqualTo(ScaledGrid.perTensor(Grid.binary(), 0.5))
                .isNotEqualTo(new ScaledGrid(Grid.ternary(), new double[] {0.5}, new Channels(1, 2)))
                .isNotEqualTo("ternary x 0.5")
                .hasToString("ternary x 0.5");
        assertThat(TWO).hasToString("[-1.0, 0.0, 3.0] x 2 scales");
    }

    @Test
    void weightsOfAnArrayAreAView() {
        double[] values = {1, 2, 3};
        Weights weights = Weights.of(values);
        Arrays.fill(values, 4);
        assertThat(weights.size()).isEqualTo(3);
        assertThat(weights.at(2)).isEqualTo(4);
    }
}
