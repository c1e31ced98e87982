package io.github.dl4jaskew.examples.report;

import java.util.List;
import java.util.Locale;

/** Measured and expected margins side by side. */
public final class MarginTable {

    private static final String ROW = "%-24s %-28s %8s %14s %14s  %s%n";

    private MarginTable() {}

    /**
     * The table.
     *
     * @param results its rows
     * @return a header and a line for each result
     */
    public static String of(List<MarginResult> results) {
        StringBuilder table =
                new StringBuilder(String.format(ROW, "case", "quantity", "k", "measured", "expected", ""));
        for (MarginResult r : results) {
            table.append(String.format(
                    Locale.ROOT,
                    ROW,
                    r.problem(),
                    r.quantity(),
                    r.k(),
                    number(r.measured()),
                    r.expected() == null ? "" : number(r.expected()),
                    r.expected() == null ? "" : r.agrees() ? "agrees" : "DIFFERS"));
        }
        return table.toString();
    }

    private static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size != 0 && (size < 1e-2 || size >= 1e5) ? "%.4e" : "%.6f", value);
    }
}
