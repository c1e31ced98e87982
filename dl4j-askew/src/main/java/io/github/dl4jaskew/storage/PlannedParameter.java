package io.github.dl4jaskew.storage;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.packed.Packing;
import io.github.dl4jaskew.plan.AskewPlan;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the plan: one parameter, or a layer without any.
 *
 * @param layer name of its layer
 * @param parameter its key, or "-" for a layer without parameters
 * @param shape its shape
 * @param grid name of its grid, or "" if it was skipped
 * @param levels its levels at unit scale; empty if it was skipped
 * @param channels number of scales; 0 if it was skipped
 * @param lowestScale smallest scale; 0 if it was skipped
 * @param highestScale largest scale; 0 if it was skipped
 * @param skipped why it was skipped, or null if it is constrained
 */
public record PlannedParameter(
        String layer,
        String parameter,
        List<Long> shape,
        String grid,
        List<Double> levels,
        int channels,
        double lowestScale,
        double highestScale,
        @Nullable String skipped) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if levels are there and they are not 2 to 256
     */
    public PlannedParameter {
        shape = List.copyOf(shape);
        levels = List.copyOf(levels);
        if (levels.size() == 1 || levels.size() > 256) {
            throw new IllegalArgumentException(
                    "parameter '" + parameter + "' has " + levels.size() + " levels; allowed are none and 2 to 256");
        }
    }

    static PlannedParameter of(AskewPlan.Entry entry) {
        ScaledGrid grid = entry.grid();
        if (grid == null) {
            return new PlannedParameter(
                    entry.layer(), entry.parameter(), entry.shape(), "", List.of(), 0, 0, 0, entry.skipped());
        }
        DoubleSummaryStatistics scales = Arrays.stream(grid.scales()).summaryStatistics();
        return new PlannedParameter(
                entry.layer(),
                entry.parameter(),
                entry.shape(),
                grid.grid().toString(),
                Arrays.stream(grid.grid().levels()).boxed().toList(),
                grid.channels().count(),
                scales.getMin(),
                scales.getMax(),
                null);
    }

    /** {@return the number of elements, product of the shape; 0 for a layer without parameters} */
    public long size() {
        return shape.isEmpty() ? 0 : shape.stream().reduce(1L, (a, b) -> a * b);
    }

    /** {@return the width of a code, 1 to 8; 32 if it was skipped} */
    public int bits() {
        return levels.isEmpty() ? Float.SIZE : Integer.SIZE - Integer.numberOfLeadingZeros(levels.size() - 1);
    }

    /**
     * {@return the bytes of codes and scales in a packed file, or of float32 numbers if it was skipped, number of
     * bytes}
     */
    public long bytes() {
        return levels.isEmpty()
                ? Float.BYTES * size()
                : Packing.smallest(levels.size(), size()).byteCount(levels.size(), size())
                        + (long) Float.BYTES * channels;
    }
}
