package io.github.dl4jaskew.plan;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.quantized.Deployment;
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
 * @param deployment whether the quantized model can be packed and served on the edge, or null if it was not asked
 */
public record AskewPlan(
        List<Entry> entries,
        List<String> settings,
        List<String> warnings,
        @Nullable Deployment deployment) {

    /** What SameDiff's variables have in place of a layer's name, in plans, reports and files. */
    public static final String VARIABLES = "SameDiff";

    /**
     * One parameter.
     *
     * @param layer name of its layer
     * @param parameter its key, such as "W", or "-" for a layer without parameters
     * @param shape its shape
     * @param grid its levels, or null if it was skipped
     * @param skipped why it was skipped, or null if it is constrained
     * @param levels how many of its weights are nearest to each level at the installation, before an initial scale; empty if
     *     it was skipped, and in the plan of a network that was installed before
     */
    public record Entry(
            String layer,
            String parameter,
            List<Long> shape,
            @Nullable ScaledGrid grid,
            @Nullable String skipped,
            List<Long> levels) {

        /**
         * An entry without counts.
         *
         * @param layer name of its layer
         * @param parameter its key, such as "W", or "-" for a layer without parameters
         * @param shape its shape
         * @param grid its levels, or null if it was skipped
         * @param skipped why it was skipped, or null if it is constrained
         */
        public Entry(
                String layer, String parameter, List<Long> shape, @Nullable ScaledGrid grid, @Nullable String skipped) {
            this(layer, parameter, shape, grid, skipped, List.of());
        }

        /** Copies the lists. */
        public Entry {
            shape = List.copyOf(shape);
            levels = List.copyOf(levels);
        }

        /** {@return the number of elements, the product of the shape; 0 for a layer without parameters} */
        public long size() {
            return shape.isEmpty() ? 0 : shape.stream().reduce(1L, (a, b) -> a * b);
        }
    }

    /** Copies the lists. */
    public AskewPlan {
        entries = List.copyOf(entries);
        settings = List.copyOf(settings);
        warnings = List.copyOf(warnings);
    }

    /**
     * A plan that does not say whether the model can be packed.
     *
     * @param entries one for each parameter, and one for each layer without parameters, in network order
     * @param settings the numbers that training will use, in one line each
     * @param warnings what is likely to spoil the result
     */
    public AskewPlan(List<Entry> entries, List<String> settings, List<String> warnings) {
        this(entries, settings, warnings, null);
    }

    /** {@return the constrained parameters: entries that have a grid} */
    public List<Entry> constrained() {
        return entries.stream().filter(e -> e.grid() != null).toList();
    }

    /** {@return the parameters that keep full precision: entries that have a reason} */
    public List<Entry> skipped() {
        return entries.stream().filter(e -> e.grid() == null).toList();
    }

    /** {@return the number of constrained weights, the sum of their sizes} */
    public long constrainedWeights() {
        return constrained().stream().mapToLong(Entry::size).sum();
    }

    /** The plan as a table, followed by settings and warnings. */
    @Override
    public String toString() {
        TextTable table = new TextTable(
                "layer", "parameter", "shape", "size", "grid", "bits", "on each level", "scale or reason");
        for (Entry e : entries) {
            ScaledGrid grid = e.grid();
            table.row(
                    e.layer(),
                    e.parameter(),
                    e.shape().isEmpty() ? "-" : e.shape().toString(),
                    e.size(),
                    grid == null ? "-" : grid.grid(),
                    grid == null ? "-" : grid.grid().bits(),
                    e.levels().isEmpty() ? "-" : shares(e.levels()),
                    grid == null ? "skipped: " + e.skipped() : scales(grid));
        }
        StringBuilder text = new StringBuilder(table.toString());
        text.append(String.format(
                Locale.ROOT,
                "%d of %d parameters constrained%n",
                constrainedWeights(),
                entries.stream().mapToLong(Entry::size).sum()));
        settings.forEach(line -> text.append(line).append(System.lineSeparator()));
        if (deployment != null) {
            text.append(deployment).append(System.lineSeparator());
        }
        warnings.forEach(line -> text.append("WARNING: ").append(line).append(System.lineSeparator()));
        return text.toString();
    }

    /** Of up to 4 levels each share; of more, how many are in use. */
    private static String shares(List<Long> levels) {
        long all = levels.stream().mapToLong(n -> n).sum();
        return levels.size() <= 4
                ? String.join("/", levels.stream().map(n -> percent(n, all)).toList()) + " %"
                : levels.stream().filter(n -> n > 0).count() + " of " + levels.size() + " used";
    }

    private static String percent(long some, long all) {
        long rounded = Math.round(100.0 * some / all);
        return rounded == 0 && some > 0 ? "<1" : rounded == 100 && some < all ? ">99" : String.valueOf(rounded);
    }

    private static String scales(ScaledGrid grid) {
        DoubleSummaryStatistics s = Arrays.stream(grid.scales()).summaryStatistics();
        return s.getCount() == 1
                ? String.format(Locale.ROOT, "%.4g", s.getMin())
                : String.format(Locale.ROOT, "%.4g to %.4g, %d channels", s.getMin(), s.getMax(), s.getCount());
    }
}
