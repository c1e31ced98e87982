package io.github.dl4jaskew.export;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseUpsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;

/** Padding, cropping, upsampling, and what else moves numbers only. */
final class ShapeNodes {

    private ShapeNodes() {}

    /**
     * Adds zeros around an input, or cuts its edges off.
     *
     * @param first whether the channels come before what is padded
     * @param sign 1 to pad, -1 to crop
     * @param edges before and after each axis
     */
    static Tensor pad(OnnxLayer layer, Tensor x, boolean first, int sign, int... edges) {
        long[] pads = new long[2 * x.rank()];
        for (int i = 0; i < edges.length / 2; i++) {
            int axis = (first ? 2 : 1) + i;
            pads[axis] = (long) sign * edges[2 * i];
            pads[axis + x.rank()] = (long) sign * edges[2 * i + 1];
        }
        return x.as(layer.node("Pad", x.name(), layer.graph().longs(layer.name() + "/pads", pads)));
    }

    static Tensor upsampling(OnnxLayer layer, BaseUpsamplingLayer conf, Tensor x) {
        boolean first = conf instanceof Upsampling2D two
                ? two.getFormat() == CNN2DFormat.NCHW
                : !(conf instanceof Upsampling3D three) || three.getDataFormat() == Convolution3D.DataFormat.NCDHW;
        double[] scales = new double[x.rank()];
        Arrays.fill(scales, 1);
        for (int i = 0; i < x.rank() - 2; i++) {
            scales[(first ? 2 : 1) + i] = conf.getSize()[i];
        }
        Map<String, String> nearest =
                Map.of("mode", "nearest", "nearest_mode", "floor", "coordinate_transformation_mode", "asymmetric");
        String factors = layer.graph().floats(layer.name() + "/scales", scales, scales.length);
        return x.as(layer.node("Resize", nearest, x.name(), "", factors));
    }

    static Tensor repeat(OnnxLayer layer, RepeatVector conf, Tensor x) {
        boolean first = conf.getDataFormat() != RNNFormat.NWC;
        OnnxGraph graph = layer.graph();
        String one = layer.node("Unsqueeze", x.name(), graph.longs(layer.name() + "/axis", first ? 2 : 1));
        long[] times = first ? new long[] {1, 1, conf.getN()} : new long[] {1, conf.getN(), 1};
        return new Tensor(layer.node("Tile", one, graph.longs(layer.name() + "/repeats", times)), 3);
    }

    static Tensor parametricRelu(OnnxLayer layer, PReLULayer conf, Tensor x) {
        int rank = layer.array("W").rank();
        if (rank != x.rank() - 1) {
            throw layer.refusal(conf, "its weights have " + rank + " axes, its input " + x.rank());
        }
        return x.as(layer.node(
                "PRelu", x.name(), layer.parameter("W", IntStream.range(0, rank).toArray())));
    }
}
