package io.github.dl4jaskew.packed;

import java.util.function.BiConsumer;

/**
 * How a record of {@link PortableLayer} stands in a file: a tag of one byte, then its fields.
 *
 * @param tag the number of the type, which never changes
 * @param type the record
 * @param reader reads the fields
 * @param writer writes the same fields in the same order
 */
record LayerCodec<T extends PortableLayer>(
        int tag, Class<T> type, Reader<T> reader, BiConsumer<T, FieldWriter> writer) {

    /** Reads the fields behind the tag. */
    @FunctionalInterface
    interface Reader<T> {
        /** Throws an {@link IllegalArgumentException} if a number is out of range. */
        T read(ByteReader in) throws PackedFormatException;
    }

    /** Writes tag and fields of a layer of this type. */
    void write(PortableLayer layer, FieldWriter out) {
        writer.accept(type.cast(layer), out.u8(tag));
    }
}
