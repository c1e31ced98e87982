package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.ScaledGrid;
import java.util.Random;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;

/** The rule changes nothing a second time, and knows no unit of weight. */
class SkewRuleInvarianceTest {

    private static final int N = 300;

    private static Stream<SkewRule> rules() {
        return Stream.of(
                SkewRule.step(0.2, 0.3, 0.5),
                SkewRule.step(0, 1, Double.POSITIVE_INFINITY),
                SkewRule.gradient(0.2, 0.03, 0.01, 0.1),
                SkewRule.gradient(0, 0.1, Double.POSITIVE_INFINITY, 0.01));
    }

    @KernelTypes
    void idempotent(Kernel kernel, DataType type) {
        Random random = new Random(1);
        Grids.few().forEach(grid -> {
            ScaledGrid scaled = ScaledGrid.perTensor(grid, 1);
            double[] w = Grids.anywhere(grid, N, random);
            double[] v = Grids.velocities(N, random);
            rules().forEach(rule -> {
                double[] once = kernel.run(rule, scaled, type, w, v);
                double[] twice = kernel.run(rule, scaled, type, w, once);
                assertThat(twice).isEqualTo(once);
                assertThat(once).isNotEqualTo(v);
            });
        });
    }

    @KernelTypes
    void powersOfTwoAreExact(Kernel kernel, DataType type) {
        Random random = new Random(2);
        Grids.few().forEach(grid -> {
            double[] w = Grids.anywhere(grid, N, random);
            double[] v = Grids.velocities(N, random);
            for (double c : new double[] {0x1p-20, 0.5, 0x1p12}) {
                rules().forEach(rule -> {
                    double[] plain = kernel.run(rule, ScaledGrid.perTensor(grid, 1), type, w, v);
                    double[] scaled =
                            kernel.run(rule, ScaledGrid.perTensor(grid, c), type, Grids.times(c, w), Grids.times(c, v));
                    assertThat(scaled).isEqualTo(Grids.times(c, plain));
                });
            }
        });
    }

    @KernelTypes
    void otherFactorsHoldToRounding(Kernel kernel, DataType type) {
        Random random = new Random(3);
        boolean single = type == DataType.FLOAT;
        Grids.few().forEach(grid -> {
            double[] w = Grids.inside(grid, N, random);
            double[] v = Grids.velocities(N, random);
            for (double factor : new double[] {0.0123, 3.3}) {
                double c = (float) factor;
                ScaledGrid scaled = ScaledGrid.perTensor(grid, c);
                double shift = 8 * grid.maxMagnitude() * (single ? 0x1p-23 : 0x1p-52);
                rules().forEach(rule -> {
                    double[] result = kernel.run(rule, scaled, type, Grids.times(c, w), Grids.times(c, v));
                    for (int i = 0; i < N; i++) {
                        Reference.Range range =
                                Reference.around(rule, ScaledGrid.perTensor(grid, 1), 0, w[i], v[i], shift);
                        assertThat(range.holds(result[i] / c, single ? 1e-5 : 1e-12))
                                .as("%s, w %s, v %s: %s, not %s", grid, w[i], v[i], result[i] / c, range)
                                .isTrue();
                    }
                });
            }
        });
    }
}
