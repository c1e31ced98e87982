package io.github.dl4jaskew.export;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.packed.ParameterId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The network's parameters as constants of the graph, quantized ones as integers. */
final class OnnxParameters {

    private static final int PER_TENSOR = -1;
    private static final int NO_AXIS = -2;

    private final OnnxGraph graph;
    private final Map<ParameterId, CodedParameter> coded = new HashMap<>();

    OnnxParameters(OnnxGraph graph, List<CodedParameter> parameters) {
        this.graph = graph;
        parameters.forEach(p -> coded.put(p.id(), p));
    }

    /**
     * Adds a parameter.
     *
     * @param shape its shape in the graph
     * @param memory the place in the array's memory of each element in c order
     * @return the name of the floats
     */
    String add(String layer, String key, INDArray array, long[] shape, LongUnaryOperator memory) {
        CodedParameter parameter = coded.get(new ParameterId(layer, key));
        String name = layer + "/" + key;
        if (parameter == null || graph.opset() < OnnxOptions.INT4) {
            return floats(name, array, shape, memory);
        }
        requireOnLevels(parameter, array);
        Channels channels = parameter.grid().channels();
        int axis = axis(channels, shape, memory, array.length());
        if (axis == NO_AXIS) {
            return floats(name, array, shape, memory);
        }
        IntegerLevels levels = IntegerLevels.of(parameter.grid().grid());
        return levels == null
                ? fromTable(name, parameter, shape, memory, axis)
                : integers(name, parameter, levels, shape, memory, axis);
    }

