package io.github.dl4jaskew.export;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Convolutions of all kinds. */
final class ConvolutionNodes {

    private ConvolutionNodes() {}

    static Tensor convolution(OnnxLayer layer, ConvolutionLayer conf, Tensor x) {
        boolean first = conf.getCnn2dDataFormat() == CNN2DFormat.NCHW;
        return of(layer, conf, x, first, layer.parameter("W", 0, 1, 2, 3), window(layer, conf, 2));
    }

    /** DL4J reads the memory of the weights as [kernel, in, out], whatever their shape says. */
    static Tensor convolution1d(OnnxLayer layer, Convolution1DLayer conf, Tensor x) {
        boolean first = conf.getRnnDataFormat() != RNNFormat.NWC;
        INDArray w = layer.array("W");
        long[] memory = {w.size(2), w.size(1), w.size(0)};
        String weights = layer.parameter(
                "W", OnnxParameters.shape(w, 0, 1, 2), OnnxParameters.strided(memory, w.ordering(), 2, 1, 0));
        return of(layer, conf, x, first, weights, window(layer, conf, 1));
    }

    static Tensor convolution3d(OnnxLayer layer, Convolution3D conf, Tensor x) {
        boolean first = conf.getDataFormat() == Convolution3D.DataFormat.NCDHW;
        return of(layer, conf, x, first, layer.parameter("W", 0, 1, 2, 3, 4), window(layer, conf, 3));
    }

    /** W is [height, width, in, multiplier]; output channel {@code in * multiplier + m}. */
    static Tensor depthwise(OnnxLayer layer, DepthwiseConvolution2D conf, Tensor x) {
        INDArray w = layer.array("W");
        long[] shape = {w.size(2) * w.size(3), 1, w.size(0), w.size(1)};
        String weights = layer.parameter("W", shape, OnnxParameters.permuted(w, 2, 3, 0, 1));
        Map<String, Object> window = window(layer, conf, 2);
        window.put("group", w.size(2));
        return of(layer, conf, x, conf.getCnn2dDataFormat() == CNN2DFormat.NCHW, weights, window);
    }

    /** A depthwise convolution with W [multiplier, in, height, width], then one of width 1 with pW. */
    static Tensor separable(OnnxLayer layer, SeparableConvolution2D conf, Tensor x) {
        boolean first = conf.getCnn2dDataFormat() == CNN2DFormat.NCHW;
        INDArray w = layer.array("W");
        long[] shape = {w.size(0) * w.size(1), 1, w.size(2), w.size(3)};
        String depthwise = layer.parameter("W", shape, OnnxParameters.permuted(w, 1, 0, 2, 3));
        Map<String, Object> window = window(layer, conf, 2);
        window.put("group", w.size(1));
        Tensor in = layer.graph().channelsFirst(layer.name(), x, first);
        Tensor middle = in.as(layer.node("Conv", window, in.name(), depthwise));
        Tensor z = middle.as(node(layer, "Conv", Map.of(), middle.name(), layer.parameter("pW", 0, 1, 2, 3)));
        return finish(layer, conf, z, first);
    }

    static Tensor deconvolution(OnnxLayer layer, Deconvolution2D conf, Tensor x) {
        boolean first = conf.getCnn2dDataFormat() == CNN2DFormat.NCHW;
        String weights = layer.parameter("W", 0, 1, 2, 3);
        return transposed(layer, conf, x, first, weights, 2);
    }

    /** W is [depth, height, width, out, in]. */
    static Tensor deconvolution3d(OnnxLayer layer, Deconvolution3D conf, Tensor x) {
        boolean first = conf.getDataFormat() == Convolution3D.DataFormat.NCDHW;
        return transposed(layer, conf, x, first, layer.parameter("W", 4, 3, 0, 1, 2), 3);
    }

    private static Tensor transposed(
            OnnxLayer layer, ConvolutionLayer conf, Tensor x, boolean first, String weights, int axes) {
        Map<String, Object> window = new TreeMap<>();
        window.put("strides", longs(conf.getStride(), axes));
        window.put("dilations", longs(conf.getDilation(), axes));
        if (conf.getConvolutionMode() == ConvolutionMode.Same) {
            window.put("auto_pad", "SAME_UPPER");
        } else {
            window.put("pads", twice(longs(conf.getPadding(), axes)));
        }
        Tensor in = layer.graph().channelsFirst(layer.name(), x, first);
        return finish(layer, conf, in.as(node(layer, "ConvTranspose", window, in.name(), weights)), first);
    }

    private static Tensor of(
            OnnxLayer layer,
            ConvolutionLayer conf,
            Tensor x,
            boolean first,
            String weights,
            Map<String, Object> window) {
        Tensor in = layer.graph().channelsFirst(layer.name(), x, first);
        return finish(layer, conf, in.as(node(layer, "Conv", window, in.name(), weights)), first);
    }

    private static String node(OnnxLayer layer, String op, Map<String, Object> window, String x, String weights) {
        return layer.has("b")
                ? layer.node(op, window, x, weights, layer.vector("b"))
                : layer.node(op, window, x, weights);
    }

    /** DL4J applies a softmax along the last axis of its own layout. */
    private static Tensor finish(OnnxLayer layer, ConvolutionLayer conf, Tensor z, boolean first) {
        Tensor back = layer.graph().channelsBack(layer.name(), z, first);
        return Activations.apply(layer, conf, conf.getActivationFn(), back, -1);
    }

    private static Map<String, Object> window(OnnxLayer layer, ConvolutionLayer conf, int axes) {
        return window(
                layer,
                conf,
                conf.getConvolutionMode(),
                conf.getKernelSize(),
                conf.getStride(),
                conf.getPadding(),
                conf.getDilation(),
                axes);
    }

    /** Strides, dilations and padding; with stride 1 the padding is the same for inputs of every size. */
    static Map<String, Object> window(
            OnnxLayer layer,
            Object conf,
            @Nullable ConvolutionMode mode,
            int[] kernel,
            int[] stride,
            int[] padding,
            int[] dilation,
            int axes) {
        long[] strides = longs(stride, axes);
        long[] dilations = longs(dilation, axes);
        Map<String, Object> window = new TreeMap<>();
        window.put("strides", strides);
        window.put("dilations", dilations);
        if (mode == ConvolutionMode.Causal) {
            window.put("pads", new long[] {(kernel[0] - 1) * dilations[0], 0});
        } else if (mode != ConvolutionMode.Same) {
            window.put("pads", twice(longs(padding, axes)));
        } else if (Arrays.stream(strides).allMatch(s -> s == 1)) {
            long[] pads = new long[2 * axes];
            for (int i = 0; i < axes; i++) {
                long both = (kernel[i] - 1) * dilations[i];
                pads[i] = both / 2;
                pads[i + axes] = both - both / 2;
            }
            window.put("pads", pads);
        } else if (Arrays.stream(dilations).allMatch(d -> d == 1)) {
            window.put("auto_pad", "SAME_UPPER");
        } else {
            throw layer.refusal(
                    conf,
                    "mode Same with strides " + Arrays.toString(strides) + " and dilations "
                            + Arrays.toString(dilations) + "; one of them must be 1");
        }
        return window;
    }

    static long[] longs(int[] numbers, int axes) {
        return Arrays.stream(numbers).limit(axes).asLongStream().toArray();
    }

    private static long[] twice(long[] numbers) {
        long[] both = Arrays.copyOf(numbers, 2 * numbers.length);
        System.arraycopy(numbers, 0, both, numbers.length, numbers.length);
        return both;
    }
}
