package io.github.dl4jaskew.interval;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.ScaledGrid;
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

    @Test
    void scalarFormulas() {
        for (List<Golden> rows : List.of(Golden.binary(0.3), Golden.uniform(true))) {
            for (Golden row : rows) {
                double result = Reference.apply(row.rule(), row.grid(), 0, row.weight(), row.gradient());
                assertClose(row, result, 1e-12);
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
