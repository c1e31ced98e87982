package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import io.github.dl4jaskew.packed.ActivationKind;
import io.github.dl4jaskew.packed.CombinationKind;
import io.github.dl4jaskew.packed.ParameterId;
import io.github.dl4jaskew.packed.ParameterInfo;
import io.github.dl4jaskew.packed.PoolingKind;
import io.github.dl4jaskew.packed.PortableLayer;
import io.github.dl4jaskew.packed.PortableNetwork;
import io.github.dl4jaskew.packed.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
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

    /** What DL4J has at one place of a network. */
    enum Form {
        /** Features. */
        FEATURES,
        /** Images. */
        IMAGE,
        /** Sequences, which are images of height 1. */
        SEQUENCE,
        /** The steps of a sequence as examples of their own. */
        ROWS
    }

    /**
     * Where a network branches.
     *
     * @param form what DL4J has there
     * @param last whether its channels are last there
     * @param kept the number under which it is kept
     */
    record Branch(Form form, boolean last, int kept) {}

    private final List<ParameterInfo> table;
    private final IntToDoubleFunction numbers;
    private final boolean beforeTraining;
    private final PortableKernels kernels = new PortableKernels(this);
    private final PortableSequences sequences = new PortableSequences(this);
    private final List<PortableLayer> layers = new ArrayList<>();
    private List<Integer> input = List.of();
    private Form form = Form.FEATURES;
    /** Whether DL4J's channels are last here; those of the simple layers never are. */
    private boolean channelsLast;

    private int kept;
    /** What stands before the keys of the parameters of one half of a bidirectional layer. */
    private String prefix = "";

    /**
     * Takes the file's table of parameters, and the first number of each by its index. Before training, clips that data has yet
     * to decide are let through.
     */
    PortableChain(List<ParameterInfo> table, IntToDoubleFunction numbers, boolean beforeTraining) {
        this.table = table;
        this.numbers = numbers;
        this.beforeTraining = beforeTraining;
    }

    /** An empty one, to try something. */
    PortableChain ofSameTable() {
        return new PortableChain(table, numbers, beforeTraining);
    }

    /** Takes input as another one. */
    void beginAs(PortableChain other) {
        boolean last = !other.layers.isEmpty() && other.layers.get(0) instanceof PortableLayer.ChannelsFirst;
        Form first = switch (other.input.size()) {
            case 1 -> Form.FEATURES;
            case 2 -> Form.SEQUENCE;
            default -> Form.IMAGE;
        };
        begin(first, other.input, last);
    }

    /** Axes of DL4J's arrays begin with the batch. */
    void requireMergedChannels(String name, MergeVertex merge) {
        int rank = switch (form) {
            case FEATURES, ROWS -> 2;
            case SEQUENCE -> 3;
            case IMAGE -> 4;
        };
        int channels = form != Form.FEATURES && channelsLast ? rank - 1 : 1;
        require(
                Math.floorMod(merge.getMergeAxis(), rank) == channels,
                name,
                merge,
                "along axis " + merge.getMergeAxis() + ", not that of the channels, " + channels);
    }

    PortableNetwork build() {
        if (input.isEmpty()) {
            throw new NotPortableException("no layer tells the size of the input");
        }
        asDl4jHasIt();
        return PortableNetwork.of(input, layers);
    }

    private void asDl4jHasIt() {
        if (form != Form.FEATURES && channelsLast) {
            layers.add(new PortableLayer.ChannelsLast());
        }
    }

    /** Several outputs become one, each as DL4J has it, one behind the other. */
    void join(List<Branch> outputs) {
        List<Integer> all = new ArrayList<>();
        for (Branch output : outputs) {
            take(output);
            asDl4jHasIt();
            layers.add(new PortableLayer.ToFeatures());
            form = Form.FEATURES;
            all.add(keep().kept());
        }
        layers.add(new PortableLayer.Combine(CombinationKind.CONCAT, all));
    }

    /** The number of features that the input has, or -1 if it takes images or sequences. */
    int inputFeatures() {
        return input.size() == 1 ? input.get(0) : -1;
    }

    /** Inputs of so many features each, one behind the other. */
    List<Branch> split(List<Integer> sizes) {
        input = List.of(sizes.stream().reduce(0, Math::addExact));
        form = Form.FEATURES;
        Branch all = keep();
        List<Branch> inputs = new ArrayList<>();
        int from = 0;
        for (int size : sizes) {
            take(all);
            layers.add(new PortableLayer.Subset(from, from + size - 1));
            inputs.add(keep());
            from += size;
        }
        return inputs;
    }

    Branch keep() {
        layers.add(new PortableLayer.Keep());
        return new Branch(form, channelsLast, kept++);
    }

    void take(Branch branch) {
        combine(CombinationKind.CONCAT, List.of(branch));
    }

    /** Of branches that DL4J has in the same form. */
    void combine(CombinationKind kind, List<Branch> parts) {
        Branch first = parts.get(0);
        for (Branch part : parts) {
            if (part.form() != first.form() || (part.form() != Form.FEATURES && part.last() != first.last())) {
                throw new NotPortableException("features, images or sequences of different layouts are combined");
            }
        }
        layers.add(
                new PortableLayer.Combine(kind, parts.stream().map(Branch::kept).toList()));
        is(first.form(), first.last());
    }

    Form form() {
        return form;
    }

    boolean channelsLast() {
        return channelsLast;
    }

    boolean hasInput() {
        return !input.isEmpty();
    }

    void is(Form now, boolean last) {
        form = now;
        channelsLast = last;
    }

    void put(PortableLayer layer) {
        layers.add(layer);
    }

    /** Adds a layer whose parameters have these letters before their keys. */
    void addPart(String letters, String name, Layer layer) {
        String outer = prefix;
        prefix = outer + letters;
        add(name, layer);
        prefix = outer;
    }

    void add(String name, InputPreProcessor before) {
        if (before instanceof FeedForwardToCnnPreProcessor p) {
            int channels = size(name, p.getNumChannels());
            int height = size(name, p.getInputHeight());
            int width = size(name, p.getInputWidth());
            beginFeatures(Math.multiplyExact(channels, Math.multiplyExact(height, width)));
            require(form == Form.FEATURES, name, before, "behind a layer for images or sequences");
            layers.add(new PortableLayer.ToImage(channels, height, width));
            is(Form.IMAGE, false);
        } else if (before instanceof CnnToFeedForwardPreProcessor p) {
            if (input.isEmpty()) {
                List<Integer> shape = List.of(
                        size(name, p.getNumChannels()), size(name, p.getInputHeight()), size(name, p.getInputWidth()));
                begin(Form.IMAGE, shape, p.getFormat() == CNN2DFormat.NHWC);
            }
            // As the array lies there: DL4J's format decides only which sizes it compares.
            flatten();
        } else if (!sequences.add(name, before)) {
            throw new NotPortableException("layer '" + name + "' has a preprocessor "
                    + before.getClass().getSimpleName());
        }
    }

    /** Images and sequences become features in the order of DL4J's memory. */
    void flatten() {
        asDl4jHasIt();
        layers.add(new PortableLayer.ToFeatures());
        form = Form.FEATURES;
    }

    /**
     * The first layer that knows its input decides what the network takes. Images and sequences come in as DL4J has them, and
     * are laid channels first for all layers behind.
     */
    void begin(Form of, List<Integer> shape, boolean last) {
        if (input.isEmpty()) {
            input = shape;
            is(of, last);
            if (last) {
                // What is there already works on each number alone, in any order, and readers look for this one in
                // front.
                boolean elementwise = layers.stream().allMatch(PortableLayer.Activation.class::isInstance);
                layers.add(elementwise ? 0 : layers.size(), new PortableLayer.ChannelsFirst());
            }
        }
    }

    private void beginFeatures(long features) {
        begin(Form.FEATURES, List.of(Math.toIntExact(features)), false);
    }

    void add(String name, Layer layer) {
        Class<?> type = layer.getClass();
        if (layer instanceof FrozenLayer frozen) {
            add(name, frozen.getLayer());
        } else if (layer instanceof FrozenLayerWithBackprop frozen) {
            add(name, frozen.getUnderlying());
        } else if (type == DenseLayer.class) {
            DenseLayer dense = (DenseLayer) layer;
            dense(name, dense, dense.hasBias(), dense.hasLayerNorm());
        } else if (type == OutputLayer.class) {
            dense(name, (OutputLayer) layer, ((OutputLayer) layer).hasBias(), false);
        } else if (layer instanceof ConvolutionLayer convolution && kernels.add(name, convolution)) {
            activation(name, layer, convolution.getActivationFn());
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
        } else if (type != DropoutLayer.class && !sequences.add(name, layer)) {
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
            parametricRelu(name, (PReLULayer) layer);
        } else if (type == ZeroPaddingLayer.class) {
            alignImage(name, layer, ((ZeroPaddingLayer) layer).getDataFormat());
            int[] p = ((ZeroPaddingLayer) layer).getPadding();
            layers.add(new PortableLayer.Padding(p[0], p[1], p[2], p[3]));
        } else if (type == Cropping2D.class) {
            alignImage(name, layer, ((Cropping2D) layer).getDataFormat());
            int[] c = ((Cropping2D) layer).getCropping();
            layers.add(new PortableLayer.Padding(-c[0], -c[1], -c[2], -c[3]));
        } else if (type == Upsampling2D.class) {
            alignImage(name, layer, ((Upsampling2D) layer).getFormat());
            int[] s = ((Upsampling2D) layer).getSize();
            layers.add(new PortableLayer.Upsampling(s[0], s[1]));
        } else {
            throw refusal(name, layer, "");
        }
        require(!input.isEmpty(), name, layer, "before a layer that tells the size of the input");
    }

    /** Its slopes lie as DL4J's own array does. */
    private void parametricRelu(String name, PReLULayer layer) {
        long[] shape = layer.getInputShape();
        if (input.isEmpty() && shape != null && shape.length == 1) {
            beginFeatures(shape[0]);
        }
        require(form != Form.SEQUENCE, name, layer, "on sequences");
        boolean last = form == Form.IMAGE && channelsLast;
        if (last) {
            layers.add(new PortableLayer.Permute(1, 2, 0));
        }
        layers.add(new PortableLayer.ParametricRelu(parameter(name, "W")));
        if (last) {
            layers.add(new PortableLayer.Permute(2, 0, 1));
        }
    }

    private void dense(String name, FeedForwardLayer layer, boolean hasBias, boolean norm) {
        beginFeatures(layer.getNIn());
        if (form == Form.ROWS) {
            kernels.dense(name, layer, hasBias && !norm);
        } else {
            require(form == Form.FEATURES, name, layer, "on images or sequences");
            layers.add(new PortableLayer.Dense(
                    size(name, layer.getNIn()),
                    size(name, layer.getNOut()),
                    parameter(name, "W"),
                    hasBias && !norm ? parameter(name, "b") : PortableLayer.NONE));
        }
        if (norm) {
            layers.add(new PortableLayer.LayerNorm(
                    size(name, layer.getNOut()),
                    parameter(name, "g"),
                    hasBias ? parameter(name, "b") : PortableLayer.NONE));
        }
        activation(name, layer, layer.getActivationFn());
    }

    private void pooling(String name, SubsamplingLayer layer) {
        alignImage(name, layer, layer.getCnn2dDataFormat());
        pooling(
                name,
                layer,
                window(
                        name,
                        layer,
                        layer.getConvolutionMode(),
                        layer.getKernelSize(),
                        layer.getStride(),
                        layer.getPadding(),
                        layer.getDilation()));
    }

    void pooling(String name, SubsamplingLayer layer, Window window) {
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
        require(form == Form.IMAGE || form == Form.SEQUENCE, name, layer, "on features");
        int[] pixels = IntStream.range(channelsLast ? 1 : 2, (form == Form.IMAGE ? 2 : 1) + (channelsLast ? 1 : 2))
                .toArray();
        // DL4J's own choice of axes is that of channels first, whatever the layout is.
        boolean overPixels = axes == null ? !channelsLast : Arrays.equals(axes, pixels);
        require(overPixels, name, layer, "along other axes than height and width, or time");
        require(layer.isCollapseDimensions(), name, layer, "that keeps dimensions");
        PoolingType type = layer.getPoolingType();
        PoolingKind kind = switch (type) {
            case MAX -> PoolingKind.MAX;
            case AVG -> PoolingKind.MEAN;
            case SUM -> PoolingKind.SUM;
            case PNORM -> PoolingKind.NORM;
        };
        layers.add(new PortableLayer.GlobalPooling(kind, kind == PoolingKind.NORM ? layer.getPnorm() : 1));
        form = Form.FEATURES;
    }

    private void batchNorm(String name, BatchNormalization layer) {
        require(!input.isEmpty(), name, layer, "before a layer that tells whether it works on images");
        if (form == Form.IMAGE || form == Form.SEQUENCE) {
            align(layer.getCnn2DFormat() == CNN2DFormat.NHWC);
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

    void activation(String name, Layer layer, IActivation function) {
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
        // DL4J's softmax is along the last axis of its own layout, but for the output layers of sequences.
        boolean overChannels =
                (form == Form.FEATURES && !input.isEmpty()) || channelsLast || PortableSequences.isOutput(layer);
        require(
                activation.kind() != ActivationKind.SOFTMAX || overChannels,
                name,
                layer,
                "with softmax along columns or time");
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

    static Window window(
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

    int parameter(String layer, String key) {
        ParameterId id = new ParameterId(layer, prefix + key);
        for (int i = 0; i < table.size(); i++) {
            if (table.get(i).id().equals(id)) {
                return i;
            }
        }
        throw new NotPortableException("layer '" + layer + "' has no parameter '" + prefix + key + "'");
    }

    ParameterInfo info(int parameter) {
        return table.get(parameter);
    }

    static int size(String name, long value) {
        if (value < 1 || value > PortableLayer.MAXIMUM_SIZE) {
            throw new NotPortableException("layer '" + name + "' has size " + value);
        }
        return (int) value;
    }

    /** DL4J's layers read the axes of an array as their own layout has them, whatever the layers before had. */
    void align(boolean last) {
        if (form == Form.SEQUENCE && channelsLast != last) {
            layers.add(new PortableLayer.Permute(2, 1, 0));
        } else if (form == Form.IMAGE && channelsLast != last) {
            layers.add(last ? new PortableLayer.Permute(2, 0, 1) : new PortableLayer.Permute(1, 2, 0));
        }
        channelsLast = last;
    }

    void alignImage(String name, Object layer, CNN2DFormat format) {
        require(form == Form.IMAGE, name, layer, "behind layers for other than images");
        align(format == CNN2DFormat.NHWC);
    }

    static void require(boolean condition, String name, Object layer, String which) {
        if (!condition) {
            throw refusal(name, layer, which);
        }
    }

    static NotPortableException refusal(String name, Object layer, String which) {
        String text = "layer '" + name + "' is a " + layer.getClass().getSimpleName();
        return new NotPortableException(which.isEmpty() ? text : text + " " + which);
    }
}
