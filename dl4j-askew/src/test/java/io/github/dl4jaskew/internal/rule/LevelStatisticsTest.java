package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.grid.Weights;
import io.github.dl4jaskew.interval.CellHistogram;
import io.github.dl4jaskew.interval.Interval;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LevelStatisticsTest {

    @Test
    void countsWhatTheGridSays() {
        Random random = new Random(1);
        Grids.all().forEach(grid -> {
            int n = 700;
            ScaledGrid scaled = new ScaledGrid(grid, new double[] {0.3, 2, 1}, new Channels(3, 7));
            double[] w = scaled(scaled, Grids.anywhere(grid, n, random));
            double[] next = scaled(scaled, Grids.anywhere(grid, n, random));
            LevelStatistics census = new LevelStatistics(n);
            check(census.take(scaled, Weights.of(w), 0.3), scaled, w, 0.3);
            assertThat(census.flips()).isEqualTo(-1);
            check(census.take(scaled, Weights.of(next), 0.1), scaled, next, 0.1);
            long flips = 0;
            for (int i = 0; i < n; i++) {
                int channel = scaled.channels().of(i);
                flips += scaled.code(channel, w[i]) == scaled.code(channel, next[i]) ? 0 : 1;
            }
            assertThat(census.flips()).isEqualTo(flips);
            census.take(scaled, Weights.of(next), 0.1);
            assertThat(census.flips()).isZero();
        });
    }

    @Test
    void histogramsHaveEveryWeightInTheBinOfItsPosition() {
        Random random = new Random(2);
        Grids.all().forEach(grid -> {
            int n = 700;
            ScaledGrid scaled = new ScaledGrid(grid, new double[] {0.3, 2, 1}, new Channels(3, 7));
            double[] w = scaled(scaled, Grids.anywhere(grid, n, random));
            LevelStatistics census = new LevelStatistics(n);
            Distances with = census.takeWithHistogram(scaled, Weights.of(w), 0.3);
            CellHistogram histogram = Objects.requireNonNull(census.histogram());
            assertThat(with).isEqualTo(new LevelStatistics(n).take(scaled, Weights.of(w), 0.3));
            assertThat(histogram.weights()).isEqualTo(n);
            assertThat(histogram.levels()).isEqualTo(grid.size());
            long[] expected = new long[histogram.counts().length];
            for (int i = 0; i < n; i++) {
                int channel = scaled.channels().of(i);
                double x = w[i] / scaled.scale(channel);
                double position = grid.cell(x) + 0.5 * (scaled.coordinate(channel, w[i]) + 1);
                long bin = Math.round((position + 0.5) * histogram.binsPerCell());
                expected[(int) Math.max(0, Math.min(expected.length - 1, bin))]++;
            }
            // Rounding may move a weight at the border of a bin.
            long moved = 0;
            for (int i = 0; i < expected.length; i++) {
                moved += Math.abs(expected[i] - histogram.counts()[i]);
            }
            assertThat(moved).isLessThanOrEqualTo(4);
            census.take(scaled, Weights.of(w), 0.3);
            assertThat(census.histogram()).isNull();
        });
    }

    /** Rounding to float32 moves half of them out of their interval. */
    @Test
    void weightsAtTheBorderOfTheirIntervalAreFeasible() {
        Random random = new Random(3);
        for (Grid grid : List.of(Grid.binary(), Grid.ternary(), Grid.uniform(4), Grid.powersOfTwo(4))) {
            for (double epsilon : new double[] {1e-6, 1e-4, 1e-3, 0.01, 0.1, 0.5, 0.99}) {
                double[] scales = random.doubles(200, 0.01, 1).toArray();
                ScaledGrid scaled = new ScaledGrid(grid, scales, new Channels(200, 1));
                double[] weights = new double[200];
                for (int i = 0; i < weights.length; i++) {
                    int cell = random.nextInt(grid.size() - 1);
                    double middle = 0.5 * (scaled.level(i, cell) + scaled.level(i, cell + 1));
                    double half = 0.5 * (scaled.level(i, cell + 1) - scaled.level(i, cell));
                    double side = random.nextBoolean() ? 1 : -1;
                    weights[i] = (float) (middle + side * Interval.tau(epsilon) * half);
                }
                assertThat(new LevelStatistics(200)
                                .take(scaled, Weights.of(weights), epsilon)
                                .infeasible())
                        .as("%s, eps %s", grid, epsilon)
                        .isZero();
            }
        }
    }

    @Test
    void weightsOnALevelAreInTheBinAroundIt() {
        CellHistogram histogram = histogram(ScaledGrid.perTensor(Grid.ternary(), 0.5), -0.5, 0, 1e-9, -1e-9, 0.5);
        assertThat(histogram.binsPerCell()).isEqualTo(64);
        assertThat(histogram.counts()).hasSize(193);
        assertThat(histogram.counts()[32]).isEqualTo(1);
        assertThat(histogram.counts()[96]).isEqualTo(3);
        assertThat(histogram.counts()[160]).isEqualTo(1);
    }

    @Test
    void theLastBinsHoldWhatLiesBeyond() {
        CellHistogram histogram = histogram(ScaledGrid.perTensor(Grid.binary(), 1), -9, -2, 2, 3, 1e30);
        assertThat(histogram.counts()[0]).isEqualTo(2);
        assertThat(histogram.counts()[128]).isEqualTo(3);
    }

    private static CellHistogram histogram(ScaledGrid grid, double... weights) {
        LevelStatistics census = new LevelStatistics(weights.length);
        census.takeWithHistogram(grid, Weights.of(weights), 1);
        return Objects.requireNonNull(census.histogram());
    }

    private static void check(Distances distances, ScaledGrid grid, double[] w, double epsilon) {
        double sum = 0;
        double largest = 0;
        long infeasible = 0;
        for (int i = 0; i < w.length; i++) {
            double t = grid.coordinate(grid.channels().of(i), w[i]);
            sum += Math.abs(1 - Math.abs(t));
            largest = Math.max(largest, Math.abs(1 - Math.abs(t)));
            infeasible += Math.abs(t) > 1 + 2e-5 || Interval.psi(t) > epsilon + 1e-9 ? 1 : 0;
        }
        assertThat(distances.weights()).isEqualTo(w.length);
        assertThat(distances.sum()).isEqualTo(sum, within(1e-9 * sum));
        assertThat(distances.largest()).isEqualTo(largest, within(1e-9 * largest));
        assertThat(distances.infeasible()).isEqualTo(infeasible);
    }

    private static double[] scaled(ScaledGrid grid, double[] w) {
        double[] scaled = new double[w.length];
        for (int i = 0; i < w.length; i++) {
            scaled[i] = w[i] * grid.scale(grid.channels().of(i));
        }
        return scaled;
    }
}
