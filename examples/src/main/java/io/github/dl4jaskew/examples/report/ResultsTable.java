package io.github.dl4jaskew.examples.report;

import java.util.List;
import java.util.Locale;

/** Results as a table of text. */
public final class ResultsTable {

    private static final String ROW = "%-10s %-20s %-8s %-12s %9s %9s %8s %8s%n";

    private ResultsTable() {}

    /**
     * The table.
     *
     * @param results its rows
     * @return a header and a line for each result
     */
    public static String of(List<Result> results) {
        StringBuilder table = new StringBuilder(
                String.format(ROW, "dataset", "network", "model", "grid", "accuracy", "loss", "seconds", "on grid"));
        for (Result r : results) {
            table.append(String.format(
                    Locale.ROOT,
                    ROW,
                    r.dataset(),
                    r.network(),
                    r.model(),
                    r.grid(),
                    String.format(Locale.ROOT, "%.2f %%", 100 * r.accuracy()),
                    String.format(Locale.ROOT, "%.4f", r.loss()),
                    String.format(Locale.ROOT, "%.1f", r.seconds()),
                    r.onGrid() ? "yes" : "no"));
        }
        return table.toString();
    }
}
