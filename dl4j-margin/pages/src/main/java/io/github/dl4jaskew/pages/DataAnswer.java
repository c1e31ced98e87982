package io.github.dl4jaskew.pages;

import java.util.function.IntUnaryOperator;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * The answer to "what of this run is new", or "what is between these iterations". A bucket of one row is that row,
 * exactly; a wider one is two points, at its first and its last row, with each column's smallest and greatest value in
 * the order in which they occur, as a float.
 */
final class DataAnswer {

    private static final int MIN_BUCKETS = 256;
    private static final int MAX_NUMBERS = 60_000;

    private final RunTable table;
    private final int maxBuckets;

    /** At most so many buckets, fewer with many columns. */
    DataAnswer(RunTable table, int maxBuckets) {
        this.table = table;
        int affordable = MAX_NUMBERS / 2 / Math.max(1, table.columns().size());
        this.maxBuckets = Math.max(MIN_BUCKETS, Math.min(maxBuckets, affordable));
    }

    /** All that is new to somebody who has the buckets of a level up to a row. */
    ObjectNode since(int after, int knownLevel) {
        int rows = table.rows();
        int level = Buckets.level(rows, maxBuckets);
        boolean reset = level != knownLevel || after > rows || !Buckets.isBorder(after, level);
        int from = reset ? 0 : after;
        ObjectNode answer = points(from, rows, row -> Buckets.width(row, level));
        int sealedRow = from;
        int sealedPoints = 0;
        while (sealedRow < rows && sealedRow + Buckets.width(sealedRow, level) <= rows) {
            int width = Buckets.width(sealedRow, level);
            sealedRow += width;
            sealedPoints += width == 1 ? 1 : 2;
        }
        return answer.put("reset", reset)
                .put("level", level)
                .put("after", from)
                .put("next", sealedRow)
                .put("sealed", sealedPoints);
    }

    /** What is between two iterations, and one row on either side, for lines that leave the picture. */
    ObjectNode between(double min, double max) {
        int from = Math.max(0, table.firstRowFrom(min) - 1);
        int to = Math.min(table.rows(), table.firstRowFrom(Math.nextUp(max)) + 1);
        int level = 0;
        while (((to - from) >> level) > maxBuckets) {
            level++;
        }
        int width = 1 << level;
        return points(from, to, row -> width).put("level", level);
    }

    private ObjectNode points(int from, int to, IntUnaryOperator width) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("rows", table.rows());
        ArrayNode xs = answer.putArray("x");
        for (int row = from; row < to; row += width.applyAsInt(row)) {
            int last = Math.min(to, row + width.applyAsInt(row)) - 1;
            xs.add(table.x(row));
            if (width.applyAsInt(row) > 1) {
                xs.add(table.x(last));
            }
        }
        ObjectNode columns = answer.putObject("columns");
        table.columns().forEach((name, values) -> {
            ArrayNode numbers = columns.putArray(name);
            for (int row = from; row < to; row += width.applyAsInt(row)) {
                int end = Math.min(to, row + width.applyAsInt(row));
                if (width.applyAsInt(row) == 1) {
                    exact(numbers, values[row]);
                } else {
                    extremes(numbers, values, row, end);
                }
            }
        });
        return answer;
    }

    private static void exact(ArrayNode numbers, double value) {
        if (Double.isNaN(value)) {
            numbers.addNull();
        } else {
            numbers.add(value);
        }
    }

    private static void extremes(ArrayNode numbers, double[] values, int from, int to) {
        int low = Buckets.lowest(values, from, to);
        if (low < 0) {
            numbers.addNull().addNull();
            return;
        }
        int high = Buckets.highest(values, from, to);
        rounded(numbers, values[Math.min(low, high)]);
        rounded(numbers, values[Math.max(low, high)]);
    }

    /** Seven digits are more than a picture shows; doubles out of a float's range stay doubles. */
    private static void rounded(ArrayNode numbers, double value) {
        float narrow = (float) value;
        if (Float.isInfinite(narrow) || (narrow == 0 && value != 0)) {
            numbers.add(value);
        } else {
            numbers.add(narrow);
        }
    }
}
