package io.github.dl4jaskew.packed;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network as a list of {@linkplain PortableLayer simple layers}: the content of the file's section {@code layr}. A
 * network with other layers has a reason instead. Immutable, thread safe.
 *
 * @param reason why there is no list of layers; null if there is one
 * @param inputShape {@code [features]}, {@code [channels, height, width]} or {@code [channels, length]}; height and width, or the length, are
 *     0 if any will do
 * @param layers in the order of computation; none if there is a reason
 */
public record PortableNetwork(@Nullable String reason, List<Integer> inputShape, List<PortableLayer> layers) {

    /** The largest number of layers. */
    public static final int MAXIMUM_LAYERS = 4096;

    /**
     * Checks and copies the lists.
     *
     * @throws IllegalArgumentException if a number is out of range, or a parameter belongs to two layers
     */
    public PortableNetwork {
        inputShape = List.copyOf(inputShape);
        layers = List.copyOf(layers);
        if (reason == null) {
            checkShape(inputShape);
            Ranges.check("number of layers", layers.size(), 1, MAXIMUM_LAYERS);
            requireOwnParameters(layers);
        } else if (!inputShape.isEmpty() || !layers.isEmpty()) {
            throw new IllegalArgumentException("layers were given, and also a reason why there are none: " + reason);
        }
    }

    /** A short file could otherwise make a reader unpack one parameter thousands of times. */
    private static void requireOwnParameters(List<PortableLayer> layers) {
        Set<Integer> seen = new HashSet<>();
        for (PortableLayer layer : layers) {
            for (int parameter : layer.parameters()) {
                if (!seen.add(parameter)) {
                    throw new IllegalArgumentException("parameter " + parameter + " is named twice");
                }
            }
        }
    }

    private static void checkShape(List<Integer> shape) {
        Ranges.check("rank of the input", shape.size(), 1, 3);
        Ranges.size("input size", shape.get(0));
        boolean open = shape.stream().skip(1).allMatch(n -> n == 0);
        for (int i = 1; i < shape.size() && !open; i++) {
            Ranges.size("input size", shape.get(i));
        }
    }

    /**
     * A network with other layers.
     *
     * @param reason which layer prevents it, and why
     * @return a network without layers
     */
    public static PortableNetwork refused(String reason) {
        return new PortableNetwork(reason, List.of(), List.of());
    }

    /**
     * A network of simple layers.
     *
     * @param inputShape {@code [features]}, {@code [channels, height, width]} or {@code [channels, length]}; height and width,
     *     or the length, are 0 if any will do
     * @param layers in the order of computation
     * @return the network
     * @throws IllegalArgumentException if a number is out of range
     */
    public static PortableNetwork of(List<Integer> inputShape, List<PortableLayer> layers) {
        return new PortableNetwork(null, inputShape, layers);
    }

    /**
     * Reads the payload of the file's section.
     *
     * @param payload all of it, and nothing else; its position stays
     * @return the network
     * @throws PackedFormatException if the payload is not what {@link #write} makes
     */
    public static PortableNetwork read(ByteBuffer payload) throws PackedFormatException {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return PortableBytes.read(bytes);
    }

    /** {@return the payload of the file's section, which {@link #read} reads; a reason is cut to 21,845 characters} */
    public byte[] write() {
        return PortableBytes.write(this);
    }
}
