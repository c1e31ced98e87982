package io.github.dl4jaskew.packed;

import io.github.dl4jaskew.packed.PortableLayer.Activation;
import io.github.dl4jaskew.packed.PortableLayer.BatchNorm;
import io.github.dl4jaskew.packed.PortableLayer.Convolution;
import io.github.dl4jaskew.packed.PortableLayer.Dense;
import io.github.dl4jaskew.packed.PortableLayer.GlobalPooling;
import io.github.dl4jaskew.packed.PortableLayer.Padding;
import io.github.dl4jaskew.packed.PortableLayer.ParametricRelu;
import io.github.dl4jaskew.packed.PortableLayer.Pooling;
import io.github.dl4jaskew.packed.PortableLayer.ToFeatures;
import io.github.dl4jaskew.packed.PortableLayer.ToImage;
import io.github.dl4jaskew.packed.PortableLayer.Upsampling;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The bytes of the section {@code layr}, as {@code FORMAT.md} lists them. */
final class PortableBytes {

    private static final int REFUSED = 0;
    private static final int LISTED = 1;
    private static final int MAXIMUM_REASON = 0xFFFF;

    private PortableBytes() {}

    static byte[] write(PortableNetwork network) {
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

    static PortableNetwork read(ByteBuffer in) throws PackedFormatException {
        in.order(ByteOrder.LITTLE_ENDIAN);
        try {
            PortableNetwork network = network(in);
            if (in.hasRemaining()) {
                throw new PackedFormatException("list of layers: " + in.remaining() + " bytes too many");
            }
            return network;
        } catch (BufferUnderflowException e) {
            throw new PackedFormatException("list of layers: ends too early", e);
        } catch (IllegalArgumentException e) {
            throw new PackedFormatException("list of layers: " + e.getMessage(), e);
        }
    }

    private static PortableNetwork network(ByteBuffer in) {
        int status = u8(in);
        if (status == REFUSED) {
            return PortableNetwork.refused(text(in));
        }
        check("status", status, LISTED);
        int rank = u8(in);
        check("rank of the input", rank, 3);
        List<Integer> shape = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            shape.add(in.getInt());
        }
        int count = in.getInt();
        Ranges.check("number of layers", count, 1, PortableNetwork.MAXIMUM_LAYERS);
        List<PortableLayer> layers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            layers.add(layer(in, i));
        }
        return PortableNetwork.of(shape, layers);
    }

    private static PortableLayer layer(ByteBuffer in, int index) {
        try {
            return typed(in, u8(in));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("layer " + index + ": " + e.getMessage(), e);
        }
    }

    private static PortableLayer typed(ByteBuffer in, int type) {
        return switch (type) {
            case 1 -> new Dense(in.getInt(), in.getInt(), in.getInt(), in.getInt());
            case 2 -> convolution(in);
            case 3 -> new Pooling(element(in, PoolingKind.values()), in.getInt(), window(in));
            case 4 -> new GlobalPooling(element(in, PoolingKind.values()), in.getInt());
            case 5 ->
                new BatchNorm(
                        in.getInt(), in.getInt(), in.getInt(), flag(in), in.getInt(), in.getInt(), in.getDouble());
            case 6 -> activation(in);
            case 7 -> new ParametricRelu(in.getInt());
            case 8 -> new Padding(in.getInt(), in.getInt(), in.getInt(), in.getInt());
            case 9 -> new Upsampling(in.getInt(), in.getInt());
            case 10 -> new ToImage(in.getInt(), in.getInt(), in.getInt());
            case 11 -> new ToFeatures();
            default -> throw new IllegalArgumentException("type is " + type + "; allowed are 1 to 11");
        };
    }

    private static Convolution convolution(ByteBuffer in) {
        int inputs = in.getInt();
        int outputs = in.getInt();
        int weights = in.getInt();
        int bias = in.getInt();
        return new Convolution(inputs, outputs, window(in), weights, bias);
    }

    private static Activation activation(ByteBuffer in) {
        ActivationKind kind = element(in, ActivationKind.values());
        Double[] arguments = new Double[kind.arguments()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = in.getDouble();
        }
        return new Activation(kind, Arrays.asList(arguments));
    }

    private static Window window(ByteBuffer in) {
        return new Window(
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                flag(in));
    }

    private static <T> T element(ByteBuffer in, T[] values) {
        int index = u8(in);
        check("kind", index, values.length - 1);
        return values[index];
    }

    private static boolean flag(ByteBuffer in) {
        int value = u8(in);
        check("flag", value, 1);
        return value == 1;
    }

    private static void check(String name, int value, int to) {
        Ranges.check(name, value, 0, to);
    }

    private static int u8(ByteBuffer in) {
        return in.get() & 0xFF;
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort() & 0xFFFF];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
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
