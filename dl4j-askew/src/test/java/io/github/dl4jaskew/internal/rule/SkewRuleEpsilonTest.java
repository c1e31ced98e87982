package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Interval;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

/** The two ends of eps, and the direction in which an infeasible weight may go. */
class SkewRuleEpsilonTest {

    private static final int N = 500;

    @KernelTypes
    void oneLeavesTheStepBitForBit(Kernel kernel, DataType type) {
        Random random = new Random(1);
        Grids.all().forEach(grid -> {
            double[] w = Grids.inside(grid, N, random);
            double[] v = new double[N];
            for (int i = 0; i < N; i++) {
                // The step goes to another place strictly inside the hull.
                double low = Grids.low(grid);
                double high = Grids.high(grid);
                double target = low + (0.001 + 0.998 * random.nextDouble()) * (high - low);
                v[i] = (float) (w[i] - target);
            }
            SkewRule rule = SkewRule.step(1, 0.5, 0.5);
            assertThat(kernel.run(rule, ScaledGrid.perTensor(grid, 1), type, w, v))
                    .isEqualTo(v);
        });
    }

    @KernelTypes
    void oneLeavesTheGradientBitForBit(Kernel kernel, DataType type) {
        Random random = new Random(2);
        Grids.all().forEach(grid -> {
            double[] w = Grids.anywhere(grid, N, random);
            double[] v = Grids.times(100, Grids.velocities(N, random));
            v = Grids.floats(v);
            SkewRule rule = SkewRule.gradient(1, 0.05, 0.5, 0.1);
            assertThat(kernel.run(rule, ScaledGrid.perTensor(grid, 1), type, w, v))
                    .isEqualTo(v);
        });
    }

    @KernelTypes
    void feasibleWeightsKeepTheGradientBitForBit(Kernel kernel, DataType type) {
        Grid grid = Grid.uniform(2);
        double[] w = new double[N];
        Random random = new Random(3);
        for (int i = 0; i < N; i++) {
            double t = (random.nextBoolean() ? 1 : -1) * (Interval.tau(0.2) + 1e-4 + 0.2 * random.nextDouble());
            w[i] = Grids.weight(grid, random.nextInt(3), Math.max(-1, Math.min(1, t)));
        }
        double[] v = Grids.velocities(N, random);
        SkewRule rule = SkewRule.gradient(0.2, 0.05, 0.5, 0.1);
        assertThat(kernel.run(rule, ScaledGrid.perTensor(grid, 1), type, w, v)).isEqualTo(v);
    }

    @KernelTypes
    void zeroMovesEveryWeightToItsLevelAtLeastAtK(Kernel kernel, DataType type) {
        double rho = 0.1;
        Random random = new Random(4);
        Grids.all().forEach(grid -> {
            ScaledGrid scaled = ScaledGrid.perTensor(grid, 1);
            double[] w = Grids.inside(grid, N, random);
            double[] v = Grids.velocities(N, random);
            SkewRule rule = SkewRule.step(0, rho, 0.5);
            double[] result = kernel.run(rule, scaled, type, w, v);
            for (int i = 0; i < N; i++) {
                double t = scaled.coordinate(0, w[i]);
                if (Math.abs(t) < 1e-3 || Math.abs(t) > 1 - 1e-3) {
                    continue; // where float32 cannot tell the middle or the level
                }
                double outward = -Math.signum(t) * result[i] / scaled.halfCell(0, w[i]);
                double k = Math.min(0.5, Math.abs(Interval.restoring(t, 0, rho)));
                assertThat(outward).isGreaterThan(0.97 * Math.min(k, 1 - Math.abs(t)));
            }
        });
    }

    @KernelTypes
    void noInfeasibleWeightGoesTowardsTheMiddle(Kernel kernel, DataType type) {
        Random random = new Random(5);
        Grids.all().forEach(grid -> {
            ScaledGrid scaled = ScaledGrid.perTensor(grid, 1);
            double[] w = Grids.inside(grid, N, random);
            double[] v = Grids.times(1000, Grids.velocities(N, random));
            for (SkewRule rule : new SkewRule[] {SkewRule.step(0.3, 0.1, 0.5), SkewRule.gradient(0.3, 0.1, 0.5, 0.1)}) {
                double[] result = kernel.run(rule, scaled, type, w, v);
                for (int i = 0; i < N; i++) {
                    double t = scaled.coordinate(0, w[i]);
                    if (Math.abs(t) > 1e-4 && Interval.psi(t) > 0.3 + 1e-4) {
                        assertThat(-Math.signum(t) * result[i])
                                .as("w %s of %s", w[i], grid)
                                .isPositive();
                    }
                }
            }
        });
    }

    @KernelTypes
    void feasibleWeightsMayCross(Kernel kernel, DataType type) {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        SkewRule rule = SkewRule.step(0.3, 0.1, 0.5);
        assertThat(kernel.run(rule, grid, type, 0.875, 1.5)).isEqualTo(1.5);
    }

    @KernelTypes
    void zeroLeavesWeightsThatRoundToTheirLevels(Kernel kernel, DataType type) {
        assertThat(stepBesideALevel(kernel, type, 1)).isEqualTo(0.25);
    }

    /** One weight far beyond the hull is enough for that. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void zeroLeavesThemInABlockWhosePassesOverflow(DataType type) {
        assertThat(stepBesideALevel(Kernel.HOST, type, -1e38)).isEqualTo(0.25);
    }

    private static double stepBesideALevel(Kernel kernel, DataType type, double otherWeight) {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        double beside = 1 - (type == DataType.FLOAT ? 0x1p-24 : 0x1p-53);
        return kernel.run(SkewRule.step(0, 0.5, 0.5), grid, type, new double[] {beside, otherWeight}, new double[] {
            0.25, 0
        })[0];
    }
}
