package io.github.dl4jaskew.cli.data;

import io.github.dl4jaskew.cli.Program;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An array that NumPy has saved: float32, float64 or uint8, little-endian, in C or Fortran order.
 *
 * <p>Source: NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays".
 */
final class NpyFile {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern TYPE = Pattern.compile("'descr': *'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order': *(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape': *\\(((?:[0-9]{1,18}[, ]*)*)\\)");
    private static final int LONGEST_HEADER = 1 << 16;

    private NpyFile() {}

    /**
     * Reads a file.
     *
     * @param path the file
     * @return the array, of the default type
     * @throws IOException if it cannot be read, is of another format or type, is truncated or too long, or has a number
     *     that is not finite; names the file
     */
    static Numbers read(Path path) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
            return read(path, in);
        } catch (EOFException e) {
            throw new IOException(path + " is truncated", e);
        }
    }

    private static Numbers read(Path path, DataInputStream in) throws IOException {
        byte[] magic = new byte[MAGIC.length];
        in.readFully(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new IOException(path + " is no .npy file");
        }
        int major = in.readUnsignedByte();
        in.readUnsignedByte();
        int length = major == 1
                ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
                : Integer.reverseBytes(in.readInt());
        if (length < 0 || length > LONGEST_HEADER) {
            throw new IOException(path + ": the header has " + length + " bytes; allowed are " + LONGEST_HEADER);
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        String header = new String(bytes, StandardCharsets.UTF_8);
        long[] shape = Stream.of(find(path, SHAPE, header).split("[, ]+"))
                .filter(s -> !s.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
        char order = find(path, ORDER, header).equals("True") ? 'f' : 'c';
        float[] values = values(path, in, find(path, TYPE, header), shape);
        if (in.read() >= 0) {
            throw new IOException(path + " is too long for its shape " + Arrays.toString(shape));
        }
        return new Numbers(values, shape, order);
    }

    private static String find(Path path, Pattern pattern, String header) throws IOException {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw new IOException(
                    path + ": the header " + Program.printableName(header.strip()) + " is not understood");
        }
        return matcher.group(1);
    }

    private static float[] values(Path path, DataInputStream in, String type, long[] shape) throws IOException {
        int width = switch (type) {
            case "|u1" -> 1;
            case "<f4" -> Float.BYTES;
            case "<f8" -> Double.BYTES;
            default ->
                throw new IOException(path + " is of type " + Program.printableName(type)
                        + "; allowed are float32, float64 and uint8, little-endian");
        };
        double size = Arrays.stream(shape).mapToDouble(n -> n).reduce(1, (a, b) -> a * b);
        if (shape.length == 0 || size < 1 || size > Integer.MAX_VALUE - 8) {
            throw new IOException(path + " has shape " + Arrays.toString(shape) + ", which is not a set of examples");
        }
        if (size * width > Files.size(path)) {
            throw new IOException(
                    path + " is truncated: it has " + Files.size(path) + " bytes, but shape " + Arrays.toString(shape));
        }
        float[] values = new float[(int) size];
        byte[] element = new byte[width];
        ByteBuffer buffer = ByteBuffer.wrap(element).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            in.readFully(element);
            values[i] = switch (width) {
                case 1 -> Byte.toUnsignedInt(element[0]);
                case Float.BYTES -> buffer.getFloat(0);
                default -> (float) buffer.getDouble(0);
            };
            if (!Float.isFinite(values[i])) {
                throw new IOException(path + ": number " + i + " is " + values[i] + "; it must be finite");
            }
        }
        return values;
    }
}
