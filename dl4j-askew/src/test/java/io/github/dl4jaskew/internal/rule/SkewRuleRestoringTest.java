package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Interval;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** A weight without a gradient goes back to its interval at rate rho. */
class SkewRuleRestoringTest {

    private static final double EPSILON = 0.1;
    private static final double[] STARTS = {-0.8, -0.6, -0.4, -0.25, 0.25, 0.4, 0.6, 0.8};

    @KernelTypes
    void violationFallsMonotonicallyToZero(Kernel kernel, DataType type) {
        double rounding = type == DataType.FLOAT ? 1e-4 : 1e-12;
        Grids.few().forEach(grid -> {
            ScaledGrid scaled = ScaledGrid.perTensor(grid, 0.75);
            SkewRule rule = SkewRule.step(EPSILON, 0.05, Double.POSITIVE_INFINITY);
            double[] w = starts(scaled);
            double[] before = violations(scaled, w);
            for (int step = 0; step < 100; step++) {
                double[] v = kernel.run(rule, scaled, type, w, new double[w.length]);
                for (int i = 0; i < w.length; i++) {
                    w[i] -= v[i];
                }
                double[] after = violations(scaled, w);
                for (int i = 0; i < w.length; i++) {
                    assertThat(after[i]).isBetween(-rounding, before[i] + rounding);
                    if (before[i] > 0.05) {
                        assertThat(after[i]).isLessThan(before[i]);
                    }
                }
                before = after;
            }
            assertThat(Arrays.stream(before).max().orElseThrow()).isLessThan(0.01);
        });
    }

    @KernelTypes
    void factorOfOneStepIsOneMinusRho(Kernel kernel, DataType type) {
        double rho = 0.01;
        ScaledGrid grid = ScaledGrid.perTensor(Grid.of(-0.7, 0.1, 0.25, 1.3), 0.75);
        double[] w = starts(grid);
        double[] v =
                kernel.run(SkewRule.step(EPSILON, rho, Double.POSITIVE_INFINITY), grid, type, w, new double[w.length]);
        for (int i = 0; i < w.length; i++) {
            double before = violation(grid, w[i]);
            double after = violation(grid, w[i] - v[i]);
            assertThat(after / before).isEqualTo(1 - rho, within(0.1 * rho));
        }
    }

    @Test
    void whatIsLeftOutIsOfSecondOrder() {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        double coarse = deviation(grid, 1e-2);
        double fine = deviation(grid, 1e-3);
        assertThat(coarse / fine).isBetween(90.0, 110.0);
    }

    @KernelTypes
    void rateZeroOnlyHoldsBack(Kernel kernel, DataType type) {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        for (SkewRule rule : new SkewRule[] {SkewRule.step(0.1, 0, 0.5), SkewRule.gradient(0.1, 0, 0.5, 0.1)}) {
            assertThat(kernel.run(rule, grid, type, 0.5, -0.25)).isEqualTo(-0.25);
            assertThat(kernel.run(rule, grid, type, -0.5, 0.25)).isEqualTo(0.25);
            assertThat(kernel.run(rule, grid, type, 0.5, 0.25)).isZero();
            assertThat(kernel.run(rule, grid, type, -0.5, -0.25)).isZero();
            assertThat(kernel.run(rule, grid, type, 0.9375, 0.25)).isEqualTo(0.25);
        }
        assertThat(Interval.skew(0.5, 0.25, 0.1, 0, 0.5)).isEqualTo(0.25);
        assertThat(Interval.skew(0.5, -0.25, 0.1, 0, 0.5)).isZero();
    }

    private static double deviation(ScaledGrid grid, double rho) {
        SkewRule rule = SkewRule.step(EPSILON, rho, Double.POSITIVE_INFINITY);
        double v = Kernel.HOST.run(rule, grid, DataType.DOUBLE, 0.4, 0);
        return violation(grid, 0.4 - v) / violation(grid, 0.4) - (1 - rho);
    }

    private static double[] starts(ScaledGrid grid) {
        int cells = grid.grid().size() - 1;
        double[] weights = new double[cells * STARTS.length];
        for (int i = 0; i < weights.length; i++) {
            double atUnitScale = Grids.weight(grid.grid(), i % cells, STARTS[i / cells]);
            weights[i] = (float) (grid.scale(0) * atUnitScale);
        }
        return weights;
    }

    private static double[] violations(ScaledGrid grid, double[] weights) {
        double[] violations = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            violations[i] = violation(grid, weights[i]);
        }
        return violations;
    }

    private static double violation(ScaledGrid grid, double weight) {
        return Interval.psi(grid.coordinate(0, weight)) - EPSILON;
    }
}
