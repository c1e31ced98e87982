package io.github.dl4jaskew.packed;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Collects the fields of a small section. */
final class FieldWriter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    FieldWriter u8(int value) {
        return number(value, 1);
    }

    FieldWriter u16(int value) {
        return number(value, Short.BYTES);
    }

    FieldWriter u32(int value) {
        return number(value, Integer.BYTES);
    }

    FieldWriter u64(long value) {
        return number(value, Long.BYTES);
    }

    FieldWriter f64(double value) {
        return u64(Double.doubleToRawLongBits(value));
    }

    FieldWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** An element, whose type's first one has the number {@code first}. */
    <E extends Enum<E>> FieldWriter choice(E value, int first) {
        return u8(first
                + Arrays.asList(value.getDeclaringClass().getEnumConstants()).indexOf(value));
    }

    private FieldWriter number(long value, int count) {
        for (int i = 0; i < count; i++) {
            bytes.write((int) (value >>> (8 * i)));
        }
        return this;
    }

    FieldWriter f64s(List<Double> values) {
        values.forEach(this::f64);
        return this;
    }

    FieldWriter shape(List<Long> shape) {
        u8(shape.size());
        shape.forEach(this::u64);
        return this;
    }

    FieldWriter string(String text) {
        byte[] utf8 = utf8(text);
        if (utf8.length > 0xFFFF) {
            throw new IllegalArgumentException("a name has " + utf8.length + " bytes in UTF-8; allowed are 65535: "
                    + text.substring(0, 40) + "...");
        }
        return u16(utf8.length).bytes(utf8);
    }

    FieldWriter text(String text) {
        return bytes(utf8(text));
    }

    /** Half a surrogate pair would be read as a question mark. */
    private static byte[] utf8(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] utf8 = new byte[encoded.remaining()];
            encoded.get(utf8);
            return utf8;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text is no valid Unicode: " + text, e);
        }
    }

    FieldWriter bytes(byte[] more) {
        bytes.write(more, 0, more.length);
        return this;
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }
}
