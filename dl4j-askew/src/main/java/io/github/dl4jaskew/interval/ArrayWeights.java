package io.github.dl4jaskew.interval;

import io.github.dl4jaskew.grid.Weights;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The elements of an ND4J array, read and replaced one by one in the array's memory order through a
 * buffer of fixed size, so that no second copy of a large parameter exists.
 *
 * <p>Not thread safe: each thread makes its own. It reads the array as it is when a block is first touched; make a
 * new one after the array has changed.
 */
public final class ArrayWeights implements Weights {

    /** What becomes of one element. */
    @FunctionalInterface
    public interface Replacement {
        /**
         * The element's new value.
         *
         * @param element index in memory order
         * @param value the old value
         * @return the new value; rounded to the array's type
         */
        double apply(long element, double value);
    }

    private static final int BLOCK = 4096;

    private final INDArray source;
    private final INDArray array;
    private final float[] floats;
    private final double[] doubles;
    private final HostMemory.FloatCursor floatCursor = new HostMemory.FloatCursor();
    private final HostMemory.DoubleCursor doubleCursor = new HostMemory.DoubleCursor();
    private long blockStart = -BLOCK;

    /**
     * Opens an array. If the host cannot address it, or it is not dense, its elements are copied first.
     *
     * @param source weights of any type, shape and order
     */
    public ArrayWeights(INDArray source) {
        this.source = source;
        DataType type = source.dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
        boolean direct = HostMemory.reaches(source) && HostMemory.isDense(source);
        this.array = direct ? source : source.castTo(type).dup(source.ordering());
        this.floats = new float[type == DataType.FLOAT ? BLOCK : 0];
        this.doubles = new double[type == DataType.DOUBLE ? BLOCK : 0];
    }

    @Override
    public long size() {
        return array.length();
    }

    @Override
    public double at(long element) {
        int i = (int) (element - blockStart);
        if (i < 0 || i >= BLOCK) {
            i = (int) (element % BLOCK);
            load(element - i);
        }
        return floats.length > 0 ? floats[i] : doubles[i];
    }

    /**
     * Replaces every element, in memory order.
     *
     * @param replacement called once for each element
     */
    public void replaceAll(Replacement replacement) {
        for (long first = 0; first < size(); first += BLOCK) {
            load(first);
            int n = (int) Math.min(BLOCK, size() - first);
            if (floats.length > 0) {
                for (int i = 0; i < n; i++) {
                    floats[i] = (float) replacement.apply(first + i, floats[i]);
                }
                floatCursor.at(array, first).put(floats, 0, n);
            } else {
                for (int i = 0; i < n; i++) {
                    doubles[i] = replacement.apply(first + i, doubles[i]);
                }
                doubleCursor.at(array, first).put(doubles, 0, n);
            }
        }
        if (array != source) {
            source.assign(array);
        }
    }

    private void load(long first) {
        int n = (int) Math.min(BLOCK, size() - first);
        if (floats.length > 0) {
            floatCursor.at(array, first).get(floats, 0, n);
        } else {
            doubleCursor.at(array, first).get(doubles, 0, n);
        }
        blockStart = first;
    }
}
