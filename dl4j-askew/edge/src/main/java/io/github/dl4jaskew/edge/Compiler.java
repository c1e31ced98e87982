package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.ActivationKind;
import io.github.dl4jaskew.packed.CombinationKind;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.packed.PortableLayer;
import io.github.dl4jaskew.packed.PortableNetwork;
import io.github.dl4jaskew.packed.Window;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes steps of layers: follows the shape from layer to layer, checks everything, and folds batch norm. */
final class Compiler {

    private static final Window ONE_STEP = new Window(1, 1, 1, 1, 0, 0, 1, 1, false);

    private final Parameters parameters;
    private final List<PortableLayer> layers;
    private final List<Step> steps = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();
    private Extent extent;
    private int largest;
    private long keptNumbers;
    private long cost;
    private int next;
    /** Why sequences may not be shorter, or empty. */
    private String whole = "";
    /** Whether all numbers between the steps so far and the next one are -1 or 1. */
    private boolean signs;

    private Compiler(Parameters parameters, List<PortableLayer> layers, Extent input) {
        this.parameters = parameters;
        this.layers = layers;
        this.extent = input;
        this.largest = input.size();
    }

    static Program compile(PortableNetwork network, List<Integer> shape, Parameters parameters)
            throws PackedFormatException {
        Extent input = switch (shape.size()) {
            case 1 -> Extent.features(shape.get(0));
            case 2 -> Extent.image(shape.get(0), 1, shape.get(1));
            default -> Extent.image(shape.get(0), shape.get(1), shape.get(2));
        };
        Compiler compiler = new Compiler(parameters, network.layers(), input);
        while (compiler.next < network.layers().size()) {
            compiler.addNext();
        }
        boolean channelsLast = network.layers().get(0) instanceof PortableLayer.ChannelsFirst;
        List<Integer> given = new ArrayList<>(shape);
        if (channelsLast) {
            Collections.rotate(given, -1);
        }
        String whole = shape.size() == 2 ? compiler.whole : "the model takes no sequences";
        return new Program(
                given,
                input.size(),
                compiler.extent.size(),
                compiler.largest,
                compiler.cost,
                compiler.steps,
                whole.isEmpty() ? input.width() : 0,
                whole);
    }

    private void addNext() throws PackedFormatException {
        int index = next++;
        PortableLayer layer = layers.get(index);
        if (whole.isEmpty() && !keepsTime(layer)) {
            whole = "the model takes sequences of one length only, because of layer " + index + ", "
                    + layer.getClass().getSimpleName() + "; load the file with another length";
        }
        try {
            add(layer);
        } catch (PackedFormatException e) {
            throw new PackedFormatException("layer " + index + ": " + e.getMessage(), e);
        }
    }

    /** Whether the time steps that are there do not see others, and stay where they are. */
    private boolean keepsTime(PortableLayer layer) {
        return layer instanceof PortableLayer.GroupedConvolution c
                ? c.window().equals(ONE_STEP)
                : !(layer instanceof PortableLayer.Convolution
                        || layer instanceof PortableLayer.Pooling
                        || layer instanceof PortableLayer.Padding
                        || layer instanceof PortableLayer.Upsampling
                        || layer instanceof PortableLayer.Spread
                        || layer instanceof PortableLayer.Permute
                        || layer instanceof PortableLayer.ToImage
                        || (layer instanceof PortableLayer.ToFeatures && extent.image()));
    }

