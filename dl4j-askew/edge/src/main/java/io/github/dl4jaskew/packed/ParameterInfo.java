package io.github.dl4jaskew.packed;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the table of a file says of one parameter.
 *
 * @param layer name of its layer, or its layer's index if it has no name; in a graph, of its vertex
 * @param key the parameter's key in the layer, such as W
 * @param type type of its numbers
 * @param order its memory order: 'c' (last axis varies fastest) or 'f' (first)
 * @param shape its shape, of 1 to 32 axes, with at most 2^48 elements
 * @param coding levels and channels, or null if its numbers are stored as they are
 */
public record ParameterInfo(
        String layer,
        String key,
        ValueType type,
        char order,
        List<Long> shape,
        @Nullable Coding coding) {

    private static final long MAX_SIZE = 1L << 48;
    private static final int MAX_RANK = 32;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is out of range, or the channels do not fill the shape evenly
     */
    public ParameterInfo {
        shape = List.copyOf(shape);
        if (order != 'c' && order != 'f') {
            throw new IllegalArgumentException(
                    new ParameterId(layer, key) + ": memory order is " + (int) order + "; allowed are 'c' and 'f'");
        }
        if (shape.isEmpty() || shape.size() > MAX_RANK) {
            throw new IllegalArgumentException(
                    new ParameterId(layer, key) + ": rank is " + shape.size() + "; allowed are 1 to " + MAX_RANK);
        }
        long size = 1;
        for (long axis : shape) {
            if (axis < 1 || axis > MAX_SIZE / size) {
                throw new IllegalArgumentException(
                        new ParameterId(layer, key) + ": shape is " + shape + "; allowed are 1 to 2^48 elements");
            }
            size *= axis;
        }
        if (coding != null && !fits(coding, size)) {
            throw new IllegalArgumentException(new ParameterId(layer, key) + ": " + coding.channels()
                    + " channels of stride " + coding.stride() + " do not divide " + size + " elements");
        }
    }

    private static boolean fits(Coding coding, long size) {
        return size % coding.stride() == 0 && size / coding.stride() % coding.channels() == 0;
    }

    /** {@return which parameter it is} */
    public ParameterId id() {
        return new ParameterId(layer, key);
    }

    /** {@return the number of elements, the product of the shape: 1 to 2^48} */
    public long size() {
        return shape.stream().mapToLong(n -> n).reduce(1, (a, b) -> a * b);
    }

    /**
     * {@return the bytes of the parameter's numbers in a file, without the frame of their section: its scales and
     * packed codes, or its numbers in their type}
     */
    public long dataBytes() {
        return coding == null ? size() * type.bytes() : coding.dataBytes(size());
    }

    @Override
    public String toString() {
        return id().toString();
    }
}
