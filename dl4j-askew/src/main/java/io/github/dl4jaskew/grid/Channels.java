package io.github.dl4jaskew.grid;

import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Where the output channels of a parameter lie in its memory: element {@code i} belongs to channel
 * {@code (i / stride) mod count}. One channel means that the whole tensor shares one scale.
 *
 * @param count number of channels, at least 1
 * @param stride elements from one channel to the next, at least 1
 * @serial exclude
 */
public record Channels(
        @JsonProperty("count") int count,
        @JsonProperty("stride") long stride) implements Serializable {

    /** Checks both numbers. */
    @JsonCreator
    public Channels {
        if (count < 1 || stride < 1) {
            throw new IllegalArgumentException(
                    "channels need count >= 1 and stride >= 1, but count is " + count + " and stride " + stride);
        }
    }

    /** {@return the layout of a per-tensor scale: a single channel} */
    public static Channels perTensor() {
        return new Channels(1, 1);
    }

    /**
     * The channels along one axis of an array.
     *
     * @param shape the array's shape
     * @param axis the output axis, 0 to {@code shape.length - 1}
     * @param order memory order of the array: 'c' (last axis varies fastest) or 'f' (first)
     * @return the layout
     * @throws IllegalArgumentException if the axis or the order does not exist
     */
    public static Channels alongAxis(long[] shape, int axis, char order) {
        if (axis < 0 || axis >= shape.length) {
            throw new IllegalArgumentException("axis is " + axis + "; allowed are 0 to " + (shape.length - 1));
        }
        if (order != 'c' && order != 'f') {
            throw new IllegalArgumentException("order is '" + order + "'; allowed are 'c' and 'f'");
        }
        long stride = 1;
        int from = order == 'c' ? axis + 1 : 0;
        int to = order == 'c' ? shape.length : axis;
        for (int i = from; i < to; i++) {
            stride *= shape[i];
        }
        return new Channels(Math.toIntExact(shape[axis]), stride);
    }

    /**
     * The channel of an element.
     *
     * @param element index in memory order, at least 0
     * @return 0 to {@code count - 1}
     */
    public int of(long element) {
        return count == 1 ? 0 : (int) (element / stride % count);
    }

    /**
     * Where the run of elements that share {@code element}'s channel ends.
     *
     * @param element index in memory order, at least 0
     * @return index of the first element after the run
     */
    public long runEnd(long element) {
        return count == 1 ? Long.MAX_VALUE : (element / stride + 1) * stride;
    }
}
