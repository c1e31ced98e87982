package io.github.dl4jaskew.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GridTest {

    static Stream<Grid> grids() {
        return Stream.of(
                        Stream.of(Grid.binary(), Grid.ternary(), Grid.of(-0.3, 1), Grid.of(-0.7, 0.1, 0.25, 1.3)),
                        IntStream.rangeClosed(1, 8).mapToObj(Grid::uniform),
                        IntStream.rangeClosed(2, 6).mapToObj(Grid::powersOfTwo))
                .flatMap(grids -> grids);
    }

    @Test
    void levels() {
        assertThat(Grid.binary().levels()).containsExactly(-1, 1);
        assertThat(Grid.ternary().levels()).containsExactly(-1, 0, 1);
        assertThat(Grid.uniform(2).levels()).containsExactly(-1, -1.0 / 3, 1.0 / 3, 1);
        assertThat(Grid.powersOfTwo(3).levels()).containsExactly(-1, -0.5, -0.25, 0, 0.25, 0.5, 1);
        assertThat(Grid.of(-2, 5).levels()).containsExactly(-2, 5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void uniformHasAllCodesAndIsSymmetric(int bits) {
        Grid grid = Grid.uniform(bits);
        assertThat(grid.size()).isEqualTo(1 << bits);
        assertThat(grid.bits()).isEqualTo(bits);
        assertThat(grid.isUniform()).isTrue();
        assertThat(grid.maxMagnitude()).isEqualTo(1);
        for (int code = 0; code < grid.size(); code++) {
            assertThat(grid.level(code)).isEqualTo(-grid.level(grid.size() - 1 - code));
            assertThat(grid.level(code)).isEqualTo(-1 + code * 2.0 / (grid.size() - 1), within(1e-15));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6})
    void powersOfTwoLeaveOneCode(int bits) {
        Grid grid = Grid.powersOfTwo(bits);
        assertThat(grid.size()).isEqualTo((1 << bits) - 1);
        assertThat(grid.bits()).isEqualTo(bits);
        assertThat(grid.isUniform()).isEqualTo(bits == 2);
        int middle = grid.size() / 2;
        assertThat(grid.level(middle)).isZero();
        for (int k = 1; k <= middle; k++) {
            assertThat(grid.level(middle + k)).isEqualTo(Math.pow(2, k - middle));
            assertThat(grid.level(middle - k)).isEqualTo(-Math.pow(2, k - middle));
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 2", "4, 2", "5, 3", "8, 3", "9, 4", "128, 7", "129, 8", "256, 8"})
    void bitsHoldEveryCode(int size, int bits) {
        double[] levels = IntStream.range(0, size).mapToDouble(i -> i * i).toArray();
        assertThat(Grid.of(levels).bits()).isEqualTo(bits);
        assertThat(Grid.of(levels).size()).isEqualTo(size);
    }

    @ParameterizedTest
    @MethodSource("grids")
    void nearestAndCellAgreeWithASearch(Grid grid) {
        Random random = new Random(1);
        for (int k = 0; k < 500; k++) {
            double x = 3 * random.nextDouble() - 1.5;
            int nearest = 0;
            int cell = 0;
            for (int code = 1; code < grid.size(); code++) {
                if (Math.abs(x - grid.level(code)) <= Math.abs(x - grid.level(nearest))) {
                    nearest = code;
                }
                if (grid.level(code) <= x && code < grid.size() - 1) {
                    cell = code;
                }
            }
            assertThat(grid.nearest(x)).isEqualTo(nearest);
            assertThat(grid.cell(x)).isEqualTo(cell);
        }
    }

    @ParameterizedTest
    @MethodSource("grids")
    void everyLevelIsItsOwnNearest(Grid grid) {
        for (int code = 0; code < grid.size(); code++) {
            assertThat(grid.nearest(grid.level(code))).isEqualTo(code);
            assertThat(grid.cell(grid.level(code))).isEqualTo(Math.min(code, grid.size() - 2));
        }
    }

    @Test
    void tiesGoToTheUpperLevel() {
        assertThat(Grid.binary().nearest(0)).isEqualTo(1);
        assertThat(Grid.binary().nearest(-0.0)).isEqualTo(1);
        assertThat(Grid.binary().nearest(-Double.MIN_VALUE)).isEqualTo(0);
        assertThat(Grid.ternary().nearest(-0.5)).isEqualTo(1);
        assertThat(Grid.ternary().nearest(0.5)).isEqualTo(2);
        assertThat(Grid.of(0, 1, 5).nearest(3)).isEqualTo(2);
        assertThat(Grid.of(0, 1, 5).nearest(2.999)).isEqualTo(1);
    }

    @Test
    void beyondTheEndsTheEndLevel() {
        Grid grid = Grid.of(-0.7, 0.1, 0.25, 1.3);
        assertThat(grid.nearest(-1e300)).isZero();
        assertThat(grid.nearest(1e300)).isEqualTo(3);
        assertThat(grid.cell(-1e300)).isZero();
        assertThat(grid.cell(1e300)).isEqualTo(2);
    }

    @Test
    void uniformMeansEqualCells() {
        assertThat(Grid.binary().isUniform()).isTrue();
        assertThat(Grid.of(-0.3, 1).isUniform()).isTrue();
        assertThat(Grid.of(-0.15, -0.1, -0.05, 0.0, 0.05, 0.1, 0.15).isUniform())
                .isTrue();
        assertThat(Grid.of(0, 1, 2.001).isUniform()).isFalse();
        assertThat(Grid.of(-0.7, 0.1, 0.25, 1.3).isUniform()).isFalse();
    }

    @Test
    void maxMagnitudeOfEitherEnd() {
        assertThat(Grid.of(-3, 1).maxMagnitude()).isEqualTo(3);
        assertThat(Grid.of(-0.5, 2).maxMagnitude()).isEqualTo(2);
    }

    @Test
    void equalByLevels() {
        assertThat(Grid.uniform(1)).isEqualTo(Grid.binary()).hasSameHashCodeAs(Grid.binary());
        assertThat(Grid.powersOfTwo(2)).isEqualTo(Grid.ternary()).hasSameHashCodeAs(Grid.ternary());
        assertThat(Grid.of(-1, 0, 1)).isEqualTo(Grid.ternary());
        assertThat(Grid.of(-1, 0, 2)).isNotEqualTo(Grid.ternary());
        assertThat(Grid.binary()).isNotEqualTo("binary");
    }

    @Test
    void names() {
        assertThat(Grid.binary()).hasToString("binary");
        assertThat(Grid.ternary()).hasToString("ternary");
        assertThat(Grid.uniform(1)).hasToString("binary");
        assertThat(Grid.uniform(4)).hasToString("uniform(4)");
        assertThat(Grid.powersOfTwo(2)).hasToString("ternary");
        assertThat(Grid.powersOfTwo(5)).hasToString("powersOfTwo(5)");
        assertThat(Grid.of(-0.3, 1)).hasToString("[-0.3, 1.0]");
        assertThat(Grid.of(0, 1, 4)).hasToString("[0.0, 1.0, 4.0]");
        assertThat(Grid.of(IntStream.range(0, 9).asDoubleStream().toArray())).hasToString("levels(9)");
        assertThat(Grid.of(IntStream.range(0, 200).asDoubleStream().toArray())).hasToString("levels(200)");
    }

    @Test
    void levelsAreCopied() {
        double[] given = {-1, 1};
        Grid grid = Grid.of(given);
        given[0] = 7;
        grid.levels()[1] = 7;
        assertThat(grid).isEqualTo(Grid.binary());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 9})
    void uniformRefusesBits(int bits) {
        assertThatThrownBy(() -> Grid.uniform(bits))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bits is " + bits + "; allowed are 1 to 8");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void powersOfTwoRefusesBits(int bits) {
        assertThatThrownBy(() -> Grid.powersOfTwo(bits))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bits is " + bits + "; allowed are 2 to 6");
    }

    @Test
    void refusesLevels() {
        refuses("levels are strictly ascending, but level 1 is -1.0 after 0.0", 0, -1);
        refuses("levels are strictly ascending, but level 2 is 1.0 after 1.0", 0, 1, 1);
        refuses("level 1 is NaN; levels are finite", 0, Double.NaN);
        refuses("level 0 is -Infinity; levels are finite", Double.NEGATIVE_INFINITY, 1);
        refuses("a grid has 2 to 256 levels, but 0 were given");
        refuses("a grid has 2 to 256 levels, but 1 were given", 3);
        refuses(
                "a grid has 2 to 256 levels, but 257 were given",
                IntStream.range(0, 257).asDoubleStream().toArray());
    }

    private static void refuses(String message, double... levels) {
        assertThatThrownBy(() -> Grid.of(levels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