    private void add(PortableLayer layer) throws PackedFormatException {
        if (layer instanceof PortableLayer.Dense d) {
            dense(d);
        } else if (layer instanceof PortableLayer.Convolution c) {
            Extent input = convolved(c.window(), c.inputs(), c.outputs(), 1);
            convolution(c, input);
        } else if (layer instanceof PortableLayer.GroupedConvolution c) {
            Extent input = convolved(c.window(), c.inputs(), c.outputs(), c.groups());
            Extent output = slide(c.window(), c.outputs());
            Affine affine = folded(c.bias(), output);
            Columns columns = new Columns(input, output, c.window());
            add(new Convolution(input, output, c.groups(), columns, parameters.kernels(c), affine), output);
        } else if (layer instanceof PortableLayer.Pooling p) {
            Extent input = extent.requireImage("pooling");
            Extent output = slide(p.window(), input.channels());
            add(new Pooling(input, output, p.window(), p.kind(), p.power()), output);
        } else if (layer instanceof PortableLayer.GlobalPooling p) {
            Extent input = extent.requireImage("global pooling");
            add(new GlobalPooling(input, p.kind(), p.power()), Extent.features(input.channels()));
        } else if (layer instanceof PortableLayer.BatchNorm b) {
            add(norm(b), extent);
        } else if (layer instanceof PortableLayer.LayerNorm n) {
            int channels = extent.requireChannels("layer norm", n.channels()).channels();
            float[] gain = parameters.floats(n.gain(), channels);
            float[] bias = Affine.bias(channels, parameters.optional(n.bias(), channels))
                    .shifts();
            add(new LayerNorm(extent.pixels(), gain, bias), extent);
        } else if (layer instanceof PortableLayer.Activation a) {
            activation(a);
        } else if (layer instanceof PortableLayer.ParametricRelu p) {
            add(parameters.slopes(p.alpha(), extent), extent);
        } else {
            addShape(layer);
        }
    }

    private void addShape(PortableLayer layer) throws PackedFormatException {
        if (layer instanceof PortableLayer.Padding p) {
            Extent input = extent.requireImage("padding");
            long height = (long) input.height() + p.top() + p.bottom();
            long width = (long) input.width() + p.left() + p.right();
            Extent output = Extent.image(input.channels(), height, width);
            add(new CodeLayout(input, output, p.top(), p.left()), output);
        } else if (layer instanceof PortableLayer.Upsampling u) {
            Extent input = extent.requireImage("upsampling");
            Extent output = Extent.image(
                    input.channels(), (long) input.height() * u.height(), (long) input.width() * u.width());
            add(new Upsampling(input, u.height(), u.width()), output);
        } else if (layer instanceof PortableLayer.ToImage i) {
            Extent image = Extent.image(i.channels(), i.height(), i.width());
            if (image.size() != extent.size() || (extent.image() && !image.equals(extent))) {
                throw new PackedFormatException("input of shape " + extent + " does not become an image " + image);
            }
            extent = image;
        } else if (layer instanceof PortableLayer.ChannelsFirst) {
            extent.requireImage("a change of the layout");
            add(new Transpose(extent.pixels(), extent.channels()), extent);
        } else if (layer instanceof PortableLayer.ChannelsLast) {
            extent.requireImage("a change of the layout");
            add(new Transpose(extent.channels(), extent.pixels()), extent);
        } else if (layer instanceof PortableLayer.ToFeatures) {
            extent = Extent.features(extent.size());
        } else {
            addSequence(layer);
        }
    }

    private void addSequence(PortableLayer layer) throws PackedFormatException {
        if (layer instanceof PortableLayer.Recurrent r) {
            recurrent(r);
        } else if (layer instanceof PortableLayer.Embedding e) {
            extent.requireChannels("embedding", 1);
            Extent output = extent.image()
                    ? Extent.image(e.outputs(), extent.height(), extent.width())
                    : Extent.features(e.outputs());
            float[] matrix = parameters.columns(e.weights(), e.inputs(), e.outputs());
            float[] bias = parameters.optional(e.bias(), e.outputs());
            add(new Embedding(e.inputs(), e.outputs(), extent.pixels(), matrix, bias), output);
        } else if (layer instanceof PortableLayer.LastStep) {
            Extent input = sequence();
            int time = input.width();
            add(new Selection(input.channels(), 1, time - 1, time, 0), Extent.features(input.channels()));
        } else if (layer instanceof PortableLayer.Reverse) {
            Extent input = extent.requireImage("reversal");
            int width = input.width();
            add(new Selection(input.channels() * input.height(), width, width - 1, width, -1), input);
        } else if (layer instanceof PortableLayer.Spread s) {
            Extent input = extent.requireImage("spreading");
            Extent output = Extent.image(
                    input.channels(), (input.height() - 1L) * s.height() + 1, (input.width() - 1L) * s.width() + 1);
            add(new Spread(input, output, s.height(), s.width()), output);
        } else {
            addBranch(layer);
        }
    }

