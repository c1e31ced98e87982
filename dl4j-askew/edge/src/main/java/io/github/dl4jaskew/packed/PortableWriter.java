package io.github.dl4jaskew.packed;

import io.github.dl4jaskew.packed.PortableLayer.Activation;
import io.github.dl4jaskew.packed.PortableLayer.BatchNorm;
import io.github.dl4jaskew.packed.PortableLayer.Convolution;
import io.github.dl4jaskew.packed.PortableLayer.Dense;
import io.github.dl4jaskew.packed.PortableLayer.GlobalPooling;
import io.github.dl4jaskew.packed.PortableLayer.Padding;
import io.github.dl4jaskew.packed.PortableLayer.ParametricRelu;
import io.github.dl4jaskew.packed.PortableLayer.Pooling;
import io.github.dl4jaskew.packed.PortableLayer.ToImage;
import io.github.dl4jaskew.packed.PortableLayer.Upsampling;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the bytes of the section {@code layr}, as {@code FORMAT.md} lists them. Not part of the edge artifact, which only reads. */
public final class PortableWriter {

    private static final int REFUSED = 0;
    private static final int LISTED = 1;
    private static final int MAXIMUM_REASON = 0xFFFF;

    private PortableWriter() {}

    /**
     * The payload of the file's section.
     *
     * @param network layers, or the reason why there are none
     * @return a new array
     */
    public static byte[] write(PortableNetwork network) {
        Output out = new Output();
        if (network.reason() != null) {
            out.u8(REFUSED).text(network.reason());
            return out.toByteArray();
        }
        out.u8(LISTED).u8(network.inputShape().size());
        network.inputShape().forEach(out::i32);
        out.i32(network.layers().size());
        network.layers().forEach(layer -> write(layer, out));
        return out.toByteArray();
    }

    private static void write(PortableLayer layer, Output out) {
        if (layer instanceof Dense d) {
            out.u8(1).i32(d.inputs()).i32(d.outputs()).i32(d.weights()).i32(d.bias());
        } else if (layer instanceof Convolution c) {
            out.u8(2).i32(c.inputs()).i32(c.outputs()).i32(c.weights()).i32(c.bias());
            write(c.window(), out);
        } else if (layer instanceof Pooling p) {
            out.u8(3).element(p.kind(), PoolingKind.values()).i32(p.power());
            write(p.window(), out);
        } else if (layer instanceof GlobalPooling p) {
            out.u8(4).element(p.kind(), PoolingKind.values()).i32(p.power());
        } else if (layer instanceof BatchNorm b) {
            out.u8(5).i32(b.channels()).i32(b.mean()).i32(b.variance()).u8(b.logarithm() ? 1 : 0);
            out.i32(b.gamma()).i32(b.beta()).f64(b.eps());
        } else if (layer instanceof Activation a) {
            out.u8(6).element(a.kind(), ActivationKind.values());
            a.arguments().forEach(out::f64);
        } else if (layer instanceof ParametricRelu p) {
            out.u8(7).i32(p.alpha());
        } else if (layer instanceof Padding p) {
            out.u8(8).i32(p.top()).i32(p.bottom()).i32(p.left()).i32(p.right());
        } else if (layer instanceof Upsampling u) {
            out.u8(9).i32(u.height()).i32(u.width());
        } else if (layer instanceof ToImage i) {
            out.u8(10).i32(i.channels()).i32(i.height()).i32(i.width());
        } else {
            out.u8(11);
        }
    }

    private static void write(Window w, Output out) {
        out.i32(w.kernelHeight()).i32(w.kernelWidth()).i32(w.strideHeight()).i32(w.strideWidth());
        out.i32(w.paddingHeight()).i32(w.paddingWidth()).i32(w.dilationHeight()).i32(w.dilationWidth());
        out.u8(w.same() ? 1 : 0);
    }

    /** Little-endian numbers. */
    private static final class Output {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Output u8(int value) {
            bytes.write(value);
            return this;
        }

        <T> Output element(T value, T[] values) {
            return u8(Arrays.asList(values).indexOf(value));
        }

        Output i32(int value) {
            return number(value, Integer.BYTES);
        }

        Output f64(double value) {
            return number(Double.doubleToLongBits(value), Double.BYTES);
        }

        Output text(String value) {
            byte[] utf = value.getBytes(StandardCharsets.UTF_8);
            int length = Math.min(utf.length, MAXIMUM_REASON);
            number(length, Short.BYTES);
            bytes.write(utf, 0, length);
            return this;
        }

        private Output number(long value, int size) {
            for (int i = 0; i < size; i++) {
                bytes.write((int) (value >>> (8 * i)));
            }
            return this;
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }
}
