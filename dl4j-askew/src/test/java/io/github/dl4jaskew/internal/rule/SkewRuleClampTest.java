package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import org.nd4j.linalg.api.buffer.DataType;

/** The clamp m, and what happens next to the middle of a cell. */
class SkewRuleClampTest {

    private static final double INF = Double.POSITIVE_INFINITY;
    private static final double[] TINY = {1e-10, 1e-20, 1e-25, 1e-30, 1e-35, Float.MIN_NORMAL, Float.MIN_VALUE};

    @KernelTypes
    void limitsTheRestoringStepInHalfCells(Kernel kernel, DataType type) {
        Grids.all().forEach(grid -> {
            ScaledGrid scaled = ScaledGrid.perTensor(grid, 0.5);
            double w = 0.5 * Grids.weight(grid, 0, 0.0625);
            double half = scaled.halfCell(0, w);
            SkewRule step = SkewRule.step(0, 1, 0.25);
            assertThat(kernel.run(step, scaled, type, w, 0)).isEqualTo(-0.25 * half, within(1e-6 * half));
            SkewRule gradient = SkewRule.gradient(0, 0.5, 0.25, 0.5);
            assertThat(kernel.run(gradient, scaled, type, w, 0)).isEqualTo(-0.25 * half / 0.5, within(1e-6 * half));
        });
    }

    @KernelTypes
    void doesNotLimitAStepFasterThanK(Kernel kernel, DataType type) {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        // K = 0.1 * (1 - 0.25) / (4 * 0.5) = 0.0375
        SkewRule rule = SkewRule.step(0, 0.1, 0.01);
        assertThat(kernel.run(rule, grid, type, 0.5, -0.25)).isEqualTo(-0.25);
        assertThat(kernel.run(rule, grid, type, 0.5, -0.03)).isEqualTo(-0.01, within(1e-8));
        assertThat(kernel.run(rule, grid, type, 0.5, 0.03)).isEqualTo(-0.01, within(1e-8));
    }

    @KernelTypes
    void theMiddleLetsTheStepPass(Kernel kernel, DataType type) {
        ScaledGrid binary = ScaledGrid.perTensor(Grid.binary(), 0.5);
        for (SkewRule rule : new SkewRule[] {
            SkewRule.step(0, 1, INF),
            SkewRule.step(0.3, 0.1, 0.5),
            SkewRule.gradient(0, 0.1, INF, 0.1),
            SkewRule.gradient(0.5, 0.1, 0.5, 0.1)
        }) {
            for (double v : new double[] {0, 0.25, -0.125}) {
                assertThat(kernel.run(rule, binary, type, 0, v)).isEqualTo(v);
                assertThat(kernel.run(rule, binary, type, -0.0, v)).isEqualTo(v);
                ScaledGrid ternary = ScaledGrid.perTensor(Grid.ternary(), 1);
                assertThat(kernel.run(rule, ternary, type, -0.5, v)).isEqualTo(v);
            }
        }
    }

    @KernelTypes
    void withoutClampAWeightNextToTheMiddleLandsOnItsLevel(Kernel kernel, DataType type) {
        for (Grid grid : new Grid[] {Grid.binary(), Grid.uniform(3), Grid.of(-1, 1, 5)}) {
            ScaledGrid scaled = ScaledGrid.perTensor(grid, 1);
            SkewRule rule = SkewRule.step(0, 1, INF);
            for (double w : new double[] {1e-10, 1e-20}) {
                double high = Grids.high(grid);
                assertThat(w - kernel.run(rule, scaled, type, w, 0.01)).isEqualTo(high, within(1e-6));
                double low = Grids.low(grid);
                assertThat(-w - kernel.run(rule, scaled, type, -w, 0.01)).isEqualTo(low, within(1e-6));
            }
        }
    }

    @KernelTypes
    void zerosStayFreeOnEveryGridSymmetricAboutZero(Kernel kernel, DataType type) {
        for (int bits = 1; bits <= 8; bits++) {
            for (double scale : new double[] {0.05, 1, 7.3}) {
                ScaledGrid grid = ScaledGrid.perTensor(Grid.uniform(bits), scale);
                double v = 0x1p-10;
                assertThat(kernel.run(SkewRule.step(0, 1, INF), grid, type, 0, v))
                        .isEqualTo(v);
            }
        }
    }

    @KernelTypes
    void nothingBecomesInfiniteNextToTheMiddle(Kernel kernel, DataType type) {
        double[] velocities = {0, 1e-3, -1e-3, 10, -10};
        double[] w = new double[2 * TINY.length * velocities.length];
        double[] v = new double[w.length];
        for (int i = 0; i < w.length; i++) {
            w[i] = (i % 2 == 0 ? 1 : -1) * TINY[i / 2 % TINY.length];
            v[i] = velocities[i / 2 / TINY.length];
        }
        for (Grid grid : new Grid[] {Grid.binary(), Grid.uniform(4), Grid.of(-1, 1, 5)}) {
            for (double scale : new double[] {1e-4, 1, 100}) {
                ScaledGrid scaled = ScaledGrid.perTensor(grid, scale);
                double[] step = kernel.run(SkewRule.step(0, 1, INF), scaled, type, w, v);
                double[] clamped = kernel.run(SkewRule.step(0, 0.1, 0.5), scaled, type, w, v);
                double[] gradient = kernel.run(SkewRule.gradient(0, 0.1, 0.5, 0.1), scaled, type, w, v);
                for (int i = 0; i < w.length; i++) {
                    assertThat(w[i] - step[i])
                            .as("%s, w %s, v %s", scaled, w[i], v[i])
                            .isBetween(scale * Grids.low(grid) * 1.000001, scale * Grids.high(grid) * 1.000001);
                    assertThat(clamped[i]).isFinite();
                    assertThat(gradient[i]).isFinite();
                }
            }
        }
    }
}
