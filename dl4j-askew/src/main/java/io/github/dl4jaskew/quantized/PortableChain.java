package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import io.github.dl4jaskew.packed.ActivationKind;
import io.github.dl4jaskew.packed.PoolingKind;
import io.github.dl4jaskew.packed.PortableLayer;
import io.github.dl4jaskew.packed.PortableNetwork;
import io.github.dl4jaskew.packed.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;

/**
 * Collects simple layers from DL4J's, one by one. Classes are compared exactly: a subclass, such as a depthwise
 * convolution, computes something else.
 */
final class PortableChain {

    private final Map<List<String>, Integer> parameters;
    private final IntToDoubleFunction numbers;
    private final boolean beforeTraining;
    private final List<PortableLayer> layers = new ArrayList<>();
    private List<Integer> input = List.of();
    private boolean image;
    /** Whether DL4J's images are channels last here; those of the simple layers never are. */
    private boolean channelsLast;

    /**
     * Takes the index of each parameter by its layer and key, and the first number of each by its index. Before training, clips
     * that data has yet to decide are let through.
     */
    PortableChain(Map<List<String>, Integer> parameters, IntToDoubleFunction numbers, boolean beforeTraining) {
        this.parameters = parameters;
        this.numbers = numbers;
        this.beforeTraining = beforeTraining;
    }

    PortableNetwork build() {
        if (input.isEmpty()) {
            throw new NotPortableException("no layer tells the size of the input");
        }
        if (image && channelsLast) {
            layers.add(new PortableLayer.ChannelsLast());
        }
        return PortableNetwork.of(input, layers);
    }

    void add(String name, InputPreProcessor before) {
        if (before instanceof FeedForwardToCnnPreProcessor p) {
            int channels = size(name, p.getNumChannels());
            int height = size(name, p.getInputHeight());
            int width = size(name, p.getInputWidth());
            begin(false, Math.multiplyExact(channels, Math.multiplyExact(height, width)));
            layers.add(new PortableLayer.ToImage(channels, height, width));
            beginImage(false);
        } else if (before instanceof CnnToFeedForwardPreProcessor p
                && (input.isEmpty() || channelsLast == (p.getFormat() == CNN2DFormat.NHWC))) {
            if (input.isEmpty()) {
                input = List.of(
                        size(name, p.getNumChannels()), size(name, p.getInputHeight()), size(name, p.getInputWidth()));
                beginImage(p.getFormat() == CNN2DFormat.NHWC);
            }
            if (image && channelsLast) {
                layers.add(new PortableLayer.ChannelsLast());
            }
            layers.add(new PortableLayer.ToFeatures());
            image = false;
        } else {
            throw new NotPortableException("layer '" + name + "' has a preprocessor "
                    + before.getClass().getSimpleName()
                    + (before instanceof CnnToFeedForwardPreProcessor p
                            ? " for images as " + p.getFormat() + " behind layers for the other layout"
                            : ""));
        }
    }

    /** The first layer that knows its input decides what the network takes. */
    private void begin(boolean isImage, long channels) {
        if (input.isEmpty()) {
            int n = Math.toIntExact(channels);
            input = isImage ? List.of(n, 0, 0) : List.of(n);
            image = isImage;
        }
    }

    /** Images as DL4J has them come in, and are laid channels first for all layers behind. */
    private void beginImage(boolean last) {
        image = true;
        channelsLast = last;
        if (last) {
            layers.add(new PortableLayer.ChannelsFirst());
        }
    }

    void add(String name, Layer layer) {
        Class<?> type = layer.getClass();
        if (layer instanceof FrozenLayer frozen) {
            add(name, frozen.getLayer());
        } else if (layer instanceof FrozenLayerWithBackprop frozen) {
            add(name, frozen.getUnderlying());
        } else if (type == DenseLayer.class) {
            DenseLayer dense = (DenseLayer) layer;
            require(!dense.hasLayerNorm(), name, layer, "with layer normalization");
            dense(name, dense, dense.hasBias());
        } else if (type == OutputLayer.class) {
            dense(name, (OutputLayer) layer, ((OutputLayer) layer).hasBias());
        } else if (type == ConvolutionLayer.class || type == Convolution2D.class) {
            convolution(name, (ConvolutionLayer) layer);
        } else if (type == BatchNormalization.class) {
            batchNorm(name, (BatchNormalization) layer);
        } else if (type == ActivationLayer.class) {
            activation(name, layer, ((ActivationLayer) layer).getActivationFn());
        } else if (layer instanceof QuantizedActivationLayer quantized) {
            double clip = numbers.applyAsDouble(parameter(name, "clip"));
            require(clip >= 0, name, layer, "that has seen no minibatch");
            levels(name, layer, quantized.activation(), clip);
        } else if (type == LossLayer.class) {
            activation(name, layer, ((LossLayer) layer).getActivationFn());
        } else if (type != DropoutLayer.class) {
            addImageLayer(name, layer);
        }
    }