    private void addBranch(PortableLayer layer) throws PackedFormatException {
        if (layer instanceof PortableLayer.Keep) {
            keptNumbers += extent.size();
            if (keptNumbers > PortableLayer.MAXIMUM_SIZE) {
                throw new PackedFormatException("arrays to be kept have " + keptNumbers + " numbers; allowed are "
                        + PortableLayer.MAXIMUM_SIZE);
            }
            Kept step = new Kept(extent);
            kept.add(step);
            add(step, extent);
        } else if (layer instanceof PortableLayer.Combine c) {
            combine(c);
        } else if (layer instanceof PortableLayer.Permute p) {
            Extent input = extent.requireImage("a change of the layout");
            int[] from = {input.channels(), input.height(), input.width()};
            Extent output = Extent.image(from[p.first()], from[p.second()], from[p.third()]);
            add(new Permutation(input, output, p.first(), p.second(), p.third()), output);
        } else if (layer instanceof PortableLayer.Subset s) {
            if (s.to() >= extent.channels()) {
                throw new PackedFormatException("features or channels " + s.from() + " to " + s.to() + " of " + extent);
            }
            int count = s.to() - s.from() + 1;
            Extent output = extent.withChannels(count);
            add(new Selection(1, output.size(), s.from() * extent.pixels(), 0, 1), output);
        } else {
            throw new IllegalStateException("no step for " + layer);
        }
    }

    private Extent sequence() throws PackedFormatException {
        extent.requireImage("a layer for sequences");
        if (extent.height() != 1) {
            throw new PackedFormatException(
                    "a layer for sequences needs an image of height 1, but its input is " + extent);
        }
        return extent;
    }

    private void recurrent(PortableLayer.Recurrent r) throws PackedFormatException {
        Extent input = sequence().requireChannels("recurrent layer", r.inputs());
        int rows = r.rows();
        int gates = rows - r.outputs();
        FloatDense ofInput = new FloatDense(
                r.inputs(),
                rows,
                parameters.columns(r.weights(), r.inputs(), rows),
                Affine.bias(rows, parameters.floats(r.bias(), rows)));
        FloatDense ofState = new FloatDense(
                r.outputs(),
                rows,
                parameters.columns(r.recurrent(), r.outputs(), rows),
                Affine.bias(rows, new float[0]));
        Elementwise cell = new Elementwise(r.cell().kind(), r.cell().arguments(), r.outputs());
        Elementwise gate = new Elementwise(r.gate().kind(), r.gate().arguments(), gates);
        add(new Recurrent(input, r.outputs(), ofInput, ofState, cell, gate), input.withChannels(r.outputs()));
    }

    private void combine(PortableLayer.Combine c) throws PackedFormatException {
        List<Kept> parts = new ArrayList<>();
        long channels = 0;
        for (int k : c.kept()) {
            if (k >= kept.size()) {
                throw new PackedFormatException("kept array " + k + " is named, but there are " + kept.size());
            }
            parts.add(kept.get(k));
            channels += kept.get(k).shape().channels();
        }
        Extent first = parts.get(0).shape();
        boolean concat = c.kind() == CombinationKind.CONCAT;
        for (Kept part : parts) {
            Extent shape = part.shape();
            if (!first.equals(concat ? shape.withChannels(first.channels()) : shape)) {
                throw new PackedFormatException(c.kind() + " of shapes " + first + " and " + shape);
            }
        }
        add(new Combination(c.kind(), parts), concat ? first.withChannels(channels) : first);
    }

    private void add(Step step, Extent output) {
        steps.add(step);
        signs = false;
        cost += step.cost() + extent.size() + output.size();
        if (cost < 0) {
            cost = Long.MAX_VALUE;
        }
        extent = output;
        largest = Math.max(largest, output.size());
    }

    private void dense(PortableLayer.Dense d) throws PackedFormatException {
        if (extent.image()) {
            throw new PackedFormatException("a dense layer needs features, but its input is an image " + extent);
        }
        extent.requireChannels("dense layer", d.inputs());
        Extent output = Extent.features(d.outputs());
        Codes codes = parameters.codes(d.weights(), d.inputs(), d.outputs());
        boolean xnor = codes != null && signs && XnorDense.covers(codes.levels(), d.inputs());
        boolean table = codes != null && (xnor || TableDense.pays(codes.levels().length, d.outputs()));
        float[] rows = table ? new float[0] : parameters.rows(d.weights(), d.inputs(), d.outputs());
        Affine affine = folded(d.bias(), output);
        Step step;
        if (codes == null || !table) {
            step = new FloatDense(d.inputs(), d.outputs(), rows, affine);
        } else {
            step = xnor
                    ? new XnorDense(d.inputs(), d.outputs(), codes, affine)
                    : new TableDense(d.inputs(), d.outputs(), codes, affine);
        }
        add(step, output);
    }

