package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The loops for float64 are those for float32 with other types and constants. After a change of {@link FloatLoops}, run
 * {@link #main} in the module's directory, and format.
 */
class LoopsTest {

    private static final Path SOURCES = Path.of("src/main/java/io/github/dl4jaskew/internal/rule");

    /** From the source for float to the one for double, one after the other. */
    private static Map<String, String> replacements() {
        Map<String, String> words = new LinkedHashMap<>();
        words.put(
                "{@code float}; {@link DoubleLoops} is generated from this file.",
                "{@code double}, generated from {@link FloatLoops}.");
        words.put("Adding 2^23 rounds a float in [0, 2^22]", "Adding 2^52 rounds a double in [0, 2^51]");
        words.put(
                "1.5 * 2^23 rounds a float of magnitude below 2^22",
                "1.5 * 2^52 rounds a double of magnitude below 2^51");
        words.put("0x1p23f", "0x1p52");
        words.put("0x1.8p23f", "0x1.8p52");
        words.put("0x1p120f", "0x1p1000");
        words.put("2^-64", "2^-160");
        words.put("0x1p64f", "0x1p160");
        words.put("0x1p-90f", "0x1p-250");
        words.put("0x1p50f", "0x1p300");
        words.put("0x1p-23f", "0x1p-52");
        words.put("0.5f", "0.5");
        words.put("int b = Float.floatToRawIntBits", "int b = (int) Double.doubleToRawLongBits");
        words.put("first[Float.floatToRawIntBits", "first[(int) Double.doubleToRawLongBits");
        words.put("~(Float.floatToRawIntBits", "(int) ~(Double.doubleToRawLongBits");
        words.put(">> 31", ">> 63");
        words.put("table.floatEdges()", "table.edges()");
        words.put("table.floatCells()", "table.cells()");
        words.put("(float) ", "");
        words.put("Float", "Double");
        words.put("float", "double");
        words.put("generated from {@link DoubleLoops}", "generated from {@link FloatLoops}");
        return words;
    }

    @Test
    void thoseForDoublesAreGenerated() throws IOException {
        String floats = Files.readString(SOURCES.resolve("FloatLoops.java"));
        String doubles = Files.readString(SOURCES.resolve("DoubleLoops.java"));

        assertThat(tokens(doubles)).isEqualTo(tokens(generated(floats)));
    }

    private static String generated(String source) {
        String text = source;
        for (Map.Entry<String, String> word : replacements().entrySet()) {
            assertThat(text).contains(word.getKey());
            text = text.replace(word.getKey(), word.getValue());
        }
        return text;
    }

    /** Without line breaks, which the formatter sets, and the stars before lines of comments. */
    private static String tokens(String source) {
        return source.replaceAll("\\s+(\\* )?", " ").replaceAll("(?<=[(,]) | (?=[),])", "");
    }

    /** Writes {@code DoubleLoops.java}. */
    public static void main(String[] args) throws IOException {
        String floats = Files.readString(SOURCES.resolve("FloatLoops.java"));
        Files.writeString(SOURCES.resolve("DoubleLoops.java"), generated(floats));
    }
}
