package io.github.dl4jaskew.packed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The fixed parts of a file: its header, and what stands before and after each payload. */
final class SectionFrame {

    static final int VERSION = 1;
    static final String END = "END ";
    static final String DATA = "DATA";

    static final int HEADER_BYTES = 24;
    static final int SECTION_HEAD_BYTES = 16;
    static final int CHECKSUM_BYTES = 4;
    static final int END_BYTES = 12;

    /** The largest payload of a section other than DATA. */
    static final int MAX_HEAD_PAYLOAD = 1 << 26;

    private static final byte[] MAGIC = {(byte) 0x89, 'A', 'S', 'K', 'W', '\r', '\n', 0x1A};
    private static final int BYTE_ORDER = 0x01020304;

    private SectionFrame() {}

    static byte[] header() {
        byte[] header = new byte[HEADER_BYTES];
        buffer(header).put(MAGIC).putInt(VERSION).putInt(BYTE_ORDER);
        return closed(header);
    }

    static void requireHeader(byte[] header) throws PackedFormatException {
        ByteBuffer bytes = buffer(header);
        if (!ByteBuffer.wrap(header, 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            throw new PackedFormatException("this is not a packed network: its first bytes are not the magic number");
        }
        requireChecksum(header, "the header");
        int version = bytes.getInt(MAGIC.length);
        if (version != VERSION) {
            throw new PackedFormatException("the file has version " + Integer.toUnsignedString(version)
                    + ", but this reader knows version " + VERSION + " only; use a newer release");
        }
        if (bytes.getInt(12) != BYTE_ORDER || bytes.getInt(16) != 0) {
            throw new PackedFormatException("the header has an unknown byte order or flags");
        }
    }

    static byte[] sectionHead(String tag, long length) {
        byte[] head = new byte[SECTION_HEAD_BYTES];
        buffer(head).put(tag.getBytes(StandardCharsets.US_ASCII)).putLong(length);
        return closed(head);
    }

    static byte[] end(long fileBytes, int sections) {
        byte[] end = new byte[END_BYTES];
        buffer(end).putLong(fileBytes).putInt(sections);
        return end;
    }

    /** A section's bytes: frame and payload. */
    static long sectionBytes(long payload) {
        return SECTION_HEAD_BYTES + payload + CHECKSUM_BYTES;
    }

    static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Fills the last four bytes with the checksum of those before. */
    private static byte[] closed(byte[] block) {
        buffer(block).putInt(block.length - CHECKSUM_BYTES, checksum(block));
        return block;
    }

    static void requireChecksum(byte[] block, String what) throws PackedFormatException {
        int stored = buffer(block).getInt(block.length - CHECKSUM_BYTES);
        if (stored != checksum(block)) {
            throw new PackedFormatException(what + " is damaged: its checksum is wrong");
        }
    }

    private static int checksum(byte[] block) {
        Crc32c crc = new Crc32c();
        crc.update(block, 0, block.length - CHECKSUM_BYTES);
        return crc.value();
    }
}
