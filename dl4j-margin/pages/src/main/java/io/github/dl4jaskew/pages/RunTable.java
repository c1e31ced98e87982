package io.github.dl4jaskew.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.databind.JsonNode;

/** The numbers of a run by columns; NaN is what is missing. Not thread safe: a {@link Run} guards its own. */
final class RunTable {

    /** A network of a thousand layers must not make a page of a thousand charts. */
    static final int MAX_COLUMNS = 256;

    private final Map<String, double[]> columns = new LinkedHashMap<>();
    private final List<Long> restarts = new ArrayList<>();
    private long[] x = new long[64];
    private int rows;
    private boolean cut;
    private long offset;
    private @Nullable JsonNode latest;

    void append(Row row) {
        if (rows == x.length) {
            x = Arrays.copyOf(x, 2 * rows);
            columns.replaceAll((name, values) -> grown(values));
        }
        if (rows > 0 && row.x() + offset < x[rows - 1]) {
            offset = x[rows - 1] + 1 - row.x();
            restarts.add(x[rows - 1]);
        }
        x[rows] = row.x() + offset;
        columns.values().forEach(values -> values[rows] = Double.NaN);
        row.values().forEach(this::put);
        cut |= row.isCut();
        latest = row.latest() != null ? row.latest() : latest;
        rows++;
    }

    private void put(String name, double value) {
        double[] values = columns.get(name);
        if (values == null) {
            if (columns.size() == MAX_COLUMNS) {
                cut = true;
                return;
            }
            values = new double[x.length];
            Arrays.fill(values, 0, rows, Double.NaN);
            columns.put(name, values);
        }
        values[rows] = value;
    }

    private static double[] grown(double[] values) {
        return Arrays.copyOf(values, 2 * values.length);
    }

    int rows() {
        return rows;
    }

    long x(int row) {
        return x[row];
    }

    /** The first row at or right of a place, or the number of rows. */
    int firstRowFrom(double place) {
        int low = 0;
        int high = rows;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (x[middle] < place) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** By name; longer than there are rows. */
    Map<String, double[]> columns() {
        return columns;
    }

    /** Where the iterations began anew. */
    List<Long> restarts() {
        return restarts;
    }

    /** Whether numbers were left out for want of columns. */
    boolean isCut() {
        return cut;
    }

    @Nullable
    JsonNode latest() {
        return latest;
    }
}
