package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Grid;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Finds the cell of a weight on unevenly spaced levels without a search. Buckets of equal width cover the hull; each knows
 * its first cell and the edge between two cells that lies in it, if one does.
 *
 * <p>A bucket is computed in the kernel's own precision, here and there by the same monotone formula, so an edge and a
 * weight next to it cannot end in the wrong order. Immutable and thread safe.
 */
final class CellTable {

    /** Numbers of a cell: its middle, 1 / half cell, half cell, upper edge. */
    static final int STRIDE = 4;

    /** Beyond this a table would no longer stay in the second-level cache. */
    private static final int MAX_BUCKETS = 1 << 15;

    private static final Map<Grid, CellTable> FOR_FLOATS = Collections.synchronizedMap(new WeakHashMap<>());
    private static final Map<Grid, CellTable> FOR_DOUBLES = Collections.synchronizedMap(new WeakHashMap<>());

    private final double bucketsPerUnit;
    private final double offset;
    private final char[] first;
    private final double[] edges;
    private final double[] cells;
    private final float[] floatEdges;
    private final float[] floatCells;
    private final boolean severalEdges;

    private CellTable(Grid grid, boolean single) {
        int last = grid.size() - 1;
        double range = grid.level(last) - grid.level(0);
        int buckets = buckets(grid, range);
        bucketsPerUnit = (buckets - 1) / range;
        offset = -grid.level(0) * bucketsPerUnit;
        first = new char[buckets];
        edges = new double[buckets];
        Arrays.fill(edges, Double.MAX_VALUE);
        boolean several = false;
        for (int edge = 1; edge < last; edge++) {
            int bucket = single ? bucketOf((float) grid.level(edge)) : bucketOf(grid.level(edge));
            several |= edges[bucket] != Double.MAX_VALUE;
            edges[bucket] = Math.min(edges[bucket], grid.level(edge));
            for (int b = bucket + 1; b < buckets; b++) {
                first[b] = (char) (edge * STRIDE);
            }
        }
        severalEdges = several;
        cells = cells(grid);
        floatEdges = floats(edges);
        floatCells = floats(cells);
    }

    /** The table whose buckets are computed in float. */
    static CellTable forFloats(Grid grid) {
        return FOR_FLOATS.computeIfAbsent(grid, g -> new CellTable(g, true));
    }

    /** The table whose buckets are computed in double. */
    static CellTable forDoubles(Grid grid) {
        return FOR_DOUBLES.computeIfAbsent(grid, g -> new CellTable(g, false));
    }

    private static int buckets(Grid grid, double range) {
        double narrowest = range;
        for (int i = 1; i < grid.size(); i++) {
            narrowest = Math.min(narrowest, grid.level(i) - grid.level(i - 1));
        }
        int buckets = 16;
        while (buckets < MAX_BUCKETS && buckets < 2 * range / narrowest + 1) {
            buckets *= 2;
        }
        return buckets;
    }

    /** The last cell comes twice and has no upper edge: a weight that is not finite must find numbers, too. */
    private static double[] cells(Grid grid) {
        int last = grid.size() - 2;
        double[] cells = new double[(last + 2) * STRIDE];
        for (int i = 0; i < cells.length; i += STRIDE) {
            int cell = Math.min(last, i / STRIDE);
            double lower = grid.level(cell);
            double upper = grid.level(cell + 1);
            cells[i] = 0.5 * (lower + upper);
            cells[i + 1] = 2 / (upper - lower);
            cells[i + 2] = 0.5 * (upper - lower);
            cells[i + 3] = cell < last ? upper : Double.NaN;
        }
        return cells;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) Math.min(values[i], Float.MAX_VALUE);
        }
        return floats;
    }

    /** As {@link FloatLoops#bucket} does it. */
    private int bucketOf(float x) {
        float y = Math.max(0, Math.min((float) lastBucket(), x * (float) bucketsPerUnit + (float) offset));
        return Float.floatToRawIntBits(y + FloatLoops.TO_BITS) & (first.length - 1);
    }

    /** As {@link DoubleLoops#bucket} does it. */
    private int bucketOf(double x) {
        double y = Math.max(0, Math.min((double) lastBucket(), x * bucketsPerUnit + offset));
        return (int) Double.doubleToRawLongBits(y + DoubleLoops.TO_BITS) & (first.length - 1);
    }

    double bucketsPerUnit() {
        return bucketsPerUnit;
    }

    double offset() {
        return offset;
    }

    int lastBucket() {
        return first.length - 1;
    }

    /** The first cell of each bucket, as an index into the numbers of cells; the number of buckets is a power of 2. */
    char[] first() {
        return first;
    }

    /** The lowest edge in each bucket; the highest number where there is none. */
    double[] edges() {
        return edges;
    }

    /** Middle, 1 / half cell, half cell and upper edge of each cell, at unit scale; NaN is the edge of the last one. */
    double[] cells() {
        return cells;
    }

    float[] floatEdges() {
        return floatEdges;
    }

    float[] floatCells() {
        return floatCells;
    }

    /** Whether levels lie so close that the buckets cannot tell them apart. */
    boolean severalEdges() {
        return severalEdges;
    }
}
