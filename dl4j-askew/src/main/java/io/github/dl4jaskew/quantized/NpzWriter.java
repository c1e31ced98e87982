package io.github.dl4jaskew.quantized;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes arrays one after the other into NumPy's {@code .npz}: a zip file of one {@code .npy} for each array, which is a
 * header of text (format 1.0) and the little-endian elements. Nothing but a buffer is held in memory.
 *
 * <p>Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays".
 */
final class NpzWriter {

    /** The element types, as NumPy names them. */
    enum Type {
        UINT8("|u1"),
        FLOAT32("<f4"),
        FLOAT64("<f8");

        private final String description;

        Type(String description) {
            this.description = description;
        }
    }

    /** Gives the elements in memory order. */
    @FunctionalInterface
    interface Elements {
        /** One element; each is asked for once, in order. */
        double at(long element);
    }

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final LocalDateTime TIMESTAMP = LocalDateTime.of(1980, 2, 1, 0, 0);
    private static final int ALIGNMENT = 64;
    private static final int BUFFER = 1 << 14;

    private final ZipOutputStream zip;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

    /** Begins a file, which {@link #finish} completes. */
    NpzWriter(OutputStream out) {
        zip = new ZipOutputStream(new BufferedOutputStream(out, BUFFER), StandardCharsets.UTF_8);
    }

    /**
     * Adds an array.
     *
     * @param name its key in NumPy
     * @param type its elements' type
     * @param shape its sizes
     * @param order the order in which the elements come: 'c' or 'f'
     * @param elements the elements
     */
    void array(String name, Type type, List<Long> shape, char order, Elements elements) throws IOException {
        begin(name, type.description, shape, order);
        long size = shape.stream().reduce(1L, Math::multiplyExact);
        for (long i = 0; i < size; i++) {
            if (buffer.remaining() < Double.BYTES) {
                flush();
            }
            switch (type) {
                case UINT8 -> buffer.put((byte) elements.at(i));
                case FLOAT32 -> buffer.putFloat((float) elements.at(i));
                case FLOAT64 -> buffer.putDouble(elements.at(i));
            }
        }
        flush();
        zip.closeEntry();
    }

    /** Adds a string, as an array without dimensions. */
    void text(String name, String value) throws IOException {
        int[] codePoints = value.codePoints().toArray();
        begin(name, "<U" + codePoints.length, List.of(), 'c');
        for (int codePoint : codePoints) {
            if (buffer.remaining() < Integer.BYTES) {
                flush();
            }
            buffer.putInt(codePoint);
        }
        flush();
        zip.closeEntry();
    }

    private void begin(String name, String description, List<Long> shape, char order) throws IOException {
        requireSafe(name);
        ZipEntry entry = new ZipEntry(name + ".npy");
        // a clock would make two exports of one model differ
        entry.setTimeLocal(TIMESTAMP);
        zip.putNextEntry(entry);
        zip.write(header(description, shape, order));
    }

    /** Checks a name: it becomes a file name where the archive is unpacked, and models may be untrusted. */
    private static void requireSafe(String name) {
        boolean isSafe = !name.matches("(?s).*[\\p{Cc}\\\\].*|[A-Za-z]:.*")
                && Arrays.stream(name.split("/", -1)).noneMatch(part -> part.matches("\\.{0,2}"));
        if (!isSafe) {
            throw new IllegalArgumentException("'" + name.replaceAll("\\p{Cc}", "?")
                    + "' is not safe as the name of a file in the archive: control characters, backslashes, drives and"
                    + " parts that are empty, . or .. are not allowed; rename the layer");
        }
    }

    private static byte[] header(String description, List<Long> shape, char order) {
        String sizes = shape.stream().map(n -> n + ",").collect(Collectors.joining(" ", "(", ")"));
        String text = "{'descr': '" + description + "', 'fortran_order': " + (order == 'f' ? "True" : "False")
                + ", 'shape': " + sizes + ", }";
        int unpadded = MAGIC.length + Short.BYTES + text.length() + 1;
        int padding = Math.floorMod(-unpadded, ALIGNMENT);
        byte[] line = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(unpadded + padding)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .putShort((short) line.length)
                .put(line)
                .array();
    }

    private void flush() throws IOException {
        zip.write(buffer.array(), 0, buffer.position());
        buffer.clear();
    }

    /** Completes the file. The stream stays open. */
    void finish() throws IOException {
        zip.finish();
        zip.flush();
    }
}
