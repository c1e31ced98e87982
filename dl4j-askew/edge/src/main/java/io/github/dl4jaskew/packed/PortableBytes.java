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
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the bytes of the section {@code layr}, as {@code FORMAT.md} lists them. */
final class PortableBytes {

    private static final int REFUSED = 0;
    private static final int LISTED = 1;

    private PortableBytes() {}

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
}
