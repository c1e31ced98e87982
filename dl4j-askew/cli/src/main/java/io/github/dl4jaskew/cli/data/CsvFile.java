package io.github.dl4jaskew.cli.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Numbers separated by commas, semicolons or tabs, quoted or not, one example a line. Where commas do not separate, they may
 * be decimal marks. Blank lines and a byte order mark are left out, and a first line that names the columns.
 */
final class CsvFile {

    private static final int BYTE_ORDER_MARK = 0xFEFF;
    private static final int LONGEST_FIRST_LINE = 1 << 24;

    /** What stands for a number that is not there: no name of a column. */
    private static final Set<String> MISSING = Set.of("", "n/a", "na", "#n/a", "nan", "null", "none", "-", "?", "nil");

    private final Path path;
    private float[] values = new float[1024];
    private int size;
    private int width;
    private char decimalMark;

    private CsvFile(Path path) {
        this.path = path;
    }

    /**
     * Reads a file.
     *
     * @param path the file, in UTF-8
     * @param header whether there is one
     * @param note is told how the file was understood
     * @return one example a row
     * @throws IOException if it cannot be read, has no example, rows of different lengths, or something that is no finite
     *     number; names the line
     */
    static Numbers read(Path path, Header header, Consumer<String> note) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            return new CsvFile(path).read(reader, header, note);
        } catch (CharacterCodingException e) {
            throw new IOException(path + " is no text in UTF-8", e);
        } catch (UncheckedIOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    private Numbers read(BufferedReader reader, Header header, Consumer<String> note) throws IOException {
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
        char delimiter = delimiter(reader);
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreSurroundingSpaces(true)
                .build();
        List<String> first = List.of();
        boolean columnsNamed = false;
        long rows = 0;
        try (CSVParser parser = format.parse(reader)) {
            for (CSVRecord record : parser) {
                List<String> fields = record.toList();
                if (fields.size() == 1 && fields.get(0).isBlank()) {
                    continue;
                }
                long line = parser.getCurrentLineNumber();
                if (first.isEmpty()) {
                    first = fields;
                    columnsNamed = header == Header.YES || (header == Header.AUTO && isNames(fields));
                    if (columnsNamed) {
                        continue;
                    }
                } else if (rows == 1 && !columnsNamed && header == Header.AUTO && isCount(first)) {
                    // pandas' column numbers, now that something stands below them
                    columnsNamed = true;
                    rows = 0;
                    size = 0;
                }
                add(fields, line, delimiter);
                rows++;
            }
        }
        if (rows == 0) {
            throw new IOException(path + " has no line of numbers");
        }
        note.accept(path + ": " + rows + (rows == 1 ? " example of " : " examples of ") + width
                + " numbers, separated by " + name(delimiter) + "; the first line is "
                + (columnsNamed ? "taken for the names of columns" : "an example") + " (--header yes or no decides)");
        return new Numbers(Arrays.copyOf(values, size), new long[] {rows, width}, 'c');
    }

    /** A tabulator or a semicolon, if the first line has one, as neither is part of a number. */
    private static char delimiter(BufferedReader reader) throws IOException {
        reader.mark(LONGEST_FIRST_LINE);
        String line = reader.readLine();
        while (line != null && line.isBlank()) {
            line = reader.readLine();
        }
        reader.reset();
        String unquoted = line == null ? "" : line.replaceAll("\"[^\"]*\"", "");
        return unquoted.indexOf('\t') >= 0 ? '\t' : unquoted.indexOf(';') >= 0 ? ';' : ',';
    }

    private static String name(char delimiter) {
        return switch (delimiter) {
            case '\t' -> "tabulators";
            case ';' -> "semicolons";
            default -> "commas";
        };
    }

    private static boolean isNames(List<String> fields) {
        return fields.stream().noneMatch(field -> isNumber(field.replace(',', '.')))
                && fields.stream()
                        .anyMatch(field -> !MISSING.contains(field.strip().toLowerCase(Locale.ROOT)));
    }

    private static boolean isCount(List<String> fields) {
        return fields.size() > 1
                && IntStream.range(0, fields.size()).allMatch(i -> fields.get(i).equals(String.valueOf(i)));
    }

    private static boolean isNumber(String field) {
        try {
            Float.parseFloat(field);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void add(List<String> fields, long line, char delimiter) throws IOException {
        if (width == 0) {
            width = fields.size();
        }
        if (fields.size() != width) {
            throw new IOException(
                    path + ", line " + line + " has " + fields.size() + " numbers, but the first has " + width);
        }
        for (String field : fields) {
            if (size == values.length) {
                values = Arrays.copyOf(values, (int) Math.min(2L * size, Integer.MAX_VALUE - 8));
            }
            values[size++] = parse(field, line, delimiter);
        }
    }

    private float parse(String field, long line, char delimiter) throws IOException {
        char mark = delimiter != ',' && field.indexOf(',') >= 0 ? ',' : field.indexOf('.') >= 0 ? '.' : 0;
        String number = mark == ',' && field.indexOf('.') < 0 ? field.replace(',', '.') : field;
        float value = isNumber(number) ? Float.parseFloat(number) : Float.NaN;
        if (!Float.isFinite(value)) {
            throw new IOException(path + ", line " + line + ": '" + field.strip() + "' is not a finite number");
        }
        if (mark != 0 && decimalMark != 0 && mark != decimalMark) {
            throw new IOException(path + ", line " + line + ": '" + field.strip() + "' has the decimal mark '" + mark
                    + "', but numbers before it have '" + decimalMark + "'");
        }
        decimalMark = mark == 0 ? decimalMark : mark;
        return value;
    }
}
