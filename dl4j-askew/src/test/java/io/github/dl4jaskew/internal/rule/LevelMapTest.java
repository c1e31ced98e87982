package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class LevelMapTest {

    private static final int ROWS = 600;
    private static final int COLUMNS = 4;

    static Stream<ScaledGrid> grids() {
        double[] many =
                IntStream.range(0, 60).mapToDouble(i -> i + 0.3 * Math.sin(i)).toArray();
        return Stream.of(
                        Grid.binary(),
                        Grid.ternary(),
                        Grid.uniform(4),
                        Grid.powersOfTwo(4),
                        Grid.of(-0.7, 0.1, 0.3, 2),
                        Grid.of(many))
                .flatMap(grid -> Stream.of(
                        ScaledGrid.perTensor(grid, 0.37),
                        new ScaledGrid(grid, new double[] {0.1, 0.7, 0.01, 3}, new Channels(COLUMNS, 1)),
                        new ScaledGrid(grid, new double[] {0.1, 0.7, 0.01, 3}, new Channels(COLUMNS, ROWS))));
    }

    /** Weights everywhere, on every level and on every middle. */
    private static INDArray weights(ScaledGrid grid, DataType type) {
        Random random = new Random(4);
        Grid unit = grid.grid();
        double[] special = IntStream.range(0, unit.size() - 1)
                .mapToObj(i -> DoubleStream.of(unit.level(i), 0.5 * (unit.level(i) + unit.level(i + 1))))
                .flatMapToDouble(s -> s)
                .toArray();
        double[] values = new double[ROWS * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            double x = i % 3 == 0 ? special[i / 3 % special.length] : 1.3 * random.nextGaussian() * unit.maxMagnitude();
            values[i] = x * grid.scale(grid.channels().of(i));
        }
        return Nd4j.createFromArray(values).castTo(type).reshape(ROWS, COLUMNS);
    }

    private static INDArray like(INDArray weights) {
        return Nd4j.createUninitialized(weights.dataType(), weights.shape(), weights.ordering());
    }

    @ParameterizedTest
    @MethodSource("grids")
    void nearestLevelsAreThoseOfTheGrid(ScaledGrid grid) {
        INDArray weights = weights(grid, DataType.FLOAT);
        INDArray out = like(weights);
        LevelMap.nearest(grid, weights, out);
        float[] w = weights.dup().data().asFloat();
        float[] q = out.dup().data().asFloat();
        for (int i = 0; i < q.length; i++) {
            assertThat(q[i]).isEqualTo((float) grid.nearest(grid.channels().of(i), w[i]));
        }
    }

    @ParameterizedTest
    @MethodSource("grids")
    void mapsAreTheFormulas(ScaledGrid grid) {
        INDArray weights = weights(grid, DataType.DOUBLE);
        INDArray relaxed = like(weights);
        INDArray sharp = like(weights);
        INDArray update = weights.mul(0.01);
        LevelMap.relax(grid, weights, relaxed, 1.5);
        LevelMap.sharpen(grid, weights, sharp, 0.4);
        LevelMap.threshold(grid, weights, update, 0.1, 1);
        for (int i = 0; i < weights.length(); i++) {
            int c = grid.channels().of(i);
            double w = weights.data().getDouble(i);
            double q = grid.nearest(c, w);
            int cell = grid.grid().cell(w / grid.scale(c));
            double half = SkewRule.meanHalfCell(grid, c);
            assertThat(relaxed.data().getDouble(i)).isEqualTo(LevelFormulas.relax(w, q, 1.5), within(1e-12));
            assertThat(sharp.data().getDouble(i))
                    .isEqualTo(
                            LevelFormulas.sharpen(w, grid.level(c, cell), grid.level(c, cell + 1), 0.4), within(1e-9));
            double x = w - 0.01 * w * half;
            assertThat(w - update.data().getDouble(i))
                    .isEqualTo(LevelFormulas.softThreshold(x, grid.nearest(c, x), 0.1 * half), within(1e-9));
        }
    }

    @ParameterizedTest
    @MethodSource("grids")
    void samplingIsUnbiasedInsideTheHull(ScaledGrid grid) {
        INDArray weights = weights(grid, DataType.DOUBLE);
        INDArray sum = weights.mul(0);
        INDArray out = like(weights);
        int draws = 200;
        for (int k = 0; k < draws; k++) {
            LevelMap.sample(grid, weights, out, k * 0x9E3779B97F4A7C15L);
            sum.addi(out);
        }
        int top = grid.grid().size() - 1;
        for (int i = 0; i < weights.length(); i++) {
            int c = grid.channels().of(i);
            double w = weights.data().getDouble(i);
            double inside = Math.max(grid.level(c, 0), Math.min(grid.level(c, top), w));
            // Five standard deviations of the mean of a number on two levels.
            double error = 5 * grid.halfCell(c, w) / Math.sqrt(draws);
            assertThat(sum.data().getDouble(i) / draws).isEqualTo(inside, within(error));
        }
    }

    @Test
    void samplesDependOnTheSeedAndNothingElse() {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        INDArray zeros = Nd4j.zeros(DataType.FLOAT, 200_000);
        INDArray one = like(zeros);
        INDArray again = like(zeros);
        INDArray other = like(zeros);
        LevelMap.sample(grid, zeros, one, 1);
        LevelMap.sample(grid, zeros, again, 1);
        LevelMap.sample(grid, zeros, other, 2);
        assertThat(one).isEqualTo(again).isNotEqualTo(other);
        assertThat(one.meanNumber().doubleValue()).isEqualTo(0, within(0.02));
        assertThat(one.mul(other).meanNumber().doubleValue()).isEqualTo(0, within(0.02));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HALF", "FLOAT"})
    void arraysThatAreNoDenseFloatsGiveTheSame(String type) {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.ternary(), 0.5);
        INDArray wide = weights(grid, DataType.valueOf(type));
        INDArray weights = wide.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 3));
        INDArray out = like(weights);
        LevelMap.nearest(grid, weights, out);
        INDArray update = weights.mul(0.1);
        LevelMap.threshold(grid, weights, update, Double.POSITIVE_INFINITY, 0);
        for (int r = 0; r < ROWS; r++) {
            for (int c = 0; c < 2; c++) {
                double w = weights.getDouble(r, c);
                assertThat(out.getDouble(r, c)).isEqualTo(grid.nearest(0, w));
                assertThat(w - update.getDouble(r, c)).isEqualTo(grid.nearest(0, 0.9 * w), within(2e-3));
            }
        }
    }

    @Test
    void roundsInPlace() {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 2);
        INDArray weights = Nd4j.createFromArray(0.1f, -3f, 1.9f);
        LevelMap.nearest(grid, weights, weights);
        assertThat(weights.toFloatVector()).containsExactly(2, -2, 2);
    }

    @Test
    void anUpdateWithoutThresholdIsLeftAsItIs() {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 2);
        INDArray update = Nd4j.createFromArray(1e-9f, 3f);
        LevelMap.threshold(grid, Nd4j.createFromArray(0.3f, -0.1f), update, 0, 0);
        assertThat(update.toFloatVector()).containsExactly(1e-9f, 3f);
    }

    @Test
    void refusesBadInput() {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        INDArray good = Nd4j.createFromArray(0.1f, 0.2f);
        INDArray bad = Nd4j.createFromArray(0.1f, Float.NaN);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LevelMap.nearest(grid, bad, like(bad)))
                .withMessageContaining("element 1 is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LevelMap.threshold(grid, good, bad, 1, 0))
                .withMessageContaining("element 1 is NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> LevelMap.relax(grid, good, like(good), -1));
        assertThatIllegalArgumentException().isThrownBy(() -> LevelMap.relax(grid, good, like(good), Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> LevelMap.sharpen(grid, good, like(good), 1.5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LevelMap.nearest(grid, good, Nd4j.zeros(DataType.FLOAT, 3)))
                .withMessageContaining("2 weights but 3");
        ScaledGrid three = new ScaledGrid(Grid.binary(), new double[] {1, 1, 1}, new Channels(3, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LevelMap.nearest(three, good, like(good)))
                .withMessageContaining("divided");
    }
}
