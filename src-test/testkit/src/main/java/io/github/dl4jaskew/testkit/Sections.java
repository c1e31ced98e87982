package io.github.dl4jaskew.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/** A packed file taken to pieces, to be put together again with right checksums: what an attacker would do. */
public final class Sections {

    /** A section without its frame. */
    public static final class Section {
        public String tag;
        public byte[] payload;

        public Section(String tag, byte[] payload) {
            this.tag = tag;
            this.payload = payload;
        }
    }

    public final List<Section> list = new ArrayList<>();
    public int version = 1;
    public int byteOrder = 0x01020304;
    /** Whether the end is counted anew. */
    public boolean honestEnd = true;

    public static Sections of(byte[] file) {
        Sections sections = new Sections();
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(24);
        while (in.hasRemaining()) {
            byte[] tag = new byte[4];
            in.get(tag);
            byte[] payload = new byte[(int) in.getLong()];
            in.getInt();
            in.get(payload);
            in.getInt();
            sections.list.add(new Section(new String(tag, StandardCharsets.US_ASCII), payload));
        }
        return sections;
    }

    /** The first section of a tag. */
    public Section get(String tag) {
        return list.stream().filter(s -> s.tag.equals(tag)).findFirst().orElseThrow();
    }

    /** Changes the text in the section CONF. */
    public Sections json(UnaryOperator<String> change) {
        Section section = get("CONF");
        String json = new String(section.payload, 1, section.payload.length - 1, StandardCharsets.UTF_8);
        byte[] changed = change.apply(json).getBytes(StandardCharsets.UTF_8);
        byte kind = section.payload[0];
        section.payload =
                ByteBuffer.allocate(changed.length + 1).put(kind).put(changed).array();
        return this;
    }

    public byte[] join() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(closed(little(24)
                .put(new byte[] {(byte) 0x89, 'A', 'S', 'K', 'W', '\r', '\n', 0x1A})
                .putInt(version)
                .putInt(byteOrder)));
        int count = 0;
        for (Section s : list) {
            if (s.tag.equals("END ") && honestEnd) {
                s.payload = little(12)
                        .putLong(out.size() + 16L + 12 + 4)
                        .putInt(count)
                        .array();
            }
            out.writeBytes(frame(s.tag, s.payload.length));
            out.writeBytes(s.payload);
            out.writeBytes(little(4).putInt(crc(s.payload, s.payload.length)).array());
            count++;
        }
        return out.toByteArray();
    }

    /** The head of a section of any length. */
    public static byte[] frame(String tag, long length) {
        return closed(little(16).put(tag.getBytes(StandardCharsets.ISO_8859_1)).putLong(length));
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] closed(ByteBuffer block) {
        return block.putInt(block.capacity() - 4, crc(block.array(), block.capacity() - 4))
                .array();
    }

    private static int crc(byte[] bytes, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }
}
