package io.github.dl4jaskew.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** A packed file in pieces, which is put together again with right checksums; see FORMAT.md. Not thread safe. */
@SuppressWarnings("ByteBufferBackingArray") // the buffers are allocated here, as large as their content
final class SectionFile {

    private static final int HEADER_BYTES = 24;
    private static final int HEAD_BYTES = 16;
    private static final int CHECKSUM_BYTES = 4;
    private static final int END_BYTES = 12;
    private static final int TAG_BYTES = 4;

    private final byte[] header;
    private final List<Section> sections = new ArrayList<>();

    /** A section without its frame; the payload may be changed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Section(String tag, byte[] payload) {}

    /** Takes a right file to pieces. */
    SectionFile(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        header = new byte[HEADER_BYTES];
        in.get(header);
        while (in.hasRemaining()) {
            byte[] tag = new byte[TAG_BYTES];
            in.get(tag);
            byte[] payload = new byte[(int) in.getLong()];
            in.getInt();
            in.get(payload);
            in.getInt();
            sections.add(new Section(new String(tag, StandardCharsets.US_ASCII), payload));
        }
    }

    /** The sections, which may be changed, moved and removed. */
    List<Section> sections() {
        return sections;
    }

    /** The file; if it counts honestly, its last section tells the true length. */
    byte[] join(boolean honest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header);
        for (int i = 0; i < sections.size(); i++) {
            Section section = sections.get(i);
            byte[] payload = section.payload();
            if (honest && i == sections.size() - 1) {
                long length = out.size() + (long) HEAD_BYTES + END_BYTES + CHECKSUM_BYTES;
                payload = little(END_BYTES).putLong(length).putInt(i).array();
            }
            ByteBuffer head = little(HEAD_BYTES)
                    .put(section.tag().getBytes(StandardCharsets.US_ASCII))
                    .putLong(payload.length);
            out.writeBytes(
                    head.putInt(crc(head.array(), HEAD_BYTES - CHECKSUM_BYTES)).array());
            out.writeBytes(payload);
            out.writeBytes(
                    little(CHECKSUM_BYTES).putInt(crc(payload, payload.length)).array());
        }
        return out.toByteArray();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int crc(byte[] bytes, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }
}
