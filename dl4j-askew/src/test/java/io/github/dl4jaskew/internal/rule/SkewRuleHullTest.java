package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Stage;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;

/** Stage STEP never leaves the hull; stage GRADIENT leaves the clip to its caller. */
class SkewRuleHullTest {

    private static final int N = 300;

    @KernelTypes
    void everyStepEndsInTheHull(Kernel kernel, DataType type) {
        Random random = new Random(1);
        double rounding = type == DataType.FLOAT ? 1e-6 : 1e-14;
        Grids.all().forEach(grid -> {
            double s = 0.3f;
            ScaledGrid scaled = ScaledGrid.perTensor(grid, s);
            double[] w = Grids.floats(Grids.times(s, Grids.anywhere(grid, N, random)));
            double[] v = Grids.times(3, Grids.velocities(N, random));
            double slack = rounding * grid.maxMagnitude();
            for (double epsilon : new double[] {0, 0.3, 1}) {
                SkewRule rule = SkewRule.step(epsilon, 0.1, 0.5);
                double[] result = kernel.run(rule, scaled, type, w, v);
                for (int i = 0; i < N; i++) {
                    assertThat(w[i] - result[i]).isBetween(s * Grids.low(grid) - slack, s * Grids.high(grid) + slack);
                }
            }
        });
    }

    @KernelTypes
    void aStepBeyondAnEndStopsThere(Kernel kernel, DataType type) {
        SkewRule rule = SkewRule.step(1, 0.1, 0.5);
        Grids.all().forEach(grid -> {
            ScaledGrid scaled = ScaledGrid.perTensor(grid, 1);
            double inside = (float) Grids.weight(grid, 0, 0.25);
            assertThat(inside - kernel.run(rule, scaled, type, inside, 100)).isEqualTo(Grids.low(grid), within(1e-6));
            assertThat(inside - kernel.run(rule, scaled, type, inside, -100)).isEqualTo(Grids.high(grid), within(1e-6));
        });
    }

    @KernelTypes
    void aWeightOutsideComesBackAtOnce(Kernel kernel, DataType type) {
        Grids.all().forEach(grid -> {
            ScaledGrid scaled = ScaledGrid.perTensor(grid, 1);
            for (double epsilon : new double[] {0, 0.5, 1}) {
                SkewRule rule = SkewRule.step(epsilon, 0.01, 0.01);
                double above = Grids.high(grid) + 3;
                assertThat(above - kernel.run(rule, scaled, type, above, 0)).isEqualTo(Grids.high(grid), within(1e-6));
                double below = Grids.low(grid) - 3;
                assertThat(below - kernel.run(rule, scaled, type, below, 0)).isEqualTo(Grids.low(grid), within(1e-6));
            }
        });
    }

    @KernelTypes
    void anOpenHullEndsFartherOut(Kernel kernel, DataType type) {
        double overhang = 1.5;
        for (double epsilon : new double[] {0.5, 1}) {
            SkewRule rule = new SkewRule(epsilon, 0.01, 0.01, Stage.STEP, 1, 0, overhang);
            Grids.all().forEach(grid -> {
                ScaledGrid scaled = ScaledGrid.perTensor(grid, 0.5);
                double reach = overhang * SkewRule.meanHalfCell(scaled, 0);
                double high = 0.5 * Grids.high(grid);
                assertThat(high + 5 - kernel.run(rule, scaled, type, high + 5, 0))
                        .isEqualTo(high + reach, within(1e-6));
                double low = 0.5 * Grids.low(grid);
                assertThat(low - 5 - kernel.run(rule, scaled, type, low - 5, 0)).isEqualTo(low - reach, within(1e-6));
            });
        }
    }

    @KernelTypes
    void aHullThatIsOpenWithoutEndLeavesEveryStepAsItIs(Kernel kernel, DataType type) {
        Random random = new Random(2);
        SkewRule rule = new SkewRule(1, 0.1, 0.5, Stage.STEP, 1, 0, Double.POSITIVE_INFINITY);
        Grids.all().forEach(grid -> {
            double[] w = Grids.floats(Grids.times(3, Grids.anywhere(grid, N, random)));
            double[] v = Grids.floats(Grids.times(3, Grids.velocities(N, random)));
            assertThat(kernel.run(rule, ScaledGrid.perTensor(grid, 0.3f), type, w, v))
                    .isEqualTo(v);
        });
    }

    @KernelTypes
    void weightsBeyondAnOpenHullAreDrawnBackSlowly(Kernel kernel, DataType type) {
        SkewRule rule = new SkewRule(0.5, 1, 0.25, Stage.STEP, 1, 0, Double.POSITIVE_INFINITY);
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        assertThat(kernel.run(rule, grid, type, 3, 0)).isEqualTo(0.25, within(1e-6));
        assertThat(kernel.run(rule, grid, type, -3, 0)).isEqualTo(-0.25, within(1e-6));
    }

    @KernelTypes
    void gradientsAreNotClipped(Kernel kernel, DataType type) {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.ternary(), 1);
        SkewRule rule = SkewRule.gradient(0.5, 0.1, 0.5, 1);
        assertThat(kernel.run(rule, grid, type, 0.9375, -100)).isEqualTo(-100);
    }

    @KernelTypes
    void hugeStepsOfFeasibleWeightsStopAtTheEndToo(Kernel kernel, DataType type) {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        SkewRule rule = SkewRule.step(0.5, 0.1, 0.5);
        for (double huge : new double[] {1e10, 1e36, 3e38}) {
            assertThat(0.9375 - kernel.run(rule, grid, type, 0.9375, huge)).isEqualTo(-1, within(1e-6));
            assertThat(0.9375 - kernel.run(rule, grid, type, 0.9375, -huge)).isEqualTo(1, within(1e-6));
        }
    }
}
