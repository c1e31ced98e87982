package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.grid.Weights;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

class DistancesTest {

    private static final ScaledGrid BINARY = ScaledGrid.perTensor(Grid.binary(), 2);

    @Test
    void beyondAnOpenHullOnlyWhatTheRuleDrawsBackIsInfeasible() {
        Weights beyond = Weights.of(-2, 3, 5, 0.5);
        assertThat(Distances.measure(BINARY, beyond, 1).infeasible()).isEqualTo(2);
        assertThat(Distances.measure(BINARY, beyond, 1, 0.6).infeasible()).isEqualTo(1);
        assertThat(Distances.measure(BINARY, beyond, 1, Double.POSITIVE_INFINITY)
                        .infeasible())
                .isZero();
        // below 1, psi counts beyond the hull too: it is 1.5625 at 3 and 27.6 at 5, and 0.88 at 0.5
        assertThat(Distances.measure(BINARY, beyond, 0.9, Double.POSITIVE_INFINITY)
                        .infeasible())
                .isEqualTo(2);
        // on uneven levels the overhang is in mean half cells, here 0.75
        ScaledGrid uneven = ScaledGrid.perTensor(Grid.of(0, 1, 3), 1);
        assertThat(Distances.measure(uneven, Weights.of(-0.7, 3.7), 1, 1).infeasible())
                .isZero();
        assertThat(Distances.measure(uneven, Weights.of(-0.8, 3.8), 1, 1).infeasible())
                .isEqualTo(2);
    }

    @Test
    void byHand() {
        // t = 1, -1, 0, 0.5, -0.75, 1.25; tau = 0.5
        Weights weights = Weights.of(2, -2, 0, 1, -1.5, 2.5);
        Distances distances = Distances.measure(BINARY, weights, 0.5625);
        assertThat(distances).isEqualTo(new Distances(6, 2, 2.0, 1.0));
        assertThat(distances.mean()).isEqualTo(2.0 / 6);
        assertThat(distances.infeasibleShare()).isEqualTo(2.0 / 6);
    }

    @Test
    void epsilonDecidesWhatIsInfeasible() {
        Weights weights = Weights.of(2, -2, 0, 1, -1.5);
        assertThat(Distances.measure(BINARY, weights, 1).infeasible()).isZero();
        assertThat(Distances.measure(BINARY, weights, 0.5).infeasible()).isEqualTo(2);
        assertThat(Distances.measure(BINARY, weights, 0).infeasible()).isEqualTo(3);
    }

    @Test
    void inHalfCellsOfEachChannelAndCell() {
        ScaledGrid grid = new ScaledGrid(Grid.of(-1, 0, 3), new double[] {1, 4}, new Channels(2, 2));
        // channel 0: -0.5 is a middle, 1.5 a middle; channel 1: -3 lies 1 of 2 from -4, 3 lies 3 of 6 from 0
        Distances distances = Distances.measure(grid, Weights.of(-0.5, 1.5, -3, 3), 0.5);
        assertThat(distances.sum()).isEqualTo(1 + 1 + 0.5 + 0.5);
        assertThat(distances.largest()).isEqualTo(1);
        assertThat(distances.infeasible()).isEqualTo(4);
    }

    @Test
    void levelsRoundedToFloatAreFeasibleAtZero() {
        Random random = new Random(1);
        Grids.all().forEach(grid -> {
            ScaledGrid scaled = ScaledGrid.perTensor(grid, 0.01 + random.nextDouble());
            double[] levels = new double[grid.size()];
            for (int code = 0; code < levels.length; code++) {
                levels[code] = (float) scaled.level(0, code);
            }
            Distances distances = Distances.measure(scaled, Weights.of(levels), 0);
            assertThat(distances.infeasible()).as(grid.toString()).isZero();
            assertThat(distances.largest()).isLessThan(2e-5);
        });
    }

    /** The rule stops where float32 can no longer tell a weight from its level, and the report must agree. */
    @Test
    void weightsThatTheRuleLeavesAreFeasibleAtZero() {
        for (int bits = 2; bits <= 8; bits++) {
            ScaledGrid grid = ScaledGrid.perTensor(Grid.uniform(bits), 1);
            double beside = 1 - 3 * 0x1p-24;
            assertThat(Kernel.HOST.run(SkewRule.step(0, 1, 0.5), grid, DataType.FLOAT, beside, 1e-3))
                    .isEqualTo((double) 1e-3f);
            assertThat(Distances.measure(grid, Weights.of(beside), 0).infeasible())
                    .isZero();
        }
    }

    @Test
    void beyondTheHullIsInfeasibleAtEveryEpsilon() {
        assertThat(Distances.measure(BINARY, Weights.of(2.01, -2.01), 1).infeasible())
                .isEqualTo(2);
    }

    @Test
    void plusIsTheMeasureOfBoth() {
        Distances one = Distances.measure(BINARY, Weights.of(0.3, -1), 0.5);
        Distances two = Distances.measure(BINARY, Weights.of(1.9, 2, -0.1), 0.5);
        Distances both = Distances.measure(BINARY, Weights.of(0.3, -1, 1.9, 2, -0.1), 0.5);
        Distances sum = one.plus(two);
        assertThat(sum.weights()).isEqualTo(both.weights());
        assertThat(sum.infeasible()).isEqualTo(both.infeasible());
        assertThat(sum.sum()).isEqualTo(both.sum(), within(1e-14));
        assertThat(sum.largest()).isEqualTo(both.largest());
        assertThat(two.plus(one)).isEqualTo(sum);
        assertThat(sum.plus(Distances.NONE)).isEqualTo(sum);
    }

    @Test
    void noWeights() {
        assertThat(Distances.measure(BINARY, Weights.of(), 0)).isEqualTo(Distances.NONE);
        assertThat(Distances.NONE.mean()).isZero();
        assertThat(Distances.NONE.infeasibleShare()).isZero();
    }
}
