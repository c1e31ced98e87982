package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Stage;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

/** With plain SGD both stages give the same weights. */
class SkewRuleStageTest {

    private static final int N = 200;
    private static final double GAMMA = 0.3;

    @KernelTypes
    void oneStepOfSgd(Kernel kernel, DataType type) {
        Random random = new Random(1);
        double rounding = type == DataType.FLOAT ? 3e-6 : 1e-13;
        Grids.few().forEach(grid -> {
            for (int cellPower : new int[] {0, 1, 2}) {
                for (double maxStep : new double[] {0.5, Double.POSITIVE_INFINITY}) {
                    assertSameWeights(kernel, type, grid, random, cellPower, maxStep, rounding);
                }
            }
        });
    }

    private static void assertSameWeights(
            Kernel kernel, DataType type, Grid grid, Random random, int cellPower, double maxStep, double rounding) {
        ScaledGrid scaled = ScaledGrid.perTensor(grid, 0.8);
        double s = scaled.scale(0);
        double[] w = Grids.floats(Grids.times(s, Grids.anywhere(grid, N, random)));
        double[] g = Grids.velocities(N, random);
        double unit = Math.pow(SkewRule.meanHalfCell(scaled, 0), cellPower);
        double rho = 0.7 * GAMMA;
        SkewRule gradient = new SkewRule(0.2, rho, maxStep, Stage.GRADIENT, GAMMA, cellPower);
        double[] skewed = kernel.run(gradient, scaled, type, w, g);
        SkewRule step = new SkewRule(0.2, rho, maxStep, Stage.STEP, 1, cellPower);
        double[] update = kernel.run(step, scaled, type, w, Grids.times(GAMMA, g));
        for (int i = 0; i < N; i++) {
            double low = s * Grids.low(grid);
            double high = s * Grids.high(grid);
            double one = Math.max(low, Math.min(high, w[i] - GAMMA * unit * skewed[i]));
            assertThat(w[i] - update[i]).isEqualTo(one, within(rounding * Math.max(1, Math.abs(one))));
        }
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void manyStepsWithFallingEpsilon(Kernel kernel) {
        Random random = new Random(2);
        Grid grid = Grid.uniform(2);
        ScaledGrid scaled = ScaledGrid.perTensor(grid, 1);
        double[] one = Grids.inside(grid, N, random);
        double[] two = one.clone();
        for (int k = 0; k < 60; k++) {
            double epsilon = Math.pow(0.9, k);
            double[] g = Grids.velocities(N, random);
            double[] skewed = kernel.run(SkewRule.gradient(epsilon, 0.1, 0.5, GAMMA), scaled, DataType.DOUBLE, one, g);
            double[] update =
                    kernel.run(SkewRule.step(epsilon, 0.1, 0.5), scaled, DataType.DOUBLE, two, Grids.times(GAMMA, g));
            for (int i = 0; i < N; i++) {
                one[i] = Math.max(-1, Math.min(1, one[i] - GAMMA * skewed[i]));
                two[i] -= update[i];
            }
        }
        assertThat(two).containsExactly(one, within(1e-9));
    }
}
