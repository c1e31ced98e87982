package io.github.dl4jaskew.margin.internal.network;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Logits or labels of a minibatch, one row for each example (for each time step or pixel of it, in sequences and
 * images), one column for each output; and which of the rows count.
 */
public final class LogitRows {

    private final double[] values;
    private final int columns;

    private LogitRows(double[] values, int columns) {
        this.values = values;
        this.columns = columns;
    }

    public static LogitRows of(INDArray array, boolean classesLast) {
        if (array.rank() == 1) {
            return new LogitRows(Doubles.of(array), 1);
        }
        int axis = classesLast ? array.rank() - 1 : 1;
        return new LogitRows(Doubles.rows(array, axis), (int) array.size(axis));
    }

    /** These rows times a power of 2; the same for 0. */
    public LogitRows scaled(int exponent) {
        if (exponent == 0) {
            return this;
        }
        double[] scaled = new double[values.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = Math.scalb(values[i], exponent);
        }
        return new LogitRows(scaled, columns);
    }

    public int count() {
        return values.length / columns;
    }

    public int columns() {
        return columns;
    }

    public double get(int row, int column) {
        return values[row * columns + column];
    }

    /** Sum of a row's magnitudes. */
    public double magnitude(int row) {
        double sum = 0;
        for (int j = 0; j < columns; j++) {
            sum += Math.abs(get(row, j));
        }
        return sum;
    }

    public void copyRow(int row, double[] target) {
        System.arraycopy(values, row * columns, target, 0, columns);
    }

    /**
     * Which rows a mask leaves.
     *
     * @param mask null for none; one element for each row, or for each example
     * @param rows number of rows
     * @param examples number of examples
     * @return null if all count
     */
    public static boolean @Nullable [] counted(@Nullable INDArray mask, int rows, int examples) {
        if (mask == null) {
            return null;
        }
        double[] values = Doubles.of(mask);
        if (values.length != rows && values.length != examples) {
            throw new IllegalArgumentException("the labels' mask has shape " + Arrays.toString(mask.shape())
                    + "; the margin needs one element for each example or each of the " + rows + " rows of logits");
        }
        int each = rows / values.length;
        boolean[] counted = new boolean[rows];
        for (int row = 0; row < rows; row++) {
            counted[row] = values[row / each] != 0;
        }
        return counted;
    }
}
