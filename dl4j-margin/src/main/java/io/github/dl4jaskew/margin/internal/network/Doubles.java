package io.github.dl4jaskew.margin.internal.network;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies of arrays in double: ND4J's own {@code toDoubleVector} asks for the type at each element. */
public final class Doubles {

    private static final int BLOCK = 8192;

    private Doubles() {}

    /** Adds the elements of a flat array. */
    public static void addTo(double[] sum, INDArray flat) {
        if (flat.dataType() != DataType.FLOAT || !isDense(flat)) {
            double[] values = of(flat);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += values[i];
            }
            return;
        }
        FloatBuffer values = flat.data().asNioFloat();
        float[] block = new float[Math.min(sum.length, BLOCK)];
        for (int from = 0; from < sum.length; from += block.length) {
            int length = Math.min(block.length, sum.length - from);
            values.get(block, 0, length);
            for (int i = 0; i < length; i++) {
                sum[from + i] += block[i];
            }
        }
    }

    /** The elements in c order. */
    public static double[] of(INDArray array) {
        return Workspaces.outside(() -> {
            INDArray dense = isDense(array) ? array : array.dup('c');
            return switch (dense.dataType()) {
                case FLOAT -> ofFloats(dense);
                case DOUBLE -> ofDoubles(dense);
                default -> ofDoubles(dense.castTo(DataType.DOUBLE));
            };
        });
    }

    /** One row for each position of all axes but one, whose elements are the columns. */
    public static double[] rows(INDArray array, int axis) {
        if (axis == array.rank() - 1) {
            return of(array);
        }
        int[] order = new int[array.rank()];
        for (int from = 0, to = 0; from < order.length; from++) {
            if (from != axis) {
                order[to++] = from;
            }
        }
        order[order.length - 1] = axis;
        return of(array.permute(order));
    }

    /** The array's elements fill its whole buffer in c order. */
    private static boolean isDense(INDArray array) {
        return !array.isView()
                && array.offset() == 0
                && array.data().length() == array.length()
                && (array.ordering() == 'c' || array.isVectorOrScalar())
                && (array.length() == 1 || array.elementWiseStride() == 1);
    }

    private static double[] ofFloats(INDArray dense) {
        float[] floats = new float[(int) dense.length()];
        dense.data().asNioFloat().get(floats);
        double[] result = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            result[i] = floats[i];
        }
        return result;
    }

    private static double[] ofDoubles(INDArray dense) {
        double[] result = new double[(int) dense.length()];
        dense.data().asNioDouble().get(result);
        return result;
    }
}
