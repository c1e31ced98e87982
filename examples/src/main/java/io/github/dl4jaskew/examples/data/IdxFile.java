package io.github.dl4jaskew.examples.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of bytes in the idx format: the magic number {@code 0 0 8 rank}, the rank sizes as big-endian 32-bit integers,
 * then the bytes, the last index varying fastest. Gzip is recognised by its own magic number, not by the file's name.
 */
final class IdxFile {

    private static final int UNSIGNED_BYTES = 8;
    private static final int GZIP_FIRST = 0x1F;
    private static final int GZIP_SECOND = 0x8B;

    private final List<Integer> shape;
    private final byte[] values;

    private IdxFile(List<Integer> shape, byte[] values) {
        this.shape = shape;
        this.values = values;
    }

    /** The sizes, the slowest first. */
    List<Integer> shape() {
        return shape;
    }

    /** The unsigned bytes themselves, not a copy. */
    byte[] values() {
        return values;
    }

    /**
     * Reads a file.
     *
     * @param path the file
     * @param rank how many sizes it must have
     * @return its content
     * @throws IOException if it cannot be read, is not of the format or rank, is truncated or too long; names the file
     */
    static IdxFile read(Path path, int rank) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(path));
                InputStream stream = unzipped(raw)) {
            return read(path, stream, rank);
        } catch (EOFException e) {
            throw new IOException(path + ": the gzip stream is truncated", e);
        } catch (ZipException e) {
            throw new IOException(path + ": the gzip stream is corrupt: " + e.getMessage(), e);
        }
    }

    private static InputStream unzipped(InputStream raw) throws IOException {
        raw.mark(2);
        boolean gzip = raw.read() == GZIP_FIRST && raw.read() == GZIP_SECOND;
        raw.reset();
        return gzip ? new GZIPInputStream(raw) : raw;
    }

    private static IdxFile read(Path path, InputStream stream, int rank) throws IOException {
        byte[] magic = header(path, stream, 1);
        if (!Arrays.equals(magic, new byte[] {0, 0, UNSIGNED_BYTES, (byte) rank})) {
            throw new IOException(String.format(
                    "%s: the magic number is %08x; expected is %08x, an idx file of unsigned bytes with %d sizes",
                    path, ByteBuffer.wrap(magic).getInt(), UNSIGNED_BYTES << 8 | rank, rank));
        }
        ByteBuffer sizes = ByteBuffer.wrap(header(path, stream, rank));
        Integer[] shape = new Integer[rank];
        long length = 1;
        for (int i = 0; i < rank; i++) {
            shape[i] = sizes.getInt();
            length = shape[i] > 0 && length <= Integer.MAX_VALUE ? length * shape[i] : Long.MAX_VALUE;
        }
        if (length > Integer.MAX_VALUE) {
            throw new IOException(path + ": the sizes " + Arrays.toString(shape) + " are not those of a usable file");
        }
        byte[] values = stream.readNBytes((int) length);
        if (values.length < length) {
            throw new IOException(path + " is truncated: its sizes " + Arrays.toString(shape) + " ask for " + length
                    + " bytes, but it has " + values.length);
        }
        if (stream.read() >= 0) {
            throw new IOException(path + " is too long: bytes follow the " + length + " that its sizes "
                    + Arrays.toString(shape) + " ask for");
        }
        return new IdxFile(List.of(shape), values);
    }

    private static byte[] header(Path path, InputStream stream, int integers) throws IOException {
        byte[] bytes = stream.readNBytes(Integer.BYTES * integers);
        if (bytes.length < Integer.BYTES * integers) {
            throw new IOException(path + " is truncated: it ends in the header");
        }
        return bytes;
    }
}
