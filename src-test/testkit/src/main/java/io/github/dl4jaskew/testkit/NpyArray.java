package io.github.dl4jaskew.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * An array as NumPy would see it, read by its own rules: NEP 1 and strides.
 *
 * @param type NumPy's name of the type
 * @param shape sizes
 * @param fortran whether the first index varies fastest
 * @param data the elements' bytes
 */
public record NpyArray(String type, long[] shape, boolean fortran, ByteBuffer data) {

    private static final Pattern HEADER =
            Pattern.compile("\\{'descr': '([^']+)', 'fortran_order': (True|False), 'shape': \\(([0-9, ]*)\\), \\} *\n");

    /** All arrays of an .npz file by their keys, in the file's order. */
    public static Map<String, NpyArray> readAll(byte[] npz) throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(npz))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                if (!name.endsWith(".npy")) {
                    throw new IOException(name);
                }
                arrays.put(name.substring(0, name.length() - 4), read(zip.readAllBytes()));
            }
        }
        return arrays;
    }

    private static NpyArray read(byte[] npy) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[8];
        bytes.get(magic);
        if (!Arrays.equals(magic, new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})) {
            throw new IOException("magic " + Arrays.toString(magic));
        }
        byte[] header = new byte[bytes.getShort()];
        bytes.get(header);
        Matcher matcher = HEADER.matcher(new String(header, StandardCharsets.US_ASCII));
        if (!matcher.matches() || bytes.position() % 64 != 0) {
            throw new IOException("header '" + new String(header, StandardCharsets.US_ASCII) + "'");
        }
        long[] shape = Stream.of(matcher.group(3).split("[, ]+"))
                .filter(s -> !s.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
        NpyArray array = new NpyArray(
                matcher.group(1),
                shape,
                matcher.group(2).equals("True"),
                bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
        if (array.data.remaining() != array.size() * array.width()) {
            throw new IOException(array.data.remaining() + " bytes of " + array.type + Arrays.toString(shape));
        }
        return array;
    }

    public long size() {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    private int width() {
        return switch (type) {
            case "|u1" -> 1;
            case "<f4" -> 4;
            case "<f8" -> 8;
            default -> 4 * Integer.parseInt(type.substring("<U".length()));
        };
    }

    /** A string without dimensions. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < data.remaining(); i += 4) {
            text.appendCodePoint(data.getInt(i));
        }
        return text.toString();
    }

    /** An element; along axes of size 1 any index counts as 0, as when NumPy broadcasts. */
    public double at(long... index) {
        long place = 0;
        for (int i = 0; i < shape.length; i++) {
            int axis = fortran ? shape.length - 1 - i : i;
            place = place * shape[axis] + (shape[axis] == 1 ? 0 : index[axis]);
        }
        int at = Math.toIntExact(place * width());
        return switch (type) {
            case "|u1" -> Byte.toUnsignedInt(data.get(at));
            case "<f4" -> data.getFloat(at);
            default -> data.getDouble(at);
        };
    }
}
