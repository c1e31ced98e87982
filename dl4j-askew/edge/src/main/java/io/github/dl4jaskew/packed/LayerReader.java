package io.github.dl4jaskew.packed;

import io.github.dl4jaskew.packed.PortableLayer.Activation;
import io.github.dl4jaskew.packed.PortableLayer.BatchNorm;
import io.github.dl4jaskew.packed.PortableLayer.ChannelsFirst;
import io.github.dl4jaskew.packed.PortableLayer.ChannelsLast;
import io.github.dl4jaskew.packed.PortableLayer.Combine;
import io.github.dl4jaskew.packed.PortableLayer.Convolution;
import io.github.dl4jaskew.packed.PortableLayer.Dense;
import io.github.dl4jaskew.packed.PortableLayer.Embedding;
import io.github.dl4jaskew.packed.PortableLayer.GlobalPooling;
import io.github.dl4jaskew.packed.PortableLayer.GroupedConvolution;
import io.github.dl4jaskew.packed.PortableLayer.Keep;
import io.github.dl4jaskew.packed.PortableLayer.LastStep;
import io.github.dl4jaskew.packed.PortableLayer.LayerNorm;
import io.github.dl4jaskew.packed.PortableLayer.Padding;
import io.github.dl4jaskew.packed.PortableLayer.ParametricRelu;
import io.github.dl4jaskew.packed.PortableLayer.Permute;
import io.github.dl4jaskew.packed.PortableLayer.Pooling;
import io.github.dl4jaskew.packed.PortableLayer.Recurrent;
import io.github.dl4jaskew.packed.PortableLayer.Reverse;
import io.github.dl4jaskew.packed.PortableLayer.Spread;
import io.github.dl4jaskew.packed.PortableLayer.Subset;
import io.github.dl4jaskew.packed.PortableLayer.ToFeatures;
import io.github.dl4jaskew.packed.PortableLayer.ToImage;
import io.github.dl4jaskew.packed.PortableLayer.Upsampling;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a layer of the section {@code layr}: its tag, a byte that never changes its meaning, and its fields in the order in
 * which {@link LayerWriter} writes them. In one class instead of one for each layer, which makes the jar smaller.
 */
final class LayerReader {

    private final ByteReader in;

    LayerReader(ByteReader in) {
        this.in = in;
    }

    /** Throws an {@link IllegalArgumentException} if a number is out of range. */
    PortableLayer read() throws PackedFormatException {
        int tag = in.u8("type of a layer");
        return switch (tag) {
            case 1 -> new Dense(in.i32("inputs"), in.i32("outputs"), weights(), bias());
            case 2 -> convolution();
            case 3 -> new Pooling(pooling(), in.i32("power"), Window.read(in));
            case 4 -> new GlobalPooling(pooling(), in.i32("power"));
            case 5 ->
                new BatchNorm(
                        in.i32("channels"),
                        in.i32("mean"),
                        in.i32("variance"),
                        in.flag("logarithm"),
                        in.i32("gamma"),
                        in.i32("beta"),
                        in.f64("eps"));
            case 6 -> activation();
            case 7 -> new ParametricRelu(in.i32("alpha"));
            case 8 -> new Padding(in.i32("top"), in.i32("bottom"), in.i32("left"), in.i32("right"));
            case 9 -> new Upsampling(height(), width());
            case 10 -> new ToImage(in.i32("channels"), height(), width());
            case 11 -> new ToFeatures();
            case 12 -> new ChannelsFirst();
            case 13 -> new ChannelsLast();
            case 14 -> groupedConvolution();
            case 15 -> new Spread(height(), width());
            case 16 ->
                new Recurrent(
                        in.flag("gates"),
                        in.i32("input channels"),
                        in.i32("units"),
                        weights(),
                        in.i32("recurrent weights"),
                        bias(),
                        activation(),
                        activation());
            case 17 -> new Embedding(in.i32("rows"), in.i32("columns"), weights(), bias());
            case 18 -> new LastStep();
            case 19 -> new Reverse();
            case 20 -> new Keep();
            case 21 -> combine();
            case 22 -> new Subset(in.i32("first"), in.i32("last"));
            case 23 -> new Permute(in.u8("axis"), in.u8("axis"), in.u8("axis"));
            case 24 -> new LayerNorm(in.i32("channels"), in.i32("gain"), bias());
            default -> throw new IllegalArgumentException("type is " + tag + "; allowed are 1 to 24");
        };
    }

    private Convolution convolution() throws PackedFormatException {
        int inputs = in.i32("input channels");
        int outputs = in.i32("output channels");
        int weights = weights();
        int bias = bias();
        return new Convolution(inputs, outputs, Window.read(in), weights, bias);
    }

    private GroupedConvolution groupedConvolution() throws PackedFormatException {
        int inputs = in.i32("input channels");
        int outputs = in.i32("output channels");
        int groups = in.i32("groups");
        int weights = weights();
        int bias = bias();
        return new GroupedConvolution(inputs, outputs, groups, Window.read(in), weights, KernelLayout.read(in), bias);
    }

    private Activation activation() throws PackedFormatException {
        ActivationKind kind = in.choice("activation function", ActivationKind.values(), 0);
        return new Activation(kind, in.f64s(kind.arguments(), "arguments of " + kind));
    }

    private Combine combine() throws PackedFormatException {
        CombinationKind kind = in.choice("combination", CombinationKind.values(), 0);
        int count = in.i32("number of parts");
        Ranges.check("number of parts", count, 1, Combine.MAXIMUM_PARTS);
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            kept.add(in.i32("part"));
        }
        return new Combine(kind, kept);
    }

    private PoolingKind pooling() throws PackedFormatException {
        return in.choice("kind of pooling", PoolingKind.values(), 0);
    }

    private int weights() throws PackedFormatException {
        return in.i32("weights");
    }

    private int bias() throws PackedFormatException {
        return in.i32("bias");
    }

    private int height() throws PackedFormatException {
        return in.i32("height");
    }

    private int width() throws PackedFormatException {
        return in.i32("width");
    }
}