    private void addImageLayer(String name, Layer layer) {
        Class<?> type = layer.getClass();
        if (type == SubsamplingLayer.class || type == Pooling2D.class) {
            pooling(name, (SubsamplingLayer) layer);
        } else if (type == GlobalPoolingLayer.class) {
            globalPooling(name, (GlobalPoolingLayer) layer);
        } else if (type == PReLULayer.class) {
            require(!image || !channelsLast, name, layer, "on images as NHWC");
            layers.add(new PortableLayer.ParametricRelu(parameter(name, "W")));
        } else if (type == ZeroPaddingLayer.class) {
            requireLayout(name, layer, ((ZeroPaddingLayer) layer).getDataFormat());
            int[] p = ((ZeroPaddingLayer) layer).getPadding();
            layers.add(new PortableLayer.Padding(p[0], p[1], p[2], p[3]));
        } else if (type == Cropping2D.class) {
            requireLayout(name, layer, ((Cropping2D) layer).getDataFormat());
            int[] c = ((Cropping2D) layer).getCropping();
            layers.add(new PortableLayer.Padding(-c[0], -c[1], -c[2], -c[3]));
        } else if (type == Upsampling2D.class) {
            requireLayout(name, layer, ((Upsampling2D) layer).getFormat());
            int[] s = ((Upsampling2D) layer).getSize();
            layers.add(new PortableLayer.Upsampling(s[0], s[1]));
        } else {
            throw refusal(name, layer, "");
        }
        require(!input.isEmpty(), name, layer, "before a layer that tells the size of the input");
    }

    private void dense(String name, FeedForwardLayer layer, boolean hasBias) {
        begin(false, layer.getNIn());
        require(!image, name, layer, "on images");
        layers.add(new PortableLayer.Dense(
                size(name, layer.getNIn()),
                size(name, layer.getNOut()),
                parameter(name, "W"),
                hasBias ? parameter(name, "b") : PortableLayer.NONE));
        activation(name, layer, layer.getActivationFn());
    }

