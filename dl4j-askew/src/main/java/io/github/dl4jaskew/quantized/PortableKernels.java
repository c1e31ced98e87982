package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.packed.KernelLayout;
import io.github.dl4jaskew.packed.ParameterInfo;
import io.github.dl4jaskew.packed.PortableLayer;
import io.github.dl4jaskew.packed.Window;
import io.github.dl4jaskew.quantized.PortableChain.Form;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;

/** DL4J's convolutions in simple terms. */
final class PortableKernels {

    /** That an axis of a kernel is none of its parameter's. */
    private static final int NO_AXIS = -1;

    private static final Window ONE = new Window(1, 1, 1, 1, 0, 0, 1, 1, false);

    private final PortableChain chain;

    PortableKernels(PortableChain chain) {
        this.chain = chain;
    }

    /** Adds a convolution without its activation, or says that the class is another. */
    boolean add(String name, ConvolutionLayer layer) {
        Class<?> type = layer.getClass();
        if (layer instanceof Convolution1DLayer sequence) {
            if (type != Convolution1DLayer.class && type != Convolution1D.class) {
                return false;
            }
            convolution1d(name, sequence);
            return true;
        }
        boolean plain = type == ConvolutionLayer.class || type == Convolution2D.class;
        boolean grouped = type == DepthwiseConvolution2D.class || type == SeparableConvolution2D.class;
        if (!plain && !grouped && type != Deconvolution2D.class) {
            return false;
        }
        boolean last = layer.getCnn2dDataFormat() == CNN2DFormat.NHWC;
        chain.begin(Form.IMAGE, List.of(PortableChain.size(name, layer.getNIn()), 0, 0), last);
        chain.alignImage(name, layer, layer.getCnn2dDataFormat());
        if (plain) {
            chain.put(new PortableLayer.Convolution(
                    PortableChain.size(name, layer.getNIn()),
                    PortableChain.size(name, layer.getNOut()),
                    window(name, layer),
                    chain.parameter(name, "W"),
                    bias(name, layer)));
        } else if (type == DepthwiseConvolution2D.class) {
            depthwise(name, layer);
        } else if (type == SeparableConvolution2D.class) {
            separable(name, layer);
        } else {
            deconvolution(name, layer);
        }
        return true;
    }

    private int bias(String name, ConvolutionLayer layer) {
        return layer.hasBias() ? chain.parameter(name, "b") : PortableLayer.NONE;
    }