    /** Checks a convolution's window before its weights are read. */
    private Extent convolved(Window w, int channels, int outputs, int groups) throws PackedFormatException {
        Extent input = extent.requireImage("convolution").requireChannels("convolution", channels);
        if (w.top(input.height()) < 0 || w.left(input.width()) < 0) {
            throw new PackedFormatException(w + " in mode same leaves out the edge of an image " + input);
        }
        Extent output = slide(w, outputs);
        long patch = (long) w.kernelHeight() * w.kernelWidth() * (channels / groups);
        if (patch * output.width() > PortableLayer.MAXIMUM_SIZE || patch > PortableLayer.MAXIMUM_SIZE) {
            throw new PackedFormatException("a kernel of " + patch + " weights on images " + output.width()
                    + " wide; their product is at most " + PortableLayer.MAXIMUM_SIZE);
        }
        return input;
    }

    private void convolution(PortableLayer.Convolution c, Extent input) throws PackedFormatException {
        Extent output = slide(c.window(), c.outputs());
        int patch = c.window().kernelHeight() * c.window().kernelWidth() * c.inputs();
        Codes codes = parameters.kernelCodes(c.weights(), patch, c.outputs());
        boolean table = codes != null && TableConvolution.pays(codes.levels(), c.outputs());
        float[] kernels = table ? new float[0] : parameters.kernels(c.weights(), (long) patch * c.outputs());
        Affine affine = folded(c.bias(), output);
        Columns columns = new Columns(input, output, c.window());
        add(
                codes != null && table
                        ? new TableConvolution(input, output, columns, patch, codes, affine)
                        : new Convolution(input, output, 1, columns, kernels, affine),
                output);
    }

    private Affine folded(int bias, Extent output) throws PackedFormatException {
        return folded(Affine.bias(output.channels(), parameters.optional(bias, output.channels())), output);
    }

    private Extent slide(Window window, int channels) throws PackedFormatException {
        return Extent.image(channels, window.outputHeight(extent.height()), window.outputWidth(extent.width()));
    }

    /** A batch norm that follows becomes part of the layer, as far as that costs no accuracy. */
    private Affine folded(Affine affine, Extent output) throws PackedFormatException {
        if (next < layers.size() && layers.get(next) instanceof PortableLayer.BatchNorm b) {
            ChannelNorm norm = norm(b, output);
            if (norm.folds(affine)) {
                next++;
                return norm.fold(affine);
            }
        }
        return affine;
    }

    private ChannelNorm norm(PortableLayer.BatchNorm b) throws PackedFormatException {
        return norm(b, extent);
    }

    private ChannelNorm norm(PortableLayer.BatchNorm b, Extent input) throws PackedFormatException {
        int n = input.requireChannels("batch norm", b.channels()).channels();
        double[] deviation = parameters.doubles(b.variance(), n, 1);
        for (int c = 0; c < n; c++) {
            double variance = b.logarithm() ? Math.pow(10, 2 * deviation[c]) : deviation[c];
            deviation[c] = Math.sqrt(variance + b.eps());
        }
        return new ChannelNorm(
                parameters.doubles(b.mean(), n, 0),
                deviation,
                parameters.doubles(b.gamma(), n, 1),
                parameters.doubles(b.beta(), n, 0),
                input.pixels());
    }

    private void activation(PortableLayer.Activation a) throws PackedFormatException {
        Step step = step(a);
        if (step != null) {
            add(step, extent);
            signs = a.kind() == ActivationKind.SIGN;
        }
    }

    private @Nullable Step step(PortableLayer.Activation a) throws PackedFormatException {
        if (a.kind() == ActivationKind.IDENTITY) {
            return null;
        }
        if (a.kind() == ActivationKind.LEVELS) {
            return new LevelTable(a.arguments(), extent.size());
        }
        if (a.kind() != ActivationKind.SOFTMAX) {
            return new Elementwise(a.kind(), a.arguments(), extent.size());
        }
        return new Softmax(extent);
    }
}
