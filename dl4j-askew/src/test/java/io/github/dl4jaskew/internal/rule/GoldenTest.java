package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Stage;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Every kernel gives the published rule's results. */
class GoldenTest {

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void binaryInDouble(Kernel kernel) {
        assertMatches(kernel, DataType.DOUBLE, Golden.binary(1), 1e-6);
        assertMatches(kernel, DataType.DOUBLE, Golden.binary(0.1), 1e-6);
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void binaryInFloat(Kernel kernel) {
        assertMatches(kernel, DataType.FLOAT, Golden.binary(1), 1e-4);
        assertMatches(kernel, DataType.FLOAT, Golden.binary(0.1), 1e-4);
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void uniformInDouble(Kernel kernel) {
        assertMatches(kernel, DataType.DOUBLE, Golden.uniform(true), 1e-6);
        assertMatches(kernel, DataType.DOUBLE, Golden.uniform(false), 1e-6);
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void uniformInFloat(Kernel kernel) {
        assertMatches(kernel, DataType.FLOAT, Golden.uniform(true), 1e-4);
        assertMatches(kernel, DataType.FLOAT, Golden.uniform(false), 1e-4);
    }

    /** What the kernels fall back on, and the oracle of the other tests. */
    @Test
    void scalarFormulas() {
        for (List<Golden> rows : List.of(Golden.binary(1), Golden.binary(0.3), Golden.uniform(true))) {
            for (Golden row : rows) {
                assertClose(row, row.rule().apply(row.grid(), 0, row.weight(), row.gradient()), 1e-12);
                assertClose(row, Reference.apply(row.rule(), row.grid(), 0, row.weight(), row.gradient()), 1e-12);
            }
        }
    }

    /** With plain SGD the step is the learning rate times the skewed gradient, up to the end of the hull. */
    @Test
    void scalarStepIsThatOfTheSkewedGradient() {
        int clipped = 0;
        for (Golden row : Golden.uniform(true)) {
            double gamma = row.rule().gamma();
            SkewRule step = SkewRule.step(
                    row.rule().epsilon(), row.rule().rho(), row.rule().maxStep());
            double free = gamma * row.expected();
            double low = row.weight() - row.grid().level(0, row.grid().grid().size() - 1);
            double high = row.weight() - row.grid().level(0, 0);
            double inHull = Math.max(low, Math.min(high, free));
            clipped += inHull == free ? 0 : 1;
            double result = step.apply(row.grid(), 0, row.weight(), gamma * row.gradient());
            assertThat(result).as(row.name()).isCloseTo(inHull, within(1e-12 * Math.abs(inHull)));
        }
        assertThat(clipped).isPositive();
    }

    /** A velocity in units of the cell: multiplied by the half cell to the power of 1 or 2, on either stage. */
    @Test
    void scalarFormulasInUnitsOfTheCell() {
        for (int power = 1; power <= 2; power++) {
            for (Golden row : Golden.uniform(true)) {
                SkewRule plain = row.rule();
                double unit = Math.pow(SkewRule.meanHalfCell(row.grid(), 0), power);
                double gamma = plain.gamma() / unit;
                SkewRule gradient =
                        new SkewRule(plain.epsilon(), plain.rho(), plain.maxStep(), Stage.GRADIENT, gamma, power);
                assertClose(row, gradient.apply(row.grid(), 0, row.weight(), row.gradient()), 1e-12);
                SkewRule step = new SkewRule(plain.epsilon(), plain.rho(), plain.maxStep(), Stage.STEP, 1, power);
                SkewRule inWeights = SkewRule.step(plain.epsilon(), plain.rho(), plain.maxStep());
                double velocity = plain.gamma() * row.gradient();
                double expected = inWeights.apply(row.grid(), 0, row.weight(), velocity);
                assertThat(step.apply(row.grid(), 0, row.weight(), velocity / unit))
                        .as(row.name())
                        .isCloseTo(expected, within(1e-12 * Math.abs(expected)));
            }
        }
    }

    @Test
    void filesHoldBothOutcomes() {
        assertThat(Golden.binary(1)).hasSize(752);
        assertThat(Golden.uniform(true)).hasSize(1920);
        assertThat(Golden.binary(1).stream().filter(Golden::skewed).count()).isBetween(100L, 652L);
        assertThat(Golden.uniform(true).stream().filter(Golden::skewed).count()).isBetween(100L, 1820L);
    }

    private static void assertMatches(Kernel kernel, DataType type, List<Golden> rows, double relative) {
        for (List<Golden> sameRule : byRule(rows)) {
            double[] weights = sameRule.stream().mapToDouble(Golden::weight).toArray();
            double[] gradients = sameRule.stream().mapToDouble(Golden::gradient).toArray();
            SkewRule rule = sameRule.get(0).rule();
            double[] results = kernel.run(rule, sameRule.get(0).grid(), type, weights, gradients);
            for (int i = 0; i < results.length; i++) {
                assertClose(sameRule.get(i), results[i], relative);
            }
        }
    }

    private static Collection<List<Golden>> byRule(List<Golden> rows) {
        Map<Map.Entry<SkewRule, ScaledGrid>, List<Golden>> groups = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> Map.entry(row.rule(), row.grid()), LinkedHashMap::new, Collectors.toList()));
        return groups.values();
    }

    private static void assertClose(Golden row, double result, double relative) {
        assertThat(Math.abs(result - row.expected()))
                .as("%s gave %s", row.name(), result)
                .isLessThanOrEqualTo(relative * Math.abs(row.expected()));
        if (!row.skewed()) {
            assertThat(result).as(row.name()).isIn(row.gradient(), (double) (float) row.gradient());
        }
    }
}
