package io.github.dl4jaskew.cli.data;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Numbers of a file in memory, without ND4J, which takes seconds to start. */
public final class Numbers {

    private final float[] values;
    private final long[] shape;
    private final char order;

    Numbers(float[] values, long[] shape, char order) {
        this.values = values;
        this.shape = shape.clone();
        this.order = order;
    }

    /** {@return the shape, whose first axis is the examples} */
    public long[] shape() {
        return shape.clone();
    }

    /** {@return the same numbers as an array of ND4J} */
    public INDArray toArray() {
        return Nd4j.create(values, shape, order);
    }

    /** {@return whether the last axis varies fastest, so that each example lies in one piece} */
    public boolean hasExamplesInOnePiece() {
        return order == 'c' || shape.length == 1;
    }

    /**
     * One example, if they lie in one piece.
     *
     * @param index 0 to {@code shape()[0] - 1}
     * @return its numbers, in a new array
     */
    public float[] example(int index) {
        int size = Math.toIntExact(values.length / shape[0]);
        return Arrays.copyOfRange(values, index * size, (index + 1) * size);
    }
}
