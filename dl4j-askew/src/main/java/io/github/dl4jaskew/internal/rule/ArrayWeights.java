package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Weights;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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

    private final INDArray array;
    private final float @Nullable [] floatCopy;
    private final double @Nullable [] doubleCopy;
    private final float[] floats;
    private final double[] doubles;
    private final HostMemory.FloatCursor floatCursor = new HostMemory.FloatCursor();
    private final HostMemory.DoubleCursor doubleCursor = new HostMemory.DoubleCursor();
    private long blockStart = -BLOCK;

    /**
     * Opens an array. If the host cannot address it, or it is not dense, its elements are copied first.
     *
     * @param array weights of any type, shape and order
     */
    public ArrayWeights(INDArray array) {
        this.array = array;
        boolean isDouble = array.dataType() == DataType.DOUBLE;
        boolean direct = HostMemory.reaches(array) && HostMemory.isDense(array);
        this.doubleCopy = direct || !isDouble
                ? null
                : dense(array, DataType.DOUBLE).data().asDouble();
        this.floatCopy =
                direct || isDouble ? null : dense(array, DataType.FLOAT).data().asFloat();
        this.doubles = new double[isDouble ? BLOCK : 0];
        this.floats = new float[isDouble ? 0 : BLOCK];
    }

    private static INDArray dense(INDArray array, DataType type) {
        return array.castTo(type).dup(array.ordering());
    }

    @Override
    public long size() {
        return array.length();
    }

    @Override
    public double at(long element) {
        long i = element - blockStart;
        if (i < 0 || i >= BLOCK) {
            i = element % BLOCK;
            load(element - i);
        }
        return floats.length > 0 ? floats[(int) i] : doubles[(int) i];
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
            for (int i = 0; i < n; i++) {
                if (floats.length > 0) {
                    floats[i] = (float) replacement.apply(first + i, floats[i]);
                } else {
                    doubles[i] = replacement.apply(first + i, doubles[i]);
                }
            }
            store(first, n);
        }
        if (floatCopy != null) {
            assign(Nd4j.createFromArray(floatCopy));
        } else if (doubleCopy != null) {
            assign(Nd4j.createFromArray(doubleCopy));
        }
    }

    private void load(long first) {
        int n = (int) Math.min(BLOCK, size() - first);
        if (floatCopy != null) {
            System.arraycopy(floatCopy, (int) first, floats, 0, n);
        } else if (doubleCopy != null) {
            System.arraycopy(doubleCopy, (int) first, doubles, 0, n);
        } else if (floats.length > 0) {
            floatCursor.at(array, first).get(floats, 0, n);
        } else {
            doubleCursor.at(array, first).get(doubles, 0, n);
        }
        blockStart = first;
    }

    private void store(long first, int n) {
        if (floatCopy != null) {
            System.arraycopy(floats, 0, floatCopy, (int) first, n);
        } else if (doubleCopy != null) {
            System.arraycopy(doubles, 0, doubleCopy, (int) first, n);
        } else if (floats.length > 0) {
            floatCursor.at(array, first).put(floats, 0, n);
        } else {
            doubleCursor.at(array, first).put(doubles, 0, n);
        }
    }

    private void assign(INDArray copy) {
        array.assign(copy.reshape(array.ordering(), array.shape()));
    }
}
