package io.github.dl4jaskew;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Numbers that golden files hold bit for bit: a line of text for each array, {@code case, name: hexadecimal bits}. */
final class GoldenResults {

    private GoldenResults() {}

    /** A file of the directory {@code golden}. */
    static InputStream open(String file) {
        return Objects.requireNonNull(GoldenResults.class.getResourceAsStream("golden/" + file), file);
    }

    /** The lines of one case. */
    static List<String> stored(String file, String name) throws IOException {
        try (InputStream in = open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.startsWith(name + ","))
                    .toList();
        }
    }

    static List<String> lines(String name, Map<String, float[]> results) {
        return results.entrySet().stream()
                .map(e -> name + ", " + e.getKey() + ": " + bits(e.getValue()))
                .toList();
    }

    private static String bits(float[] numbers) {
        return IntStream.range(0, numbers.length)
                .mapToObj(i -> String.format(Locale.ROOT, "%08x", Float.floatToRawIntBits(numbers[i])))
                .collect(Collectors.joining(" "));
    }
}
