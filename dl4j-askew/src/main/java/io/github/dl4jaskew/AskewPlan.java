package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.ScaledGrid;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Askew#install} did to each parameter: its grid, bits and scale, or why it was skipped. Prints as a
 * table. Immutable and thread safe.
 *
 * @param entries one for each parameter, and one for each layer without parameters, in network order
 * @param settings the numbers that training will use, in one line each
 * @param warnings what is likely to spoil the result
 */
public record AskewPlan(List<Entry> entries, List<String> settings, List<String> warnings) {

    /**
     * One parameter.
     *
     * @param layer name of its layer
     * @param parameter its key, such as "W", or "-" for a layer without parameters
     * @param shape its shape
     * @param grid its levels, or null if it was skipped
     * @param skipped why it was skipped, or null if it is constrained
     */
    public record Entry(
            String layer,
            String parameter,
            List<Long> shape,
            @Nullable ScaledGrid grid,
            @Nullable String skipped) {

        /**
         * Copies the shape.
         *
         * @param layer name of its layer
         * @param parameter its key, such as "W", or "-" for a layer without parameters
         * @param shape its shape
         * @param grid its levels, or null if it was skipped
         * @param skipped why it was skipped, or null if it is constrained
         */
        public Entry {
            shape = List.copyOf(shape);
        }

        /**
         * The number of elements.
         *
         * @return product of the shape; 0 for a layer without parameters
         */
        public long size() {
            return shape.isEmpty() ? 0 : shape.stream().reduce(1L, (a, b) -> a * b);
        }
    }

    /**
     * Copies the lists.
     *
     * @param entries one for each parameter, and one for each layer without parameters, in network order
     * @param settings the numbers that training will use, in one line each
     * @param warnings what is likely to spoil the result
     */
    public AskewPlan {
        entries = List.copyOf(entries);
        settings = List.copyOf(settings);
        warnings = List.copyOf(warnings);
    }

    /**
     * The constrained parameters.
     *
     * @return entries that have a grid
     */
    public List<Entry> constrained() {
        return entries.stream().filter(e -> e.grid() != null).toList();
    }

    /**
     * The parameters that keep full precision.
     *
     * @return entries that have a reason
     */
    public List<Entry> skipped() {
        return entries.stream().filter(e -> e.grid() == null).toList();
    }

    /**
     * The number of constrained weights.
     *
     * @return sum of their sizes
     */
    public long constrainedWeights() {
        return constrained().stream().mapToLong(Entry::size).sum();
    }

    /** The plan as a table, followed by settings and warnings. */
    @Override
    public String toString() {
        TextTable table = new TextTable("layer", "parameter", "shape", "size", "grid", "bits", "scale or reason");
        for (Entry e : entries) {
            ScaledGrid grid = e.grid();
            table.row(
                    e.layer(),
                    e.parameter(),
                    e.shape().isEmpty() ? "-" : e.shape().toString(),
                    e.size(),
                    grid == null ? "-" : grid.grid(),
                    grid == null ? "-" : grid.grid().bits(),
                    grid == null ? "skipped: " + e.skipped() : scales(grid));
        }
        StringBuilder text = new StringBuilder(table.toString());
        text.append(String.format(
                Locale.ROOT,
                "%d of %d parameters constrained%n",
                constrainedWeights(),
                entries.stream().mapToLong(Entry::size).sum()));
        settings.forEach(line -> text.append(line).append(System.lineSeparator()));
        warnings.forEach(line -> text.append("WARNING: ").append(line).append(System.lineSeparator()));
        return text.toString();
    }

    private static String scales(ScaledGrid grid) {
        DoubleSummaryStatistics s = Arrays.stream(grid.scales()).summaryStatistics();
        return s.getCount() == 1
                ? String.format(Locale.ROOT, "%.4g", s.getMin())
                : String.format(Locale.ROOT, "%.4g to %.4g, %d channels", s.getMin(), s.getMax(), s.getCount());
    }
}
