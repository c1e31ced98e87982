package io.github.dl4jaskew.examples.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Numbers separated by commas, one example a line. Blank lines are left out, and a first line without any number, which
 * names the columns.
 */
final class CsvFile {

    private final Path path;
    private float[] values = new float[1024];
    private int size;
    private int width;

    private CsvFile(Path path) {
        this.path = path;
    }

    /**
     * Reads a file.
     *
     * @param path the file, in UTF-8
     * @return one example a row
     * @throws IOException if it cannot be read, has no example, rows of different lengths, or something that is no finite
     *     number; names the line
     */
    static INDArray read(Path path) throws IOException {
        CsvFile file = new CsvFile(path);
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            int number = 1;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] fields = line.split(",", -1);
                boolean isHeader = number == 1 && Stream.of(fields).noneMatch(CsvFile::isNumber);
                if (!line.isBlank() && !isHeader) {
                    file.add(fields, number);
                }
                number++;
            }
        }
        if (file.size == 0) {
            throw new IOException(path + " has no line of numbers");
        }
        long rows = file.size / file.width;
        return Nd4j.create(Arrays.copyOf(file.values, file.size), new long[] {rows, file.width}, 'c');
    }

    private static boolean isNumber(String field) {
        try {
            Float.parseFloat(field);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void add(String[] fields, int line) throws IOException {
        if (width == 0) {
            width = fields.length;
        }
        if (fields.length != width) {
            throw new IOException(
                    path + ", line " + line + " has " + fields.length + " numbers, but the first has " + width);
        }
        for (String field : fields) {
            if (size == values.length) {
                values = Arrays.copyOf(values, (int) Math.min(2L * size, Integer.MAX_VALUE - 8));
            }
            values[size++] = parse(field, line);
        }
    }

    private float parse(String field, int line) throws IOException {
        float value = isNumber(field) ? Float.parseFloat(field) : Float.NaN;
        if (!Float.isFinite(value)) {
            throw new IOException(path + ", line " + line + ": '" + field.strip() + "' is no finite number");
        }
        return value;
    }
}
