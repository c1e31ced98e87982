package io.github.dl4jaskew.storage;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the fields of a record without trust: nothing is allocated that the bytes at hand could not fill. */
final class RecordInput {

    private final ByteArrayInputStream bytes;
    private final DataInputStream data;

    RecordInput(ByteArrayInputStream bytes) {
        this.bytes = bytes;
        this.data = new DataInputStream(bytes);
    }

    DataInputStream data() {
        return data;
    }

    int left() {
        return bytes.available();
    }

    int number(String name, int low, int high, long value) throws IOException {
        if (value < low || value > high) {
            throw new IOException(name + " is " + value + "; allowed are " + low + " to " + high);
        }
        return (int) value;
    }

    /** The number of things that follow, each of which takes at least a byte. */
    int count(String name) throws IOException {
        long count = whole();
        return number(name, 0, left(), count);
    }

    /** A number of 0 or more, seven bits in each byte, the least significant first. */
    long whole() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = data.readUnsignedByte();
            value |= (next & 0x7FL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IOException("a number has more than 63 bits");
    }

    String text() throws IOException {
        byte[] text = new byte[count("length of a text")];
        data.readFully(text);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("a text is not in UTF-8", e);
        }
    }

    static void writeWhole(DataOutputStream out, long value) throws IOException {
        long rest = value;
        for (; rest > 0x7F; rest >>>= 7) {
            out.writeByte((int) ((rest & 0x7F) | 0x80));
        }
        out.writeByte((int) rest);
    }

    static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        writeWhole(out, encoded.length);
        out.write(encoded);
    }
}
