package io.github.dl4jaskew.export;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;

/** What the vertices of a graph become. */
final class VertexNodes {

    private static final List<Class<? extends GraphVertex>> KNOWN = List.of(
            LayerVertex.class,
            PreprocessorVertex.class,
            ElementWiseVertex.class,
            MergeVertex.class,
            SubsetVertex.class,
            StackVertex.class,
            ScaleVertex.class,
            ShiftVertex.class,
            ReshapeVertex.class,
            L2NormalizeVertex.class,
            PoolHelperVertex.class,
            LastTimeStepVertex.class,
            ReverseTimeSeriesVertex.class,
            DuplicateToTimeSeriesVertex.class);

    private VertexNodes() {}

    static boolean isKnown(GraphVertex vertex) {
        return vertex instanceof FrozenVertex frozen
                ? isKnown(frozen.getUnderlying())
                : KNOWN.contains(vertex.getClass());
    }

    /**
     * Adds a vertex.
     *
     * @param in its inputs, at least one
     * @param batch a value whose first axis is the batch
     * @param byName the values of the graph's vertices and inputs so far
     */
    static Tensor of(
            OnnxLayer layer, GraphVertex vertex, List<Tensor> in, Tensor batch, Function<String, Tensor> byName) {
        Tensor x = in.get(0);
        if (vertex instanceof FrozenVertex frozen) {
            return of(layer, frozen.getUnderlying(), in, batch, byName);
        } else if (vertex instanceof LayerVertex conf) {
            Tensor before =
                    conf.getPreProcessor() == null ? x : PreprocessorNodes.of(layer, conf.getPreProcessor(), x, batch);
            return LayerNodes.of(layer, conf.getLayerConf().getLayer(), before);
        } else if (vertex instanceof PreprocessorVertex conf) {
            return PreprocessorNodes.of(layer, conf.getPreProcessor(), x, batch);
        } else if (vertex instanceof ElementWiseVertex conf) {
            return elementWise(layer, conf, in);
        } else if (vertex instanceof MergeVertex conf) {
            return joined(layer, conf.getMergeAxis(), in);
        } else if (vertex instanceof StackVertex) {
            return joined(layer, 0, in);
        } else if (vertex instanceof SubsetVertex conf) {
            return x.as(layer.graph().slice(layer.name(), x.name(), 1, conf.getFrom(), conf.getTo() + 1L, 1));
        } else if (vertex instanceof ScaleVertex conf) {
            return x.as(layer.node("Mul", x.name(), layer.scalar(conf.getScaleFactor())));
        } else if (vertex instanceof ShiftVertex conf) {
            return x.as(layer.node("Add", x.name(), layer.scalar(conf.getShiftFactor())));
        }
        return rest(layer, vertex, x, byName);
    }

    private static Tensor rest(OnnxLayer layer, GraphVertex vertex, Tensor x, Function<String, Tensor> byName) {
        OnnxGraph graph = layer.graph();
        if (vertex instanceof ReshapeVertex conf) {
            return reshape(layer, conf, x);
        } else if (vertex instanceof L2NormalizeVertex conf) {
            return normalize(layer, conf, x);
        } else if (vertex instanceof PoolHelperVertex) {
            String rows = graph.slice(layer.name(), x.name(), 2, 1, Long.MAX_VALUE, 1);
            return x.as(graph.slice(layer.name(), rows, 3, 1, Long.MAX_VALUE, 1));
        } else if (vertex instanceof LastTimeStepVertex) {
            return RecurrentNodes.last(layer, x, 2);
        } else if (vertex instanceof ReverseTimeSeriesVertex) {
            return x.as(graph.reverse(layer.name(), x.name(), 2));
        } else if (vertex instanceof DuplicateToTimeSeriesVertex conf) {
            String time =
                    graph.size(layer.name(), byName.apply(conf.getInputName()).name(), 2);
            String shape = layer.node("Concat", Map.of("axis", 0), graph.longs(layer.name() + "/ones", 1, 1), time);
            String one = layer.node("Unsqueeze", x.name(), graph.longs(layer.name() + "/axis", 2));
            return new Tensor(layer.node("Expand", one, shape), 3);
        }
        throw layer.refusal(vertex, "this class of vertices has no counterpart");
    }

    private static String[] names(List<Tensor> in) {
        return in.stream().map(Tensor::name).toArray(String[]::new);
    }

    private static Tensor joined(OnnxLayer layer, int axis, List<Tensor> in) {
        return in.size() == 1 ? in.get(0) : in.get(0).as(layer.node("Concat", Map.of("axis", axis), names(in)));
    }

    private static Tensor elementWise(OnnxLayer layer, ElementWiseVertex conf, List<Tensor> in) {
        int rank = in.stream().mapToInt(Tensor::rank).max().orElseThrow();
        String[] names = names(in);
        return new Tensor(
                switch (conf.getOp()) {
                    case Add -> layer.node("Sum", names);
                    case Average -> layer.node("Mean", names);
                    case Max -> layer.node("Max", names);
                    case Subtract -> layer.node("Sub", names);
                    case Product -> product(layer, names);
                },
                rank);
    }

    private static String product(OnnxLayer layer, String... names) {
        String product = names[0];
        for (int i = 1; i < names.length; i++) {
            product = layer.node("Mul", product, names[i]);
        }
        return product;
    }

    private static Tensor reshape(OnnxLayer layer, ReshapeVertex conf, Tensor x) {
        int[] shape = conf.getNewShape();
        if (conf.getReshapeOrder() != 'c' || shape.length == 0 || shape[0] > 1) {
            throw layer.refusal(conf, "allowed are order c and a first size of -1, for any number of examples");
        }
        long[] free = IntStream.range(0, shape.length)
                .mapToLong(i -> i == 0 ? -1 : shape[i])
                .toArray();
        return new Tensor(layer.graph().reshape(layer.name(), x.name(), free), free.length);
    }

    /** {@code x / max(|x|, eps)} over all axes but the batch's. */
    private static Tensor normalize(OnnxLayer layer, L2NormalizeVertex conf, Tensor x) {
        int[] given = conf.getDimension();
        long[] axes = given == null || given.length == 0
                ? IntStream.range(1, x.rank()).asLongStream().toArray()
                : IntStream.of(given).asLongStream().toArray();
        String squares = layer.node("Mul", x.name(), x.name());
        String norm = layer.node("Sqrt", layer.graph().reduce("ReduceSum", layer.name(), true, squares, axes));
        return x.as(layer.node("Div", x.name(), layer.node("Max", norm, layer.scalar(conf.getEps()))));
    }
}
