package io.github.dl4jaskew.packed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads a file section by section, never past its end, and checks every checksum. */
final class SectionInput {

    private static final int BLOCK = 1 << 16;
    private static final int FIRST_BLOCK = 1 << 20;

    private final InputStream in;
    private final Crc32c crc = new Crc32c();
    private String tag = "header";
    private long position;
    private long length;
    private long remaining;
    private int sections;

    SectionInput(InputStream in) throws IOException {
        this.in = in;
        SectionFrame.requireHeader(fixed(SectionFrame.HEADER_BYTES));
    }

    /** The tag of the next section. */
    String next() throws IOException {
        byte[] head = fixed(SectionFrame.SECTION_HEAD_BYTES);
        SectionFrame.requireChecksum(head, "the head of the section at byte " + (position - head.length));
        tag = new String(head, 0, 4, StandardCharsets.ISO_8859_1);
        length = SectionFrame.buffer(head).getLong(4);
        if (length < 0 || !tag.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new PackedFormatException(
                    "the head of the section at byte " + (position - head.length) + " has an impossible tag or length");
        }
        remaining = length;
        crc.reset();
        sections++;
        return tag;
    }

    /** The payload of the section that has begun. */
    long length() {
        return length;
    }

    long position() {
        return position;
    }

    int sections() {
        return sections;
    }

    String tag() {
        return tag;
    }

    /** Bytes of the payload. */
    void read(byte[] target, int offset, int count) throws IOException {
        if (count > remaining) {
            throw new IllegalStateException("section " + tag + " has only " + remaining + " bytes left");
        }
        fill(target, offset, count);
        crc.update(target, offset, count);
        remaining -= count;
    }

    /** Bytes of the payload; their array grows as they arrive. */
    byte[] read(int count) throws IOException {
        byte[] bytes = new byte[Math.min(count, FIRST_BLOCK)];
        int done = 0;
        while (done < count) {
            if (done == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(count, 2L * done));
            }
            int n = Math.min(FIRST_BLOCK, bytes.length - done);
            read(bytes, done, n);
            done += n;
        }
        return bytes;
    }

    /** The whole section, which must not be a large one. */
    byte[] readAll() throws IOException {
        if (length > SectionFrame.MAX_HEAD_PAYLOAD) {
            throw new PackedFormatException(
                    "section " + tag + " has " + length + " bytes; allowed are " + SectionFrame.MAX_HEAD_PAYLOAD);
        }
        byte[] bytes = read((int) length);
        close();
        return bytes;
    }

    void skip() throws IOException {
        byte[] block = new byte[BLOCK];
        while (remaining > 0) {
            read(block, 0, (int) Math.min(BLOCK, remaining));
        }
        close();
    }

    /** Ends a section that has been read in full. */
    void close() throws IOException {
        if (remaining != 0) {
            throw new IllegalStateException("section " + tag + " has " + remaining + " bytes left");
        }
        int stored = SectionFrame.buffer(fixed(SectionFrame.CHECKSUM_BYTES)).getInt();
        if (stored != crc.value()) {
            throw new PackedFormatException(
                    "section " + tag + " that ends at byte " + position + " is damaged: its checksum is wrong");
        }
    }

    private byte[] fixed(int count) throws IOException {
        byte[] bytes = new byte[count];
        fill(bytes, 0, count);
        return bytes;
    }

    private void fill(byte[] target, int offset, int count) throws IOException {
        int n = 0;
        for (int more = 0; n < count && more >= 0; n += Math.max(0, more)) {
            more = in.read(target, offset + n, count - n);
        }
        position += n;
        if (n < count) {
            throw new PackedFormatException("the file ends too early: after byte " + position + ", "
                    + (tag.equals("header") ? "in the header" : "in or after section " + tag));
        }
    }
}