    private void convolution(String name, ConvolutionLayer layer) {
        if (input.isEmpty()) {
            begin(true, layer.getNIn());
            beginImage(layer.getCnn2dDataFormat() == CNN2DFormat.NHWC);
        }
        requireLayout(name, layer, layer.getCnn2dDataFormat());
        Window window = window(
                name,
                layer,
                layer.getConvolutionMode(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation());
        layers.add(new PortableLayer.Convolution(
                size(name, layer.getNIn()),
                size(name, layer.getNOut()),
                window,
                parameter(name, "W"),
                layer.hasBias() ? parameter(name, "b") : PortableLayer.NONE));
        activation(name, layer, layer.getActivationFn());
    }

    private void pooling(String name, SubsamplingLayer layer) {
        requireLayout(name, layer, layer.getCnn2dDataFormat());
        Window window = window(
                name,
                layer,
                layer.getConvolutionMode(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation());
        PoolingKind kind = switch (layer.getPoolingType()) {
            case MAX -> PoolingKind.MAX;
            case AVG -> layer.isAvgPoolIncludePadInDivisor() ? PoolingKind.MEAN_WITH_PADDING : PoolingKind.MEAN;
            case PNORM -> PoolingKind.NORM;
            default -> throw refusal(name, layer, "of type " + layer.getPoolingType());
        };
        layers.add(new PortableLayer.Pooling(kind, kind == PoolingKind.NORM ? layer.getPnorm() : 1, window));
    }

    private void globalPooling(String name, GlobalPoolingLayer layer) {
        int[] axes = layer.getPoolingDimensions();
        require(image, name, layer, "on features");
        boolean overPixels = channelsLast
                ? Arrays.equals(axes, new int[] {1, 2})
                : axes == null || Arrays.equals(axes, new int[] {2, 3});
        // DL4J's own choice of axes is that of NCHW, whatever the layout is.
        require(overPixels, name, layer, "along other axes than height and width");
        require(layer.isCollapseDimensions(), name, layer, "that keeps dimensions");
        PoolingType type = layer.getPoolingType();
        PoolingKind kind = switch (type) {
            case MAX -> PoolingKind.MAX;
            case AVG -> PoolingKind.MEAN;
            case SUM -> PoolingKind.SUM;
            case PNORM -> PoolingKind.NORM;
        };
        layers.add(new PortableLayer.GlobalPooling(kind, kind == PoolingKind.NORM ? layer.getPnorm() : 1));
        image = false;
    }

    private void batchNorm(String name, BatchNormalization layer) {
        require(!input.isEmpty(), name, layer, "before a layer that tells whether it works on images");
        if (image) {
            requireLayout(name, layer, layer.getCnn2DFormat());
        }
        boolean locked = layer.isLockGammaBeta();
        // What DL4J computes with other constants depends on the backend and on the rank.
        require(!locked || (layer.getGamma() == 1 && layer.getBeta() == 0), name, layer, "with fixed gamma and beta");
        layers.add(new PortableLayer.BatchNorm(
                size(name, layer.getNOut()),
                parameter(name, "mean"),
                parameter(name, layer.isUseLogStd() ? "log10stdev" : "var"),
                layer.isUseLogStd(),
                locked ? PortableLayer.NONE : parameter(name, "gamma"),
                locked ? PortableLayer.NONE : parameter(name, "beta"),
                layer.getEps()));
    }

    private void activation(String name, Layer layer, IActivation function) {
        if (function instanceof QuantizedActivation quantized) {
            Double clip = beforeTraining ? Double.valueOf(1) : quantized.clip();
            if (clip == null) {
                throw refusal(name, layer, "with activation " + function + ", whose clip is not frozen");
            }
            levels(name, layer, quantized, clip);
            return;
        }
        PortableLayer.Activation activation = PortableActivations.of(function);
        if (activation == null) {
            throw refusal(name, layer, "with activation " + function);
        }
        require(activation.kind() != ActivationKind.SOFTMAX || !image, name, layer, "with softmax on images");
        if (activation.kind() != ActivationKind.IDENTITY) {
            layers.add(activation);
        }
    }

    private void levels(String name, Layer layer, QuantizedActivation function, double clip) {
        activation(name, layer, function.inner());
        double n = function.steps();
        layers.add(
                new PortableLayer.Activation(ActivationKind.LEVELS, List.of(clip, n, function.isSigned() ? -n : 0.0)));
    }

    private static Window window(
            String name,
            Layer layer,
            @Nullable ConvolutionMode mode,
            int[] kernel,
            int[] stride,
            int[] padding,
            int[] dilation) {
        require(mode != null && mode != ConvolutionMode.Causal, name, layer, "in mode " + mode);
        boolean same = mode == ConvolutionMode.Same;
        int height = same ? 0 : padding[0];
        int width = same ? 0 : padding[1];
        return new Window(kernel[0], kernel[1], stride[0], stride[1], height, width, dilation[0], dilation[1], same);
    }

    private int parameter(String layer, String key) {
        Integer index = parameters.get(List.of(layer, key));
        if (index == null) {
            throw new NotPortableException("layer '" + layer + "' has no parameter '" + key + "'");
        }
        return index;
    }

    private static int size(String name, long value) {
        if (value < 1 || value > PortableLayer.MAXIMUM_SIZE) {
            throw new NotPortableException("layer '" + name + "' has size " + value);
        }
        return (int) value;
    }

    private void requireLayout(String name, Layer layer, CNN2DFormat format) {
        require(
                channelsLast == (format == CNN2DFormat.NHWC),
                name,
                layer,
                "for images as " + format + " behind layers for the other layout");
    }

    private static void require(boolean condition, String name, Layer layer, String which) {
        if (!condition) {
            throw refusal(name, layer, which);
        }
    }

    private static NotPortableException refusal(String name, Layer layer, String which) {
        String text = "layer '" + name + "' is a " + layer.getClass().getSimpleName();
        return new NotPortableException(which.isEmpty() ? text : text + " " + which);
    }
}
