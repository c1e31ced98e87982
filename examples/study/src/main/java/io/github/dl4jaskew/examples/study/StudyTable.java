package io.github.dl4jaskew.examples.study;

import io.github.dl4jaskew.examples.report.Average;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The results in Markdown: a table for each problem and length of training, with means over the seeds
 * and mean differences to other methods on equal seeds, each with its standard error. Figures of different settings
 * never share a row.
 */
final class StudyTable {

    private static final String HEADER =
            "| grid | method | learning rate | seeds | accuracy % | standard error | minus float"
                    + " | minus BinaryConnect | before quantization | loss | seconds |\n"
                    + "|---|---|---|---|---|---|---|---|---|---|---|\n";

    private static final List<String> METHODS =
            Arrays.stream(Method.values()).map(Method::label).toList();

    /** What shares a table. */
    private record Heading(String dataset, String network, int epochs, int tuningEpochs, int recipes) {

        static Heading of(CellResult cell) {
            return new Heading(
                    cell.dataset(),
                    cell.network(),
                    cell.epochs(),
                    cell.settings().tuningEpochs(),
                    cell.settings().recipes());
        }

        @Override
        public String toString() {
            return dataset + ", " + network + ", " + epochs + " epochs (recipes " + recipes + ", tuned with "
                    + tuningEpochs + " epochs)";
        }
    }

    /** What shares a row. */
    private record Row(String grid, String method, double learningRate, List<Double> rates) {

        static Row of(CellResult cell) {
            return new Row(
                    cell.grid(),
                    cell.method(),
                    cell.learningRate(),
                    cell.settings().rates());
        }

        int order() {
            return METHODS.indexOf(method);
        }
    }

    private StudyTable() {}

    /** All results as text. */
    static String of(List<CellResult> cells) {
        Map<Heading, List<CellResult>> tables = new LinkedHashMap<>();
        cells.forEach(cell ->
                tables.computeIfAbsent(Heading.of(cell), h -> new ArrayList<>()).add(cell));
        StringBuilder text = new StringBuilder();
        tables.forEach((heading, members) -> {
            text.append("### ").append(heading).append("\n\n").append(HEADER);
            rows(members).forEach((row, own) -> text.append(line(row, own, members)));
            text.append('\n');
        });
        return text.toString();
    }

    private static Map<Row, List<CellResult>> rows(List<CellResult> cells) {
        List<String> grids = cells.stream()
                .map(CellResult::grid)
                .distinct()
                .sorted(Comparator.comparing(StudyTable::size))
                .toList();
        List<CellResult> sorted = cells.stream()
                .sorted(Comparator.comparing((CellResult c) -> grids.indexOf(c.grid()))
                        .thenComparing(c -> Row.of(c).order())
                        .thenComparing(CellResult::seed))
                .toList();
        Map<Row, List<CellResult>> rows = new LinkedHashMap<>();
        sorted.forEach(cell ->
                rows.computeIfAbsent(Row.of(cell), r -> new ArrayList<>()).add(cell));
        return rows;
    }

    /** No grid, binary and ternary come before uniform grids, which are ordered by their bits. */
    private static String size(String grid) {
        return grid.equals(StudyPlan.NO_GRID) ? "" : grid;
    }

    private static String line(Row row, List<CellResult> own, List<CellResult> all) {
        Average accuracy = Average.of(own.stream().map(c -> 100 * c.accuracy()).toList());
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %d | %.2f | %.2f | %s | %s | %s | %.4f | %.0f |%n",
                row.grid(),
                row.method(),
                row.learningRate(),
                own.size(),
                accuracy.mean(),
                accuracy.standardError(),
                difference(own, partners(all, StudyPlan.NO_GRID, Method.FLOAT)),
                difference(own, partners(all, row.grid(), Method.BINARYCONNECT)),
                String.format(
                        Locale.ROOT,
                        "%.2f",
                        own.stream()
                                .mapToDouble(c -> 100 * c.accuracyInTraining())
                                .average()
                                .orElse(Double.NaN)),
                own.stream().mapToDouble(CellResult::loss).average().orElse(Double.NaN),
                own.stream().mapToDouble(CellResult::seconds).average().orElse(Double.NaN));
    }

    private static Map<Long, Double> partners(List<CellResult> all, String grid, Method method) {
        Map<Long, Double> partners = new LinkedHashMap<>();
        all.stream()
                .filter(c -> c.grid().equals(grid) && c.method().equals(method.label()))
                .forEach(c -> partners.put(c.seed(), 100 * c.accuracy()));
        return partners;
    }

    /** Mean difference on the seeds that both have, in points. */
    private static String difference(List<CellResult> own, Map<Long, Double> partners) {
        Set<Long> seeds = new TreeSet<>(partners.keySet());
        List<Double> differences = own.stream()
                .filter(c -> seeds.contains(c.seed()))
                .map(c -> 100 * c.accuracy() - Objects.requireNonNull(partners.get(c.seed())))
                .toList();
        if (differences.isEmpty()) {
            return "";
        }
        Average average = Average.of(differences);
        return String.format(Locale.ROOT, "%+.2f +- %.2f", average.mean(), average.standardError());
    }
}
