package io.github.dl4jaskew.examples.study.robustness;

import io.github.dl4jaskew.examples.report.Average;
import io.github.dl4jaskew.grid.Grid;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A network's figures in Markdown: a row for each grid, a column for each contender. */
final class RobustnessTable {

    private RobustnessTable() {}

    static String of(
            Subject subject, List<Grid> grids, Collection<Contender> contenders, List<Map<Contender, Average>> rows) {
        StringBuilder text = new StringBuilder("## " + subject.name() + " ("
                + subject.metric().label() + ", " + Math.round(subject.iterations()) + " iterations)\n\n| grid |");
        for (Contender contender : contenders) {
            text.append(' ').append(contender.label()).append(" |");
        }
        text.append("\n|---|").append("---|".repeat(contenders.size())).append('\n');
        for (int i = 0; i < grids.size(); i++) {
            text.append("| ").append(grids.get(i)).append(" |");
            Map<Contender, Average> row = rows.get(i);
            row.forEach((contender, value) -> text.append(' ')
                    .append(number(subject, value))
                    .append(fails(subject, row, contender) ? " LOSES" : "")
                    .append(" |"));
            text.append('\n');
        }
        return text.append('\n').toString();
    }

    /** Whether a recipe is not as good as the best baseline that had the same start and length. */
    private static boolean fails(Subject subject, Map<Contender, Average> row, Contender contender) {
        double value = mean(row, contender);
        return contender.baselines().stream()
                .filter(row::containsKey)
                .anyMatch(baseline -> !subject.metric().holds(value, mean(row, baseline)));
    }

    private static double mean(Map<Contender, Average> row, Contender contender) {
        return Objects.requireNonNull(row.get(contender)).mean();
    }

    private static String number(Subject subject, Average value) {
        String format = subject.metric() == Metric.ACCURACY ? "%.2f (%.2f)" : "%.3g (%.1g)";
        return String.format(Locale.ROOT, format, value.mean(), value.standardError());
    }
}
