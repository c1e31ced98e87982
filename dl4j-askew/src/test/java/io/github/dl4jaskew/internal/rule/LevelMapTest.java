package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.interval.Stage;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
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
    void adaptsEachWeightInItsCell(ScaledGrid grid) {
        INDArray weights = weights(grid, DataType.DOUBLE);
        INDArray out = like(weights);
        INDArray levels = like(weights);
        INDArray nearest = like(weights);
        INDArray gradient = Nd4j.createFromArray(
                        new Random(2).doubles(weights.length(), -1, 1).toArray())
                .reshape(weights.shape());
        double[] g = gradient.dup().data().asDouble();
        INDArray power = gradient.dup();
        LevelMap.adaptive(grid, weights, out, 3, 0.1);
        LevelMap.adaptive(grid, weights, levels, 10, 0.1);
        LevelMap.nearest(grid, weights, nearest);
        LevelMap.scaleGradient(grid, weights, gradient, LevelMap.adaptiveSlope(3, 0.1));
        LevelMap.scaleGradient(grid, weights, power, LevelMap.powerSlope(2, 1.5));
        for (int i = 0; i < g.length; i++) {
            int c = grid.channels().of(i);
            double w = weights.data().getDouble(i);
            int cell = grid.grid().cell(w / grid.scale(c));
            double half = (grid.level(c, cell + 1) - grid.level(c, cell)) / 2;
            double middle = (grid.level(c, cell + 1) + grid.level(c, cell)) / 2;
            double t = (w - middle) / half;
            // On a middle rounding decides, and both sides are right.
            if (Math.abs(t) > 1e-9 && Math.abs(Math.abs(t) - 1) > 1e-9) {
                double s = Math.signum(t) * Math.min(1, (Math.abs(t) + 3.3) / 4);
                assertThat(out.data().getDouble(i)).isEqualTo(middle + s * half, within(1e-9));
                assertThat(levels.data().getDouble(i)).isEqualTo(nearest.data().getDouble(i));
                double slope = t * g[i] > 0
                        ? Math.min(0.5, (Math.abs(s) + 3.3 / 4) / Math.abs(t))
                        : Math.abs(t) >= 0.7 ? 0 : 0.25;
                assertThat(gradient.data().getDouble(i)).isEqualTo(slope * g[i], within(1e-9));
                double f = Math.abs(t) > 1.5 ? 0 : 1 / Math.sqrt(Math.max(0.1, Math.abs(t)));
                f = Math.abs(t) <= 0.1 ? f : f / 2;
                assertThat(power.data().getDouble(i)).isEqualTo(f * g[i], within(1e-9));
            }
        }
    }

    @Test
    void slopesCheckTheirNumbers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LevelMap.powerSlope(0.9, 1.5))
                .withMessageContaining("power is 0.9");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LevelMap.adaptiveSlope(-1, 0.1))
                .withMessageContaining("mu is -1.0");
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LevelMap.scaleGradient(
                        grid,
                        Nd4j.createFromArray(0.1, 0.2),
                        Nd4j.createFromArray(1, Double.NaN),
                        LevelMap.powerSlope(1, 1.5)))
                .withMessageContaining("gradient");
    }

    /** The formula of the Javadoc in plain Java, for one weight. */
    private static double crossed(
            ScaledGrid grid, int c, double w, double d, double tauBefore, double tau, double over) {
        double[] levels = IntStream.range(0, grid.grid().size())
                .mapToDouble(i -> grid.level(c, i))
                .toArray();
        int top = levels.length - 1;
        int code = grid.code(c, w);
        double q = levels[code];
        double y = tauBefore == 1 ? q : q + (w - q) / (1 - tauBefore);
        y = code == 0 ? y : Math.max(y, (levels[code - 1] + q) / 2);
        y = code == top ? y : Math.min(y, (levels[code + 1] + q) / 2);
        double beyond = over * (levels[top] - levels[0]) / (2 * top);
        double moved = Math.max(levels[0] - beyond, Math.min(levels[top] + beyond, y + d));
        double end = d == 0 ? q : grid.nearest(c, moved);
        return end + (1 - tau) * (moved - end);
    }

    @ParameterizedTest
    @MethodSource("grids")
    void crossingIsTheFormula(ScaledGrid grid) {
        double before = 0.5;
        double epsilon = 0.3;
        double tau = Interval.tau(epsilon);
        for (int power = 0; power <= 2; power++) {
            for (double overhang : new double[] {0, 1.5}) {
                INDArray weights = weights(grid, DataType.DOUBLE);
                INDArray update = Nd4j.createFromArray(new Random(8)
                                .doubles(weights.length(), -1, 1)
                                .map(v -> Math.abs(v) < 0.2 ? 0 : 3 * v)
                                .toArray())
                        .reshape(weights.shape());
                double[] v = update.dup().data().asDouble();
                SkewRule rule = new SkewRule(epsilon, 0.3, 1, Stage.STEP, 1, power, overhang);
                LevelMap.cross(grid, weights, update, rule, before);
                for (int i = 0; i < v.length; i++) {
                    int c = grid.channels().of(i);
                    double w = weights.data().getDouble(i);
                    double half = SkewRule.meanHalfCell(grid, c);
                    double unit = Math.pow(half, power);
                    double wanted = crossed(grid, c, w, -v[i] * unit, before, tau, overhang);
                    assertThat(w - update.data().getDouble(i)).isEqualTo(wanted, within(1e-12 * (1 + Math.abs(w))));
                }
            }
        }
    }

    @Test
    void crossingInOneCellIsThatOfTheInterval() {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 0.5);
        int n = 200_000;
        double[] t = new Random(5).doubles(n, -1, 1).toArray();
        double[] d = new Random(6).doubles(n, -1, 1).toArray();
        INDArray weights = Nd4j.createFromArray(t).muli(0.5).castTo(DataType.FLOAT);
        INDArray update = Nd4j.createFromArray(d).muli(-0.5).castTo(DataType.FLOAT);
        LevelMap.cross(grid, weights, update, SkewRule.step(Interval.epsilon(0.75), 1, 1), 0.25);
        float[] moved = weights.sub(update).data().asFloat();
        for (int i = 0; i < n; i++) {
            // Within rounding of 0 either interval is right.
            double z = Math.signum(t[i]) * Math.max(0, Math.abs(t[i]) - 0.25) / 0.75 + d[i];
            if (Math.abs(z) > 1e-5) {
                assertThat(moved[i]).isEqualTo((float) (0.5 * Interval.cross(t[i], d[i], 0.25, 0.75)), within(1e-6f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("grids")
    void noiseDependsOnSeedAndPlaceAlone(ScaledGrid grid) {
        INDArray weights = weights(grid, DataType.DOUBLE);
        INDArray out = like(weights);
        LevelMap.addNoise(grid, weights, out, 0.25, 77);
        RandomGenerator random = null;
        for (int i = 0; i < weights.length(); i++) {
            random = i % 1024 == 0 ? new SplittableRandom(77 + i / 1024) : random;
            double h = SkewRule.meanHalfCell(grid, grid.channels().of(i));
            assertThat(out.data().getDouble(i))
                    .isEqualTo(weights.data().getDouble(i) + 0.25 * h * random.nextGaussian());
        }
        LevelMap.addNoise(grid, weights, weights, 0.25, 77);
        assertThat(weights).isEqualTo(out);
    }

    @Test
    void noiseOfManyThreadsIsNormal() {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 2);
        INDArray out = Nd4j.zeros(DataType.FLOAT, 300_000);
        LevelMap.addNoise(grid, out, out, 0.5, 1);
        assertThat(out.meanNumber().doubleValue()).isEqualTo(0, within(0.01));
        assertThat(out.stdNumber().doubleValue()).isEqualTo(1, within(0.01));
        RandomGenerator last = new SplittableRandom(1 + 299_999 / 1024);
        float wanted = 0;
        for (int i = 299_999 / 1024 * 1024; i < 300_000; i++) {
            wanted = (float) last.nextGaussian();
        }
        assertThat(out.getFloat(299_999)).isEqualTo(wanted);
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
