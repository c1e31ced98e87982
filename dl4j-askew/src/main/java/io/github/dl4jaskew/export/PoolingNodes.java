package io.github.dl4jaskew.export;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Pooling, over windows and over all. */
final class PoolingNodes {

    private PoolingNodes() {}

    static Tensor pooling(OnnxLayer layer, SubsamplingLayer conf, Tensor x) {
        int axes = x.rank() - 2;
        Map<String, Object> window = ConvolutionNodes.window(
                layer,
                conf,
                conf.getConvolutionMode(),
                conf.getKernelSize(),
                conf.getStride(),
                conf.getPadding(),
                conf.getDilation(),
                axes);
        boolean first = conf.getCnn2dDataFormat() != CNN2DFormat.NHWC;
        window.put("kernel_shape", ConvolutionNodes.longs(conf.getKernelSize(), axes));
        return of(
                layer,
                conf,
                x,
                first,
                conf.getPoolingType(),
                window,
                conf.getPnorm(),
                conf.isAvgPoolIncludePadInDivisor());
    }

    static Tensor pooling3d(OnnxLayer layer, Subsampling3DLayer conf, Tensor x) {
        Map<String, Object> window = ConvolutionNodes.window(
                layer,
                conf,
                conf.getConvolutionMode(),
                conf.getKernelSize(),
                conf.getStride(),
                conf.getPadding(),
                conf.getDilation(),
                3);
        window.put("kernel_shape", ConvolutionNodes.longs(conf.getKernelSize(), 3));
        boolean first = conf.getDataFormat() == Convolution3D.DataFormat.NCDHW;
        return of(layer, conf, x, first, conf.getPoolingType(), window, 1, false);
    }

    private static Tensor of(
            OnnxLayer layer,
            Object conf,
            Tensor x,
            boolean first,
            PoolingType type,
            Map<String, Object> window,
            int norm,
            boolean includePadding) {
        boolean dilated = Arrays.stream((long[]) window.get("dilations")).anyMatch(d -> d != 1);
        if (type != PoolingType.MAX) {
            // before opset 19, and in some runtimes after it, none but MaxPool has dilations
            if (dilated) {
                throw layer.refusal(conf, "pooling of type " + type + " with dilation; allowed is MAX");
            }
            window.remove("dilations");
        }
        String op = switch (type) {
            case MAX -> "MaxPool";
            case AVG -> {
                window.put("count_include_pad", includePadding ? 1 : 0);
                yield "AveragePool";
            }
            case PNORM -> {
                window.put("p", norm);
                yield "LpPool";
            }
            case SUM -> throw layer.refusal(conf, "pooling of type " + type + "; allowed are MAX, AVG and PNORM");
        };
        Tensor in = layer.graph().channelsFirst(layer.name(), x, first);
        Tensor y = in.as(layer.node(op, window, in.name()));
        return layer.graph().channelsBack(layer.name(), y, first);
    }

    static Tensor globalPooling(OnnxLayer layer, GlobalPoolingLayer conf, Tensor x) {
        OnnxGraph graph = layer.graph();
        int[] given = conf.getPoolingDimensions();
        int[] pooled = given == null ? IntStream.range(2, x.rank()).toArray() : given;
        boolean keep = !conf.isCollapseDimensions();
        boolean trailing = Arrays.equals(pooled, IntStream.range(2, x.rank()).toArray());
        if (x.rank() < 3 || (keep && !trailing)) {
            throw layer.refusal(
                    conf,
                    x.rank() < 3
                            ? "its input has " + x.rank() + " axes"
                            : "it keeps dimensions of channels-last inputs");
        }
        long[] axes = Arrays.stream(pooled).asLongStream().toArray();
        String name = layer.name();
        String y = switch (conf.getPoolingType()) {
            case MAX -> graph.reduce("ReduceMax", name, keep, x.name(), axes);
            case AVG -> graph.reduce("ReduceMean", name, keep, x.name(), axes);
            case SUM -> graph.reduce("ReduceSum", name, keep, x.name(), axes);
            case PNORM -> {
                String powers = layer.node("Pow", layer.node("Abs", x.name()), layer.scalar(conf.getPnorm()));
                String sum = graph.reduce("ReduceSum", name, keep, powers, axes);
                yield layer.node("Pow", sum, layer.scalar(1.0 / conf.getPnorm()));
            }
        };
        return new Tensor(y, keep ? x.rank() : x.rank() - axes.length);
    }
}
