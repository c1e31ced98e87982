package io.github.dl4jaskew.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.nd4j.shade.protobuf.ByteString;

/** Collects nodes and constants, in an order that depends on the calls alone. */
final class OnnxGraph {

    static final int FLOAT = 1;
    static final int UINT8 = 2;
    static final int INT8 = 3;
    static final int INT32 = 6;
    static final int INT64 = 7;
    // DL4J's protobuf classes are older than these types; a number is all that is written.
    static final int UINT4 = 21;
    static final int INT4 = 22;
    static final int UINT2 = 25;
    static final int INT2 = 26;

    private static final Map<String, ?> NONE = Map.of();

    /** ONNX' operators whose axes became an input after opset 13. */
    private static final int AXES_AS_INPUT = 18;
    /** Protobuf's messages end at 2 GiB; names and nodes need far less than the rest. */
    private static final long MAXIMUM_BYTES = Integer.MAX_VALUE - (64L << 20);

    private record Transposition(String from, List<Integer> axes) {}

    private final int opset;
    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, Transposition> transpositions = new HashMap<>();
    private long bytes;

    OnnxGraph(int opset, String name) {
        this.opset = opset;
        graph.setName(name);
    }

    int opset() {
        return opset;
    }

    GraphProto build() {
        return graph.build();
    }

    void input(String name, List<String> sizes) {
        unique(name);
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (String size : sizes) {
            TensorShapeProto.Dimension.Builder dimension = shape.addDimBuilder();
            if (Character.isDigit(size.charAt(0))) {
                dimension.setDimValue(Long.parseLong(size));
            } else {
                dimension.setDimParam(size);
            }
        }
        graph.addInput(info(name, shape));
    }

