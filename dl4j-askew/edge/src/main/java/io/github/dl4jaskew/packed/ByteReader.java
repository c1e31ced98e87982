package io.github.dl4jaskew.packed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the fields of a section that has arrived in full; nothing is allocated before its bytes are seen to be there. */
final class ByteReader {

    private final String section;
    private final ByteBuffer bytes;

    ByteReader(String section, byte[] payload) {
        this.section = section;
        this.bytes = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void require(long count, String what) throws PackedFormatException {
        if (count > bytes.remaining()) {
            throw bad(what + " needs " + count + " bytes, but the section has only " + bytes.remaining() + " left");
        }
    }

    PackedFormatException bad(String message) {
        return new PackedFormatException(where() + message);
    }

    PackedFormatException bad(Exception cause) {
        return new PackedFormatException(where() + cause.getMessage(), cause);
    }

    private String where() {
        return "section " + section + ", byte " + bytes.position() + ": ";
    }

    int u8(String what) throws PackedFormatException {
        require(1, what);
        return bytes.get() & 0xFF;
    }

    int u16(String what) throws PackedFormatException {
        require(Short.BYTES, what);
        return bytes.getShort() & 0xFFFF;
    }

    long u32(String what) throws PackedFormatException {
        require(Integer.BYTES, what);
        return bytes.getInt() & 0xFFFFFFFFL;
    }

    /** A number of 64 bits, which is refused at 2^63 and above. */
    long u64(String what) throws PackedFormatException {
        require(Long.BYTES, what);
        long value = bytes.getLong();
        if (value < 0) {
            throw bad(what + " is " + Long.toUnsignedString(value));
        }
        return value;
    }

    int i32(String what) throws PackedFormatException {
        require(Integer.BYTES, what);
        return bytes.getInt();
    }

    double f64(String what) throws PackedFormatException {
        require(Double.BYTES, what);
        return bytes.getDouble();
    }

    boolean flag(String what) throws PackedFormatException {
        int value = u8(what);
        if (value > 1) {
            throw bad(what + " is " + value + "; allowed are 0 and 1");
        }
        return value == 1;
    }

    /** One of some values, of which the first has the number {@code first}. */
    <E> E choice(String what, E[] values, int first) throws PackedFormatException {
        return choice(what, u8(what), values, first);
    }

    <E> E choice(String what, int number, E[] values, int first) throws PackedFormatException {
        if (number < first || number - first >= values.length) {
            throw bad(what + " is " + number + ", which is unknown");
        }
        return values[number - first];
    }

    List<Double> f64s(long count, String what) throws PackedFormatException {
        require(Math.multiplyExact(count, (long) Double.BYTES), what);
        List<Double> values = new ArrayList<>((int) count);
        for (int i = 0; i < count; i++) {
            values.add(bytes.getDouble());
        }
        return values;
    }

    List<Long> shape(String what) throws PackedFormatException {
        int rank = u8("rank");
        List<Long> shape = new ArrayList<>(rank);
        for (int i = 0; i < rank; i++) {
            shape.add(u64(what));
        }
        return shape;
    }

    String string(String what) throws PackedFormatException {
        return text(u16(what), what);
    }

    /** The rest of the section as text. */
    String rest(String what) throws PackedFormatException {
        return text(bytes.remaining(), what);
    }

    private String text(int count, String what) throws PackedFormatException {
        require(count, what);
        byte[] utf8 = new byte[count];
        bytes.get(utf8);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PackedFormatException(where() + what + " is not UTF-8", e);
        }
    }

    void end() throws PackedFormatException {
        if (bytes.hasRemaining()) {
            throw bad(bytes.remaining() + " bytes too many");
        }
    }
}
