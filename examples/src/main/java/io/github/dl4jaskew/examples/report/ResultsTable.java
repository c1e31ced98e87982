package io.github.dl4jaskew.examples.report;

import io.github.dl4jaskew.cli.TextTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Test accuracies side by side: a row for each network and grid, a column for each way of training, and in each cell the
 * mean over the seeds, with its standard error if they are several.
 */
public final class ResultsTable {

    /** A way of training in {@link Result#model}, and its heading. */
    private static final Map<String, String> HEADINGS = new LinkedHashMap<>();

    static {
        HEADINGS.put("float", "float");
        HEADINGS.put("rounded", "rounded");
        HEADINGS.put("binaryconnect", "BinaryConnect");
        HEADINGS.put("askew", "AskewSGD");
    }

    private final List<Result> results;

    /**
     * A table of results.
     *
     * @param results of any number of networks, grids and seeds
     */
    public ResultsTable(List<Result> results) {
        this.results = List.copyOf(results);
    }

    /** A network on a grid. */
    private record Row(String dataset, String network, String grid) {

        /** Whether a result belongs here, as that of the float network does in all rows of its network. */
        boolean has(Result result) {
            return result.dataset().equals(dataset)
                    && result.network().equals(network)
                    && (result.grid().equals(grid) || result.model().equals("float"));
        }
    }

    private Stream<Row> rows() {
        return results.stream()
                .filter(r -> !r.model().equals("float"))
                .map(r -> new Row(r.dataset(), r.network(), r.grid()))
                .distinct();
    }

    /** In percent; empty while there are none. */
    private Optional<Average> average(Row row, String model) {
        List<Double> accuracies = results.stream()
                .filter(r -> row.has(r) && r.model().equals(model))
                .map(r -> 100 * r.accuracy())
                .toList();
        return accuracies.isEmpty() ? Optional.empty() : Optional.of(Average.of(accuracies));
    }

    /** {@return the table as text} */
    @Override
    public String toString() {
        TextTable table =
                new TextTable(Stream.concat(Stream.of("data", "network", "weights"), HEADINGS.values().stream())
                        .toArray(String[]::new));
        rows().forEach(row -> table.row(Stream.concat(
                        Stream.of(row.dataset(), row.network(), row.grid()),
                        HEADINGS.keySet().stream()
                                .map(model ->
                                        average(row, model).map(this::text).orElse("")))
                .toArray()));
        return table.toString();
    }

    /** A single seed has no standard error. */
    private String text(Average average) {
        String mean = String.format(Locale.ROOT, "%.1f", average.mean());
        return seeds() == 1 ? mean : mean + String.format(Locale.ROOT, " (%.1f)", average.standardError());
    }

    private long seeds() {
        return results.stream().map(Result::seed).distinct().count();
    }

    /**
     * The table as bars.
     *
     * @return a chart, to be drawn
     */
    public BarChart chart() {
        BarChart chart = new BarChart("Test accuracy of float and quantized networks", "percent");
        long networks =
                rows().map(row -> row.dataset() + row.network()).distinct().count();
        rows().forEach(row -> {
            String group = row.grid() + " weights, "
                    + (networks > rows().map(Row::dataset).distinct().count() ? row.network() : row.dataset());
            each(row, (heading, average) -> chart.bar(heading, group, average));
        });
        return chart;
    }

    private void each(Row row, BiConsumer<String, Average> action) {
        HEADINGS.forEach((model, heading) -> average(row, model).ifPresent(average -> action.accept(heading, average)));
    }
}