    void output(String name, Tensor tensor) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName(unique(name + "/Output"))
                .addInput(tensor.name())
                .addOutput(name));
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int i = 0; i < tensor.rank(); i++) {
            shape.addDimBuilder();
        }
        graph.addOutput(info(name, shape));
    }

    private static ValueInfoProto info(String name, TensorShapeProto.Builder shape) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(FLOAT).setShape(shape)))
                .build();
    }

    /** Keeps a name for what will be called so. */
    String unique(String wanted) {
        int before = uses.merge(wanted, 1, Integer::sum) - 1;
        return before == 0 ? wanted : unique(wanted + "_" + before);
    }

    String node(String op, String layer, String... inputs) {
        return node(op, layer, NONE, inputs);
    }

    String node(String op, String layer, Map<String, ?> attributes, String... inputs) {
        return nodes(op, layer, attributes, 1, inputs).get(0);
    }

    /** The names of a node's outputs; the empty name stands for an input that is left out. */
    List<String> nodes(String op, String layer, Map<String, ?> attributes, int outputs, String... inputs) {
        String name = unique(layer + "/" + op);
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(op).setName(name);
        node.addAllInput(Arrays.asList(inputs));
        List<String> results = IntStream.range(0, outputs)
                .mapToObj(i -> unique(i == 0 ? name + ":0" : name + ":" + i))
                .toList();
        node.addAllOutput(results);
        // sorted: the order in a map of the JDK changes from run to run
        new TreeMap<>(attributes).forEach((key, value) -> node.addAttribute(attribute(key, value)));
        graph.addNode(node);
        return results;
    }

    private static AttributeProto attribute(String name, Object value) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
        if (value instanceof Number number && (value instanceof Integer || value instanceof Long)) {
            attribute.setType(AttributeProto.AttributeType.INT).setI(number.longValue());
        } else if (value instanceof Number number) {
            attribute.setType(AttributeProto.AttributeType.FLOAT).setF(number.floatValue());
        } else if (value instanceof String text) {
            attribute.setType(AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
        } else if (value instanceof long[] numbers) {
            attribute.setType(AttributeProto.AttributeType.INTS);
            Arrays.stream(numbers).forEach(attribute::addInts);
        } else if (value instanceof float[] numbers) {
            attribute.setType(AttributeProto.AttributeType.FLOATS);
            for (float number : numbers) {
                attribute.addFloats(number);
            }
        } else {
            attribute.setType(AttributeProto.AttributeType.STRINGS);
            ((List<?>) value).forEach(text -> attribute.addStrings(ByteString.copyFromUtf8(text.toString())));
        }
        return attribute.build();
    }

    String constant(String name, int type, ByteBuffer data, long... shape) {
        bytes += data.remaining();
        if (bytes > MAXIMUM_BYTES) {
            throw new IllegalArgumentException("the network's numbers need more than " + MAXIMUM_BYTES
                    + " bytes, and an ONNX file ends at 2 GiB; quantize more layers");
        }
        String unique = unique(name);
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(unique).setDataType(type);
        Arrays.stream(shape).forEach(tensor::addDims);
        graph.addInitializer(tensor.setRawData(ByteString.copyFrom(data)));
        return unique;
    }

    /** A constant without axes. */
    String scalar(String name, double value) {
        return floats(name, new double[] {value});
    }

    String floats(String name, double[] values, long... shape) {
        ByteBuffer data = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            data.putFloat((float) value);
        }
        return constant(name, FLOAT, data.flip(), shape);
    }

    String longs(String name, long... values) {
        return longs(name, values, values.length);
    }

    private String longs(String name, long[] values, long... shape) {
        ByteBuffer data = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            data.putLong(value);
        }
        return constant(name, INT64, data.flip(), shape);
    }

    String index(String name, long value) {
        return longs(name, new long[] {value}, new long[0]);
    }

    /** Takes back a transposition that the last one made, if there is one. */
    String transpose(String layer, String from, int... axes) {
        Transposition before = transpositions.get(from);
        if (before != null && isInverse(axes, before.axes())) {
            return before.from();
        }
        String to = node(
                "Transpose",
                layer,
                Map.of("perm", Arrays.stream(axes).asLongStream().toArray()),
                from);
        transpositions.put(
                to, new Transposition(from, Arrays.stream(axes).boxed().toList()));
        return to;
    }

    private static boolean isInverse(int[] axes, List<Integer> before) {
        return IntStream.range(0, axes.length).allMatch(i -> before.get(axes[i]) == i);
    }

    /** With the channels moved from the last axis to the second. */
    Tensor channelsFirst(String layer, Tensor x, boolean isFirst) {
        return isFirst ? x : x.as(transpose(layer, x.name(), firstAxes(x.rank())));
    }

    /** With the channels moved from the second axis back to the last. */
    Tensor channelsBack(String layer, Tensor x, boolean isFirst) {
        if (isFirst) {
            return x;
        }
        int[] axes = IntStream.range(0, x.rank())
                .map(i -> i == 0 ? 0 : i == x.rank() - 1 ? 1 : i + 1)
                .toArray();
        return x.as(transpose(layer, x.name(), axes));
    }

    private static int[] firstAxes(int rank) {
        return IntStream.range(0, rank)
                .map(i -> i == 0 ? 0 : i == 1 ? rank - 1 : i - 1)
                .toArray();
    }

    String reshape(String layer, String x, long... shape) {
        return node("Reshape", layer, x, longs(layer + "/shape", shape));
    }

    /** The size along an axis, as a vector of one number. */
    String size(String layer, String x, int axis) {
        return node("Gather", layer, node("Shape", layer, x), longs(layer + "/axis", axis));
    }

    String reduce(String op, String layer, boolean keep, String x, long... axes) {
        int kept = keep ? 1 : 0;
        return op.equals("ReduceSum") || opset >= AXES_AS_INPUT
                ? node(op, layer, Map.of("keepdims", kept), x, longs(layer + "/axes", axes))
                : node(op, layer, Map.of("keepdims", kept, "axes", axes), x);
    }

    /** The part of an axis from a first index to before a last one; negative ones count from the end. */
    String slice(String layer, String x, int axis, long from, long to, long step) {
        return node(
                "Slice",
                layer,
                x,
                longs(layer + "/from", from),
                longs(layer + "/to", to),
                longs(layer + "/axis", axis),
                longs(layer + "/step", step));
    }

    String reverse(String layer, String x, int axis) {
        return slice(layer, x, axis, -1, Long.MIN_VALUE, -1);
    }
}
