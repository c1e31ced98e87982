package io.github.dl4jaskew.packed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a packed file once from front to back: first the {@link #head()}, then {@link #readParameter()} or {@link #readRaw}
 * once for each parameter in the head's order, then {@link #end()}. It reads not a byte more than the file has, so that
 * something else may follow in the stream, and does not close the stream.
 *
 * <p>Nothing that was read counts before {@link #end()} has returned: a file may turn out to be incomplete at its last byte.
 *
 * <p>All methods throw {@link PackedFormatException} if the input is no complete packed file, and {@link IOException} if
 * it cannot be read. Not thread safe. Give it a stream that is not slow at small reads, such as a file's own; it reads
 * in blocks.
 */
public final class PackedReader {

    private static final int BLOCK = 1 << 13;

    private final SectionInput in;
    private final PackedHead head;
    private int next;

    /** Takes a raw parameter block by block. */
    @FunctionalInterface
    public interface NumberSink {
        /**
         * Takes the next numbers.
         *
         * @param first index of the first element in memory order
         * @param block the numbers, exactly; used again after the call
         * @param count how many there are in the block
         * @throws IOException passed on to the caller of the reader
         */
        void accept(long first, double[] block, int count) throws IOException;
    }

    /**
     * Reads everything before the parameters' numbers.
     *
     * @param stream is read from where it stands
     * @throws PackedFormatException if this is no packed file of a known version, or damaged
     * @throws IOException if the stream fails
     */
    public PackedReader(InputStream stream) throws IOException {
        in = new SectionInput(stream);
        require(HeaderFormat.CONF);
        HeaderFormat.Configuration configuration = HeaderFormat.configuration(in.readAll());
        require(HeaderFormat.PARS);
        List<ParameterInfo> parameters = HeaderFormat.parameters(in.readAll());
        Set<String> seen = new HashSet<>();
        Normalization normalization = null;
        List<String> labels = null;
        ByteBuffer layers = null;
        for (String tag = in.next(); isOptional(tag); tag = in.next()) {
            if (!seen.add(tag)) {
                throw new PackedFormatException("section " + tag + " is there twice");
            }
            switch (tag) {
                case HeaderFormat.NORM -> normalization = HeaderFormat.normalization(in.readAll());
                case HeaderFormat.LABL -> labels = HeaderFormat.labels(in.readAll());
                case HeaderFormat.LAYR -> layers = ByteBuffer.wrap(in.readAll());
                default -> in.skip();
            }
        }
        head = head(configuration, parameters, normalization, labels, layers);
        requireBegun();
    }

    private static PackedHead head(
            HeaderFormat.Configuration configuration,
            List<ParameterInfo> parameters,
            @Nullable Normalization normalization,
            @Nullable List<String> labels,
            @Nullable ByteBuffer layers)
            throws PackedFormatException {
        try {
            return new PackedHead(
                    configuration.kind(), configuration.json(), parameters, normalization, labels, layers);
        } catch (IllegalArgumentException e) {
            throw new PackedFormatException(String.valueOf(e.getMessage()), e);
        }
    }

    private static boolean isOptional(String tag) {
        return tag.charAt(0) >= 'a' && tag.charAt(0) <= 'z';
    }

    private void require(String tag) throws IOException {
        requireTag(tag, in.next());
    }

    private static void requireTag(String expected, String actual) throws PackedFormatException {
        if (!actual.equals(expected)) {
            throw new PackedFormatException("section " + expected + " is expected, but section " + actual + " follows");
        }
    }

    /** The section after the ones read so far has begun already, since only its tag ends the optional ones. */
    private void requireBegun() throws PackedFormatException {
        if (next == head.parameters().size()) {
            requireTag(SectionFrame.END, in.tag());
            requireLength("section " + SectionFrame.END, SectionFrame.END_BYTES);
            return;
        }
        ParameterInfo info = head.parameters().get(next);
        requireTag(SectionFrame.DATA, in.tag());
        requireLength(info.toString(), info.dataBytes());
    }

    private void requireLength(String what, long bytes) throws PackedFormatException {
        if (in.length() != bytes) {
            throw new PackedFormatException(what + " takes " + bytes + " bytes, but " + in.length() + " are announced");
        }
    }

    /** {@return the head: everything but the parameters' numbers} */
    public PackedHead head() {
        return head;
    }

    /** {@return the number of bytes that have been read so far, at least those of the head} */
    public long position() {
        return in.position();
    }

    /**
     * Reads the next parameter into Java arrays.
     *
     * @return the parameter
     * @throws PackedFormatException if it is damaged or incomplete, or too large for an array
     * @throws IOException if the stream fails
     * @throws IllegalStateException if all parameters have been read
     */
    public PackedParameter readParameter() throws IOException {
        ParameterInfo info = begin();
        Coding coding = info.coding();
        long scaleBytes = coding == null ? 0 : (long) coding.channels() * Float.BYTES;
        long dataBytes = info.dataBytes() - scaleBytes;
        if (Math.max(scaleBytes, dataBytes) > Integer.MAX_VALUE - 8) {
            throw new PackedFormatException(info + " has " + info.dataBytes() + " bytes, too many for an array");
        }
        byte[] scales = in.read((int) scaleBytes);
        byte[] data = in.read((int) dataBytes);
        finish();
        try {
            return coding == null
                    ? PackedParameter.raw(info, data)
                    : PackedParameter.coded(
                            info,
                            floats(scales),
                            PackedCodes.of(coding.levels().size(), info.size(), coding.packing(), data));
        } catch (IllegalArgumentException | PackedFormatException e) {
            throw new PackedFormatException(info + ": " + e.getMessage(), e);
        }
    }

    private static float[] floats(byte[] bytes) {
        float[] floats = new float[bytes.length / Float.BYTES];
        SectionFrame.buffer(bytes).asFloatBuffer().get(floats);
        return floats;
    }

    /**
     * Reads the next parameter, which is raw, block by block.
     *
     * @param sink takes the blocks in order
     * @throws PackedFormatException if it is damaged or incomplete, which may show after the last block
     * @throws IOException if the stream or the sink fails
     * @throws IllegalStateException if all parameters have been read, or the next one is coded
     */
    public void readRaw(NumberSink sink) throws IOException {
        ParameterInfo info = begin();
        if (info.coding() != null) {
            throw new IllegalStateException(info + " is coded");
        }
        int width = info.type().bytes();
        byte[] bytes = new byte[BLOCK * width];
        ByteBuffer buffer = SectionFrame.buffer(bytes);
        double[] block = new double[BLOCK];
        for (long first = 0; first < info.size(); first += BLOCK) {
            int n = (int) Math.min(BLOCK, info.size() - first);
            in.read(bytes, 0, n * width);
            for (int i = 0; i < n; i++) {
                block[i] = info.type().get(buffer, i);
            }
            sink.accept(first, block, n);
        }
        finish();
    }

    private ParameterInfo begin() {
        if (next == head.parameters().size()) {
            throw new IllegalStateException("all " + next + " parameters have been read");
        }
        return head.parameters().get(next);
    }

    private void finish() throws IOException {
        in.close();
        next++;
        in.next();
        requireBegun();
    }

    /**
     * Reads the end of the file. Only then is the file known to be complete.
     *
     * @throws PackedFormatException if the end is damaged, or sections are missing
     * @throws IOException if the stream fails
     * @throws IllegalStateException if parameters have not been read
     */
    public void end() throws IOException {
        if (next < head.parameters().size()) {
            throw new IllegalStateException(
                    "only " + next + " of " + head.parameters().size() + " parameters have been read");
        }
        ByteReader fields = new ByteReader(SectionFrame.END, in.readAll());
        if (fields.u64("length of the file") != in.position() || fields.u32("sections") != in.sections() - 1) {
            throw new PackedFormatException("the file has other sections than it says at its end");
        }
    }

    /**
     * Refuses bytes behind the end of a file.
     *
     * @param stream a file's own, after {@link #end()}
     * @throws PackedFormatException if there is another byte
     * @throws IOException if the stream fails
     */
    public static void requireNothingLeft(InputStream stream) throws IOException {
        if (stream.read() >= 0) {
            throw new PackedFormatException("there are bytes behind the end of the network");
        }
    }
}
