package io.github.dl4jaskew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The demonstration, with and without MNIST. */
@Tag("training")
class QuickStartTest {

    @TempDir
    Path directory;

    @Test
    void withoutArgumentsThreeProblemsAreCompared() throws IOException {
        assertThat(QuickStart.run("--epochs", "2", "--seed", "3", "--results", directory.toString()))
                .isZero();
        JsonNode results = results();
        assertThat(results.findValuesAsText("dataset"))
                .containsOnly("iris", "two-moons", "logistic")
                .hasSize(9);
        assertThat(results.findValuesAsText("model"))
                .containsExactly("float", "rounded", "askew", "float", "rounded", "askew", "float", "rounded", "askew");
        for (JsonNode result : results) {
            assertThat(names(result)).contains("dataset", "model", "grid", "accuracy", "seconds", "seed", "on_grid");
            boolean quantized = !result.get("model").asText().equals("float");
            assertThat(result.get("on_grid").asBoolean()).as("%s", result).isEqualTo(quantized);
            assertThat(result.get("grid").asText()).isEqualTo(quantized ? "binary" : "none");
            assertThat(result.get("accuracy").asDouble()).isBetween(0.0, 1.0);
            assertThat(result.get("seed").asLong()).isEqualTo(3);
        }
        assertThat(charts()).hasSizeGreaterThanOrEqualTo(3).allMatch(file -> file.length() > 1000);
    }

    @Test
    void theSameSeedGivesTheSameNetworks() throws IOException {
        String[] args = {"--epochs", "1", "--grid", "ternary", "--results", directory.toString()};
        assertThat(QuickStart.run(args)).isZero();
        List<String> first = results().findValuesAsText("loss");
        assertThat(QuickStart.run(args)).isZero();
        assertThat(results().findValuesAsText("loss")).isEqualTo(first);
        assertThat(results().findValuesAsText("grid")).contains("ternary");
    }

    @Test
    void bothNetworksForDigitsAreTrainedOnIdxFiles() throws IOException {
        MnistFiles.write(directory, 300, 100);
        assertThat(QuickStart.run(
                        "--data",
                        directory.toString(),
                        "--epochs",
                        "1",
                        "--grid",
                        "binary,uniform2",
                        "--results",
                        directory.toString()))
                .isZero();
        JsonNode results = results();
        assertThat(results.findValuesAsText("dataset")).containsOnly("mnist").hasSize(10);
        assertThat(results.findValuesAsText("network")).contains("lenet", "mlp 784-512-512-10");
        assertThat(results.findValuesAsText("grid")).contains("none", "binary", "uniform(2)");
        for (JsonNode result : results) {
            assertThat(result.get("on_grid").asBoolean())
                    .isEqualTo(!result.get("model").asText().equals("float"));
        }
        assertThat(charts()).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void anUnknownGridIsRefusedWithTheAllowedOnes() {
        assertThat(errorOf("--grid", "quaternary"))
                .contains("quaternary", "binary, ternary, uniform1 to uniform8, powers2 to powers6");
        assertThat(errorOf("--grid", "uniform9")).contains("bits is 9", "1 to 8");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThat(errorOf("--data", directory.toString()))
                .contains(directory.resolve("train-images-idx3-ubyte").toString());
    }

    @Test
    void helpNamesTheOptions() {
        PrintStream before = System.out;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            assertThat(QuickStart.run("--help")).isZero();
        } finally {
            System.setOut(before);
        }
        assertThat(captured.toString(StandardCharsets.UTF_8))
                .contains("--data", "--epochs", "--grid", "--seed", "--results");
    }

    private static String errorOf(String... args) {
        PrintStream before = System.err;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            assertThat(QuickStart.run(args)).isNotZero();
        } finally {
            System.setErr(before);
        }
        return captured.toString(StandardCharsets.UTF_8);
    }

    private JsonNode results() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("quickstart.json").toFile());
    }

    private List<java.io.File> charts() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(Path::toFile)
                    .filter(file -> file.getName().endsWith(".png"))
                    .toList();
        }
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
