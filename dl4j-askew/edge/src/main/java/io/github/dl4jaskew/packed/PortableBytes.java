package io.github.dl4jaskew.packed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The bytes of the section {@code layr}, as {@code FORMAT.md} lists them. */
final class PortableBytes {

    private static final int REFUSED = 0;
    private static final int LISTED = 1;
    private static final int MAXIMUM_RANK = 3;

    /** As many characters of a reason always fit: each has at most three bytes in UTF-8. */
    private static final int MAXIMUM_REASON = 0xFFFF / 3;

    private PortableBytes() {}

    static PortableNetwork read(byte[] payload) throws PackedFormatException {
        ByteReader in = new ByteReader(HeaderFormat.LAYR, payload);
        try {
            PortableNetwork network = network(in);
            in.end();
            return network;
        } catch (IllegalArgumentException e) {
            throw in.bad(e);
        }
    }

    private static PortableNetwork network(ByteReader in) throws PackedFormatException {
        int status = in.u8("status");
        if (status == REFUSED) {
            return PortableNetwork.refused(in.string("the reason"));
        }
        Ranges.check("status", status, REFUSED, LISTED);
        int rank = in.u8("rank of the input");
        Ranges.check("rank of the input", rank, 0, MAXIMUM_RANK);
        List<Integer> shape = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            shape.add(in.i32("shape of the input"));
        }
        int count = in.i32("number of layers");
        Ranges.check("number of layers", count, 1, PortableNetwork.MAXIMUM_LAYERS);
        List<PortableLayer> layers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            layers.add(layer(in, i));
        }
        return PortableNetwork.of(shape, layers);
    }

    private static PortableLayer layer(ByteReader in, int index) throws PackedFormatException {
        try {
            return new LayerReader(in).read();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("layer " + index + ": " + e.getMessage(), e);
        }
    }

    static byte[] write(PortableNetwork network) {
        FieldWriter out = new FieldWriter();
        String reason = network.reason();
        if (reason != null) {
            byte[] start = reason.substring(0, Math.min(reason.length(), MAXIMUM_REASON))
                    .getBytes(StandardCharsets.UTF_8);
            return out.u8(REFUSED).u16(start.length).bytes(start).toByteArray();
        }
        out.u8(LISTED).u8(network.inputShape().size());
        network.inputShape().forEach(out::u32);
        out.u32(network.layers().size());
        network.layers().forEach(new LayerWriter(out)::write);
        return out.toByteArray();
    }
}
