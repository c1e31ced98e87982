package io.github.dl4jaskew.fuzz;

import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.cli.TextTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What became of changed files: how many were accepted, refused for which reason, or failed. Not thread safe. */
final class FuzzReport {

    private static final int MOST_KINDS = 20;
    private static final int LONGEST_KIND = 70;
    private static final double NANOS_PER_MILLI = 1e6;

    private final String reader;
    private final Map<String, Integer> outcomes = new HashMap<>();
    private final Map<String, Long> firsts = new HashMap<>();
    private int failures;
    private int total;
    private long slowest;
    private long slowestSeed;

    FuzzReport(String reader) {
        this.reader = reader;
    }

    void accepted(String how) {
        outcomes.merge("accepted: " + how, 1, Integer::sum);
    }

    /** Counts a refusal by its message without the numbers and names in it. */
    void refused(String message) {
        String kind = message.replaceAll("'[^']*'", "'..'")
                .replaceAll("\\[[^\\]]*\\]", "[..]")
                .replaceAll("-?[0-9][-0-9.eE]*", "#");
        String line = kind.lines().findFirst().orElse("");
        outcomes.merge("refused: " + line.substring(0, Math.min(LONGEST_KIND, line.length())), 1, Integer::sum);
    }

    /** Counts what must not happen. */
    void failed(Throwable problem, long seed) {
        StackTraceElement[] trace = problem.getStackTrace();
        String kind = "FAILED: " + problem.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
        outcomes.merge(kind, 1, Integer::sum);
        firsts.putIfAbsent(kind, seed);
        failures++;
    }

    void took(long nanos, long seed) {
        total++;
        if (nanos > slowest) {
            slowest = nanos;
            slowestSeed = seed;
        }
    }

    int failures() {
        return failures;
    }

    @Override
    public String toString() {
        List<Map.Entry<String, Integer>> sorted = new ArrayList<>(outcomes.entrySet());
        sorted.sort(Map.Entry.<String, Integer>comparingByValue().reversed());
        TextTable table = new TextTable(reader, "files", "first seed");
        int others = 0;
        int kinds = 0;
        for (Map.Entry<String, Integer> e : sorted) {
            if (!e.getKey().startsWith("refused") || kinds++ < MOST_KINDS) {
                Long first = firsts.get(e.getKey());
                table.row(Program.printable(e.getKey()), e.getValue(), first == null ? "" : first);
            } else {
                others += e.getValue();
            }
        }
        table.row("refused: for " + Math.max(0, kinds - MOST_KINDS) + " other reasons", others, "");
        int accepted = sum("accepted");
        table.row("accepted", accepted, "").row("refused", sum("refused"), "").row("failed", failures, "");
        return table
                + String.format(
                        Locale.ROOT,
                        "%d files, slowest %.0f ms (seed %d)%n",
                        total,
                        slowest / NANOS_PER_MILLI,
                        slowestSeed);
    }

    private int sum(String prefix) {
        return outcomes.entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }
}
