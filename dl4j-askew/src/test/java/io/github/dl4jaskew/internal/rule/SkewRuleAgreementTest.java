package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Stage;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Both kernels against the scalar formulas, on random input of all kinds. */
class SkewRuleAgreementTest {

    private static final double INF = Double.POSITIVE_INFINITY;

    private static final int BLOCK = BlockKernel.BLOCK;

    /** count, stride, length, around the ends of blocks. */
    private static final int[][] LAYOUTS = {
        {1, 1, 1},
        {7, 1, 7},
        {1, 1, BLOCK - 1},
        {3, 13, BLOCK - 1},
        {3, (BLOCK - 1) / 3, BLOCK - 1},
        {1, 1, BLOCK},
        {4, BLOCK / 4, BLOCK},
        {1, 1, BLOCK + 1},
        {17, 1, BLOCK + 1},
        {17, (BLOCK + 1) / 17, BLOCK + 1},
        {1, 1, 5 * BLOCK},
        {10, 1, 5 * BLOCK},
        {2, 5 * BLOCK / 2, 5 * BLOCK},
        {8, 5 * BLOCK / 8, 5 * BLOCK},
        {20, 64, 5 * BLOCK},
        {2, 5 * BLOCK / 4, 5 * BLOCK},
    };

    @KernelTypes
    void everyGrid(Kernel kernel, DataType type) {
        Random random = new Random(1);
        Grids.all().forEach(grid -> {
            int n = 900;
            assertAgrees(kernel, type, SkewRule.step(0.2, 0.1, 0.5), grid, new int[] {3, 20, n}, random);
            assertAgrees(kernel, type, SkewRule.step(0, 1, INF), grid, new int[] {1, 1, n}, random);
            SkewRule gradient = SkewRule.gradient(0.6, 0.03, 0.5, 0.1);
            assertAgrees(kernel, type, gradient, grid, new int[] {9, 1, n}, random);
            assertAgrees(kernel, type, SkewRule.step(0.4, 0, 0.5), grid, new int[] {2, 3, n}, random);
        });
    }

    @KernelTypes
    void everyLayout(Kernel kernel, DataType type) {
        Random random = new Random(2);
        Grid uneven = Grid.of(-0.7, 0.1, 0.25, 1.3);
        for (int[] layout : LAYOUTS) {
            assertAgrees(kernel, type, SkewRule.step(0.2, 0.1, 0.5), Grid.uniform(2), layout, random);
            assertAgrees(kernel, type, SkewRule.gradient(0.1, 0.1, INF, 0.2), uneven, layout, random);
        }
    }

    @KernelTypes
    void everyCellPower(Kernel kernel, DataType type) {
        Random random = new Random(3);
        int[] layout = {6, 7, 420};
        Grids.few().forEach(grid -> {
            for (int power = 0; power <= 2; power++) {
                for (double epsilon : new double[] {0, 0.4, 1}) {
                    SkewRule step = new SkewRule(epsilon, 0.1, 0.5, Stage.STEP, 1, power);
                    assertAgrees(kernel, type, step, grid, layout, random);
                    SkewRule gradient = new SkewRule(epsilon, 0.1, INF, Stage.GRADIENT, 0.3, power);
                    assertAgrees(kernel, type, gradient, grid, layout, random);
                }
            }
        });
    }

    @KernelTypes
    void learningRateZeroLeavesTheGradient(Kernel kernel, DataType type) {
        SkewRule rule = SkewRule.gradient(0, 0.1, 0.5, 0);
        double[] w = Grids.inside(Grid.ternary(), 50, new Random(4));
        double[] v = Grids.velocities(50, new Random(5));
        assertThat(kernel.run(rule, ScaledGrid.perTensor(Grid.ternary(), 1), type, w, v))
                .isEqualTo(v);
    }

    @Test
    void halfPrecisionIsComputedInFloat() {
        Random random = new Random(6);
        int n = 200;
        SkewRule rule = SkewRule.step(0.3, 0.1, 0.5);
        ScaledGrid grid = ScaledGrid.perTensor(Grid.ternary(), 0.5);
        INDArray w = Kernel.vector(DataType.FLOAT16, Grids.times(0.5, Grids.inside(Grid.ternary(), n, random)));
        INDArray v = Kernel.vector(DataType.FLOAT16, Grids.velocities(n, random));
        INDArray unchanged = w.dup();
        double[] expected = Reference.apply(rule, grid, doubles(w), doubles(v));
        rule.apply(grid, w, v);
        assertThat(v.dataType()).isEqualTo(DataType.FLOAT16);
        assertThat(w).isEqualTo(unchanged);
        double[] actual = doubles(v);
        for (int i = 0; i < n; i++) {
            assertThat(actual[i]).isEqualTo(expected[i], within(1e-3 * Math.max(1, Math.abs(expected[i]))));
        }
    }

    @Test
    void typesMayDiffer() {
        double[] w = Grids.inside(Grid.binary(), BLOCK + 476, new Random(7));
        double[] v = Grids.velocities(BLOCK + 476, new Random(8));
        SkewRule rule = SkewRule.step(0.3, 0.1, 0.5);
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        double[] expected = Kernel.HOST.run(rule, grid, DataType.FLOAT, w, v);
        for (Kernel kernel : Kernel.values()) {
            for (DataType[] types :
                    new DataType[][] {{DataType.FLOAT, DataType.DOUBLE}, {DataType.DOUBLE, DataType.FLOAT}}) {
                INDArray velocity = Kernel.vector(types[1], v);
                kernel.apply(rule, grid, Kernel.vector(types[0], w), velocity);
                assertThat(velocity.dataType()).isEqualTo(types[1]);
                assertThat(doubles(velocity)).containsExactly(expected, within(1e-2));
            }
        }
    }

    private static void assertAgrees(
            Kernel kernel, DataType type, SkewRule rule, Grid grid, int[] layout, Random random) {
        double[] scales = new double[layout[0]];
        for (int c = 0; c < scales.length; c++) {
            scales[c] = 0.05 + random.nextDouble();
        }
        ScaledGrid scaled = new ScaledGrid(grid, scales, new Channels(layout[0], layout[1]));
        int n = layout[2];
        double[] w = Grids.anywhere(grid, n, random);
        for (int i = 0; i < n; i++) {
            w[i] = (float) (w[i] * scaled.scale(scaled.channels().of(i)));
        }
        double[] v = Grids.velocities(n, random);
        double[] result = kernel.run(rule, scaled, type, w, v);
        boolean single = type == DataType.FLOAT;
        for (int i = 0; i < n; i++) {
            int channel = scaled.channels().of(i);
            double magnitude = Math.max(Math.abs(w[i]), scaled.scale(channel) * grid.maxMagnitude());
            double shift = 4 * magnitude * (single ? 0x1p-23 : 0x1p-52);
            Reference.Range range = Reference.around(rule, scaled, channel, w[i], v[i], shift);
            assertThat(range.holds(result[i], single ? 2e-6 : 1e-13))
                    .as("%s, %s, element %s: w %s, v %s: %s, not %s", rule, scaled, i, w[i], v[i], result[i], range)
                    .isTrue();
        }
    }

    private static double[] doubles(INDArray array) {
        return array.castTo(DataType.DOUBLE).toDoubleVector();
    }
}
