package io.github.dl4jaskew.packed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a packed file once from front to back: the head, then {@link #writeCoded} or {@link #writeRaw} once for each
 * parameter in the head's order, then {@link #end()}. Holds one block of the numbers at a time. Does not close the
 * stream. Not thread safe.
 */
public final class PackedWriter {

    private static final int BLOCK = 1 << 13;

    private final OutputStream out;
    private final PackedHead head;
    private final Crc32c crc = new Crc32c();
    private long position;
    private int sections;
    private int next;

    /** Gives a raw parameter block by block. */
    @FunctionalInterface
    public interface NumberSource {
        /**
         * Gives the next numbers.
         *
         * @param first index of the first element in memory order
         * @param block to be filled; numbers of the parameter's type
         * @param count how many to put there
         * @throws IOException passed on to the caller of the writer
         */
        void fill(long first, double[] block, int count) throws IOException;
    }

    /**
     * Writes everything before the parameters' numbers.
     *
     * @param stream where to; it is written to in blocks
     * @param head what to write
     * @throws IOException if the stream fails
     * @throws IllegalArgumentException if a name is longer than 65,535 bytes, or a section than 2^26
     */
    public PackedWriter(OutputStream stream, PackedHead head) throws IOException {
        this.out = stream;
        this.head = head;
        put(SectionFrame.header());
        section(HeaderFormat.CONF, HeadWriter.configuration(head.kind(), head.configuration()));
        section(HeaderFormat.PARS, HeadWriter.parameters(head.parameters()));
        if (head.normalization() != null) {
            section(HeaderFormat.NORM, HeadWriter.normalization(head.normalization()));
        }
        if (head.labels() != null) {
            section(HeaderFormat.LABL, HeadWriter.labels(head.labels()));
        }
        section(HeaderFormat.LAYR, head.layers());
    }

    private void section(String tag, @Nullable ByteBuffer payload) throws IOException {
        if (payload != null) {
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            section(tag, bytes);
        }
    }

    private void section(String tag, byte[] payload) throws IOException {
        if (payload.length > SectionFrame.MAX_HEAD_PAYLOAD) {
            throw new IllegalArgumentException("section " + tag + " would have " + payload.length
                    + " bytes; allowed are " + SectionFrame.MAX_HEAD_PAYLOAD);
        }
        open(tag, payload.length);
        payload(payload, payload.length);
        close();
    }

    private void put(byte[] bytes) throws IOException {
        out.write(bytes);
        position += bytes.length;
    }

    private void open(String tag, long length) throws IOException {
        put(SectionFrame.sectionHead(tag, length));
        crc.reset();
        sections++;
    }

    private void payload(byte[] bytes, int count) throws IOException {
        out.write(bytes, 0, count);
        crc.update(bytes, 0, count);
        position += count;
    }

    private void close() throws IOException {
        byte[] checksum = new byte[SectionFrame.CHECKSUM_BYTES];
        SectionFrame.buffer(checksum).putInt(crc.value());
        put(checksum);
    }

    /**
     * Writes the next parameter, which is quantized.
     *
     * @param parameter described as in the head
     * @throws IOException if the stream fails
     * @throws IllegalStateException if another parameter is next, or none
     */
    public void writeCoded(PackedParameter parameter) throws IOException {
        ParameterInfo info = begin();
        PackedCodes codes = parameter.codes();
        if (codes == null || !info.equals(parameter.info())) {
            throw new IllegalStateException("the next parameter is " + info + ", not " + parameter);
        }
        open(SectionFrame.DATA, info.dataBytes());
        float[] scales = parameter.scales();
        byte[] bytes = new byte[scales.length * Float.BYTES];
        SectionFrame.buffer(bytes).asFloatBuffer().put(scales);
        payload(bytes, bytes.length);
        payload(codes.bytes(), codes.byteCount());
        close();
    }

    /**
     * Writes the next parameter, which is raw.
     *
     * @param source gives its numbers
     * @throws IOException if the stream or the source fails
     * @throws IllegalStateException if the next parameter is quantized, or there is none
     */
    public void writeRaw(NumberSource source) throws IOException {
        ParameterInfo info = begin();
        if (info.coding() != null) {
            throw new IllegalStateException("the next parameter is " + info + ", which is quantized");
        }
        open(SectionFrame.DATA, info.dataBytes());
        int width = info.type().bytes();
        byte[] bytes = new byte[BLOCK * width];
        ByteBuffer buffer = SectionFrame.buffer(bytes);
        double[] block = new double[BLOCK];
        for (long first = 0; first < info.size(); first += BLOCK) {
            int n = (int) Math.min(BLOCK, info.size() - first);
            source.fill(first, block, n);
            for (int i = 0; i < n; i++) {
                info.type().put(buffer, i, block[i]);
            }
            payload(bytes, n * width);
        }
        close();
    }

    private ParameterInfo begin() {
        if (next == head.parameters().size()) {
            throw new IllegalStateException("all " + next + " parameters have been written");
        }
        return head.parameters().get(next++);
    }

    /**
     * Writes the end of the file.
     *
     * @return number of bytes of the whole file
     * @throws IOException if the stream fails
     * @throws IllegalStateException if parameters are missing
     */
    public long end() throws IOException {
        if (next < head.parameters().size()) {
            throw new IllegalStateException(
                    "only " + next + " of " + head.parameters().size() + " parameters have been written");
        }
        long total = position + SectionFrame.sectionBytes(SectionFrame.END_BYTES);
        byte[] end = SectionFrame.end(total, sections);
        section(SectionFrame.END, end);
        out.flush();
        return position;
    }

    /**
     * The size of a file before it is written.
     *
     * @param head what it will hold
     * @return exactly as many bytes as {@link #end()} will count
     * @throws IllegalArgumentException if a name or a section is too long
     */
    public static long fileBytes(PackedHead head) {
        try (OutputStream nowhere = new ByteArrayOutputStream()) {
            long bytes = new PackedWriter(nowhere, head).position + SectionFrame.sectionBytes(SectionFrame.END_BYTES);
            for (ParameterInfo p : head.parameters()) {
                bytes += SectionFrame.sectionBytes(p.dataBytes());
            }
            return bytes;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("a stream to nowhere failed", e);
        }
    }
}