    private static Window window(String name, ConvolutionLayer layer) {
        return PortableChain.window(
                name,
                layer,
                layer.getConvolutionMode(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation());
    }

    /** DL4J reads the memory of the weights as [kernel, in, out], whatever their shape says. */
    private void convolution1d(String name, Convolution1DLayer layer) {
        int inputs = PortableChain.size(name, layer.getNIn());
        int outputs = PortableChain.size(name, layer.getNOut());
        boolean last = layer.getRnnDataFormat() == RNNFormat.NWC;
        chain.begin(Form.SEQUENCE, List.of(inputs, 0), last);
        PortableSequences.align(chain, name, layer, last);
        int kernel = layer.getKernelSize()[0];
        int dilation = layer.getDilation()[0];
        boolean causal = layer.getConvolutionMode() == ConvolutionMode.Causal;
        if (causal) {
            chain.put(new PortableLayer.Padding(0, 0, (kernel - 1) * dilation, 0));
        }
        boolean same = layer.getConvolutionMode() == ConvolutionMode.Same;
        int padding = causal || same ? 0 : layer.getPadding()[0];
        Window window = new Window(1, kernel, 1, layer.getStride()[0], 0, padding, 1, dilation, same);
        int w = chain.parameter(name, "W");
        KernelLayout layout =
                layout(chain.info(w), new long[] {kernel, inputs, outputs}, false, NO_AXIS, 2, 1, NO_AXIS, 0);
        chain.put(new PortableLayer.GroupedConvolution(inputs, outputs, 1, window, w, layout, bias(name, layer)));
    }

    /** W is [height, width, in, multiplier]; output channel {@code in * multiplier + m}. */
    private void depthwise(String name, ConvolutionLayer layer) {
        int w = chain.parameter(name, "W");
        int inputs = PortableChain.size(name, layer.getNIn());
        chain.put(new PortableLayer.GroupedConvolution(
                inputs,
                Math.multiplyExact(inputs, shape(w, 3)),
                inputs,
                window(name, layer),
                w,
                layout(chain.info(w), memory(w), false, 2, 3, NO_AXIS, 0, 1),
                bias(name, layer)));
    }

    /** A depthwise convolution with W [multiplier, in, height, width], then one of width 1 with pW. */
    private void separable(String name, ConvolutionLayer layer) {
        int w = chain.parameter(name, "W");
        int p = chain.parameter(name, "pW");
        int inputs = PortableChain.size(name, layer.getNIn());
        int middle = Math.multiplyExact(inputs, shape(w, 0));
        chain.put(new PortableLayer.GroupedConvolution(
                inputs,
                middle,
                inputs,
                window(name, layer),
                w,
                layout(chain.info(w), memory(w), false, 1, 0, NO_AXIS, 2, 3),
                PortableLayer.NONE));
        int outputs = PortableChain.size(name, layer.getNOut());
        KernelLayout layout = layout(chain.info(p), memory(p), false, NO_AXIS, 0, 1, 2, 3);
        chain.put(new PortableLayer.GroupedConvolution(middle, outputs, 1, ONE, p, layout, bias(name, layer)));
    }

    /** A convolution of the input with zeros in between, by kernels that are turned around; W is [in, out, height, width]. */
    private void deconvolution(String name, ConvolutionLayer layer) {
        Window w = window(name, layer);
        chain.put(new PortableLayer.Spread(w.strideHeight(), w.strideWidth()));
        int[] rows = edges(w.kernelHeight(), w.strideHeight(), w.paddingHeight(), w.dilationHeight(), w.same());
        int[] columns = edges(w.kernelWidth(), w.strideWidth(), w.paddingWidth(), w.dilationWidth(), w.same());
        chain.put(new PortableLayer.Padding(rows[0], rows[1], columns[0], columns[1]));
        int weights = chain.parameter(name, "W");
        chain.put(new PortableLayer.GroupedConvolution(
                PortableChain.size(name, layer.getNIn()),
                PortableChain.size(name, layer.getNOut()),
                1,
                new Window(w.kernelHeight(), w.kernelWidth(), 1, 1, 0, 0, w.dilationHeight(), w.dilationWidth(), false),
                weights,
                layout(chain.info(weights), memory(weights), true, NO_AXIS, 1, 0, 2, 3),
                bias(name, layer)));
    }

    /** Zeros before and behind an axis of n numbers, for {@code stride * n} numbers in mode same. */
    private static int[] edges(int kernel, int stride, int padding, int dilation, boolean same) {
        int reach = (kernel - 1) * dilation;
        if (!same) {
            return new int[] {reach - padding, reach - padding};
        }
        int before = reach - (reach + 1 - stride) / 2;
        return new int[] {before, stride + reach - 1 - before};
    }

    /** The same matrix for each column: a convolution of width 1. */
    void dense(String name, FeedForwardLayer layer, boolean hasBias) {
        int w = chain.parameter(name, "W");
        chain.put(new PortableLayer.GroupedConvolution(
                PortableChain.size(name, layer.getNIn()),
                PortableChain.size(name, layer.getNOut()),
                1,
                ONE,
                w,
                layout(chain.info(w), memory(w), false, NO_AXIS, 1, 0, NO_AXIS, NO_AXIS),
                hasBias ? chain.parameter(name, "b") : PortableLayer.NONE));
    }

    private int shape(int parameter, int axis) {
        return Math.toIntExact(memory(parameter)[axis]);
    }

    private long[] memory(int parameter) {
        return chain.info(parameter).shape().stream().mapToLong(n -> n).toArray();
    }

    /** Takes the axes of group, output, input, row and column in the shape that the memory is read as. */
    private static KernelLayout layout(ParameterInfo info, long[] memory, boolean turned, int... axes) {
        int[] strides = new int[memory.length];
        int stride = 1;
        for (int k = 0; k < memory.length; k++) {
            int axis = info.order() == 'c' ? memory.length - 1 - k : k;
            strides[axis] = stride;
            stride = Math.multiplyExact(stride, Math.toIntExact(memory[axis]));
        }
        int[] of = new int[axes.length];
        for (int a = 0; a < axes.length; a++) {
            of[a] = axes[a] == NO_AXIS ? 0 : strides[axes[a]];
        }
        if (!turned) {
            return new KernelLayout(0, of[0], of[1], of[2], of[3], of[4]);
        }
        int last = of[3] * Math.toIntExact(memory[axes[3]] - 1) + of[4] * Math.toIntExact(memory[axes[4]] - 1);
        return new KernelLayout(last, of[0], of[1], of[2], -of[3], -of[4]);
    }
}
