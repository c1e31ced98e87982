package io.github.dl4jaskew.interval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.grid.Weights;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LevelCensusTest {

    @Test
    void countsWhatTheGridSays() {
        Random random = new Random(1);
        Grids.all().forEach(grid -> {
            int n = 700;
            ScaledGrid scaled = new ScaledGrid(grid, new double[] {0.3, 2, 1}, new Channels(3, 7));
            double[] w = scaled(scaled, Grids.anywhere(grid, n, random));
            double[] next = scaled(scaled, Grids.anywhere(grid, n, random));
            LevelCensus census = new LevelCensus(n);
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
