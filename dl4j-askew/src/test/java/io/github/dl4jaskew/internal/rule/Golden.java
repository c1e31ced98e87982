package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One row of the published rule's inputs and results, computed in double. */
record Golden(
        String name, SkewRule rule, ScaledGrid grid, double weight, double gradient, double expected, boolean skewed) {

    /** eps, alpha, weight, gradient, expected, skewed; levels -1 and +1, no clamp; any gamma serves. */
    static List<Golden> binary(double gamma) {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        return rows("askew-binary.csv").stream()
                .map(row -> {
                    double[] x = numbers(row);
                    double rho = x[1] * gamma;
                    SkewRule rule = SkewRule.gradient(x[0], rho, Double.POSITIVE_INFINITY, gamma);
                    return new Golden(row, rule, grid, x[2], x[3], x[4], x[5] == 1);
                })
                .collect(Collectors.toList());
    }

    /**
     * levels_max, scale, eps, alpha, learning_rate, clip, weight, gradient, expected, skewed; levels -q..q.
     *
     * @param inLevels whether the levels are multiplied by the scale, which then is 1. Else the grid has the scale,
     *     rounded to float32 (0.05 is not exact there), and the whole row is multiplied by what the rounding did: the
     *     rule is invariant under that, but next to the middle of a cell not under a change of the levels alone
     */
    static List<Golden> uniform(boolean inLevels) {
        return rows("askew-uniform.csv").stream()
                .map(row -> {
                    double[] x = numbers(row);
                    int q = (int) x[0];
                    double factor = inLevels ? x[1] : 1;
                    double[] levels = IntStream.rangeClosed(-q, q)
                            .mapToDouble(i -> i * factor)
                            .toArray();
                    double maxStep = x[5] == 1 ? 0.5 : Double.POSITIVE_INFINITY;
                    SkewRule rule = SkewRule.gradient(x[2], x[3] * x[4], maxStep, x[4]);
                    ScaledGrid grid = ScaledGrid.perTensor(Grid.of(levels), inLevels ? 1 : x[1]);
                    double r = inLevels ? 1 : grid.scale(0) / x[1];
                    return new Golden(row, rule, grid, r * x[6], r * x[7], r * x[8], x[9] == 1);
                })
                .collect(Collectors.toList());
    }

    private static double[] numbers(String row) {
        String[] cells = row.split(",", -1);
        double[] numbers = new double[cells.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Double.parseDouble(cells[i]);
        }
        return numbers;
    }

    private static List<String> rows(String file) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Golden.class.getResourceAsStream(file), file), StandardCharsets.UTF_8))) {
            return reader.lines().skip(1).filter(line -> !line.isEmpty()).collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