    private String floats(String name, INDArray array, long[] shape, LongUnaryOperator memory) {
        ArrayWeights weights = new ArrayWeights(array);
        ByteBuffer data = ByteBuffer.allocate(Math.toIntExact(Float.BYTES * array.length()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < array.length(); i++) {
            data.putFloat((float) weights.at(memory.applyAsLong(i)));
        }
        return graph.constant(name, OnnxGraph.FLOAT, data.flip(), shape);
    }

    private static void requireOnLevels(CodedParameter p, INDArray array) {
        ArrayWeights weights = new ArrayWeights(array);
        ScaledGrid grid = p.grid();
        for (long i = 0; i < array.length(); i++) {
            double level = grid.level(grid.channels().of(i), p.codes().get(i));
            if ((float) weights.at(i) != (float) level) {
                throw new IllegalStateException(p.id() + ": weight " + i
                        + " is " + weights.at(i) + " but its level is " + level
                        + "; a quantized weight was changed after it was quantized");
            }
        }
    }

    private String integers(
            String name, CodedParameter p, IntegerLevels levels, long[] shape, LongUnaryOperator memory, int axis) {
        int bits = Math.max(levels.bits(), graph.opset() >= OnnxOptions.INT2 ? 2 : 4);
        int type = bits == 2 ? OnnxGraph.INT2 : bits == 4 ? OnnxGraph.INT4 : OnnxGraph.INT8;
        String codes = graph.constant(name + ".integers", type, packed(p, levels.values()::get, bits, memory), shape);
        double[] scales = scales(p, shape, memory, axis, levels.step());
        return axis == PER_TENSOR
                ? graph.node("DequantizeLinear", name, codes, graph.floats(name + ".scale", scales))
                : graph.node(
                        "DequantizeLinear",
                        name,
                        Map.of("axis", axis),
                        codes,
                        graph.floats(name + ".scales", scales, scales.length));
    }

    /** Levels without a common step. With one scale for all, the table holds the weights themselves. */
    private String fromTable(String name, CodedParameter p, long[] shape, LongUnaryOperator memory, int axis) {
        ScaledGrid grid = p.grid();
        int size = grid.grid().size();
        int bits = size <= 4 && graph.opset() >= OnnxOptions.INT2 ? 2 : size <= 16 ? 4 : 8;
        int type = bits == 2 ? OnnxGraph.UINT2 : bits == 4 ? OnnxGraph.UINT4 : OnnxGraph.UINT8;
        double[] table = axis == PER_TENSOR
                ? IntStream.range(0, size)
                        .mapToDouble(code -> grid.level(0, code))
                        .toArray()
                : grid.grid().levels();
        String codes = graph.constant(name + ".codes", type, packed(p, code -> code, bits, memory), shape);
        String indices = graph.node("Cast", name, Map.of("to", OnnxGraph.INT32), codes);
        String weights = graph.node("Gather", name, graph.floats(name + ".levels", table, size), indices);
        if (axis == PER_TENSOR) {
            return weights;
        }
        double[] scales = scales(p, shape, memory, axis, 1);
        long[] along = new long[shape.length];
        Arrays.fill(along, 1);
        along[axis] = scales.length;
        return graph.node("Mul", name, weights, graph.floats(name + ".scales", scales, along));
    }

    /** The first element in the lowest bits. */
    private static ByteBuffer packed(CodedParameter p, IntUnaryOperator values, int bits, LongUnaryOperator memory) {
        long count = p.codes().size();
        byte[] bytes = new byte[Math.toIntExact((count * bits + 7) / 8)];
        int mask = (1 << bits) - 1;
        for (long i = 0; i < count; i++) {
            int value = values.applyAsInt(p.codes().get(memory.applyAsLong(i))) & mask;
            bytes[(int) (i * bits / 8)] |= (byte) (value << (i * bits % 8));
        }
        return ByteBuffer.wrap(bytes);
    }

    private static double[] scales(CodedParameter p, long[] shape, LongUnaryOperator memory, int axis, double step) {
        ScaledGrid grid = p.grid();
        if (axis == PER_TENSOR) {
            return new double[] {step * grid.scale(0)};
        }
        double[] scales = new double[Math.toIntExact(shape[axis])];
        long inner = inner(shape, axis);
        for (int i = 0; i < scales.length; i++) {
            scales[i] = step * grid.scale(grid.channels().of(memory.applyAsLong(i * inner)));
        }
        return scales;
    }

    /** The axis that decides which scale an element has. */
    private static int axis(Channels channels, long[] shape, LongUnaryOperator memory, long count) {
        if (channels.count() == 1) {
            return PER_TENSOR;
        }
        for (int axis = 0; axis < shape.length; axis++) {
            if (follows(channels, shape, memory, count, axis)) {
                return axis;
            }
        }
        return NO_AXIS;
    }

    private static boolean follows(Channels channels, long[] shape, LongUnaryOperator memory, long count, int axis) {
        long inner = inner(shape, axis);
        int[] found = new int[Math.toIntExact(shape[axis])];
        Arrays.fill(found, -1);
        for (long i = 0; i < count; i++) {
            int at = (int) (i / inner % shape[axis]);
            int channel = channels.of(memory.applyAsLong(i));
            if (found[at] >= 0 && found[at] != channel) {
                return false;
            }
            found[at] = channel;
        }
        return true;
    }

    private static long inner(long[] shape, int axis) {
        return Arrays.stream(shape, axis + 1, shape.length).reduce(1, (a, b) -> a * b);
    }

    /** Where the elements of an array with permuted axes lie in its memory. */
    static LongUnaryOperator permuted(INDArray array, int... axes) {
        return strided(array.shape(), array.ordering(), axes);
    }

    /** Where the elements of an array with permuted axes lie in its memory of this shape and order. */
    static LongUnaryOperator strided(long[] shape, char order, int... axes) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = 0; i < shape.length; i++) {
            int axis = order == 'f' ? i : shape.length - 1 - i;
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return element -> {
            long rest = element;
            long place = 0;
            for (int i = axes.length - 1; i >= 0; i--) {
                place += rest % shape[axes[i]] * strides[axes[i]];
                rest /= shape[axes[i]];
            }
            return place;
        };
    }

    static long[] shape(INDArray array, int... axes) {
        return Arrays.stream(axes).mapToLong(array::size).toArray();
    }
}
