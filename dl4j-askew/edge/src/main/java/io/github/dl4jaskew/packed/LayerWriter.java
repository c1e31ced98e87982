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

/** Writes a layer of the section {@code layr} as {@link LayerReader} reads it. */
final class LayerWriter {

    private final FieldWriter out;

    LayerWriter(FieldWriter out) {
        this.out = out;
    }

    void write(PortableLayer layer) {
        if (layer instanceof Dense d) {
            numbers(1, d.inputs(), d.outputs(), d.weights(), d.bias());
        } else if (layer instanceof Convolution c) {
            numbers(2, c.inputs(), c.outputs(), c.weights(), c.bias());
            c.window().write(out);
        } else if (layer instanceof Pooling p) {
            out.u8(3).choice(p.kind(), 0).u32(p.power());
            p.window().write(out);
        } else if (layer instanceof GlobalPooling p) {
            out.u8(4).choice(p.kind(), 0).u32(p.power());
        } else if (layer instanceof BatchNorm b) {
            numbers(5, b.channels(), b.mean(), b.variance());
            out.flag(b.logarithm()).u32(b.gamma()).u32(b.beta()).f64(b.eps());
        } else if (layer instanceof Activation a) {
            out.u8(6);
            activation(a);
        } else if (layer instanceof ParametricRelu p) {
            numbers(7, p.alpha());
        } else if (layer instanceof GroupedConvolution c) {
            numbers(14, c.inputs(), c.outputs(), c.groups(), c.weights(), c.bias());
            c.window().write(out);
            c.layout().write(out);
        } else if (layer instanceof Recurrent r) {
            out.u8(16).flag(r.gated());
            out.u32(r.inputs())
                    .u32(r.outputs())
                    .u32(r.weights())
                    .u32(r.recurrent())
                    .u32(r.bias());
            activation(r.cell());
            activation(r.gate());
        } else if (layer instanceof Embedding e) {
            numbers(17, e.inputs(), e.outputs(), e.weights(), e.bias());
        } else if (layer instanceof LayerNorm n) {
            numbers(24, n.channels(), n.gain(), n.bias());
        } else {
            writeShape(layer);
        }
    }

    private void writeShape(PortableLayer layer) {
        if (layer instanceof Padding p) {
            numbers(8, p.top(), p.bottom(), p.left(), p.right());
        } else if (layer instanceof Upsampling u) {
            numbers(9, u.height(), u.width());
        } else if (layer instanceof ToImage i) {
            numbers(10, i.channels(), i.height(), i.width());
        } else if (layer instanceof ToFeatures) {
            numbers(11);
        } else if (layer instanceof ChannelsFirst) {
            numbers(12);
        } else if (layer instanceof ChannelsLast) {
            numbers(13);
        } else if (layer instanceof Spread s) {
            numbers(15, s.height(), s.width());
        } else if (layer instanceof LastStep) {
            numbers(18);
        } else if (layer instanceof Reverse) {
            numbers(19);
        } else if (layer instanceof Keep) {
            numbers(20);
        } else if (layer instanceof Combine c) {
            out.u8(21).choice(c.kind(), 0).u32(c.kept().size());
            c.kept().forEach(out::u32);
        } else if (layer instanceof Subset s) {
            numbers(22, s.from(), s.to());
        } else if (layer instanceof Permute p) {
            out.u8(23).u8(p.first()).u8(p.second()).u8(p.third());
        } else {
            throw new IllegalStateException("no bytes for " + layer);
        }
    }

    private void numbers(int tag, int... numbers) {
        out.u8(tag);
        for (int number : numbers) {
            out.u32(number);
        }
    }

    private void activation(Activation a) {
        out.choice(a.kind(), 0).f64s(a.arguments());
    }
}
