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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The demonstration, with and without MNIST. */
@Tag("training")
class QuickStartTest {

    private static final String FIRST_BUILD = "examples/src/build/java/FirstBuild.java";

    @TempDir
    Path directory;

    @Test
    void withoutArgumentsTwoProblemsAreCompared() throws IOException {
        assertThat(QuickStart.run("--epochs", "2", "--seeds", "1", "--seed", "3", "--results", directory.toString()))
                .isZero();
        JsonNode results = results();
        assertThat(results.findValuesAsText("dataset"))
                .containsOnly("drawn digits", "spirals")
                .hasSize(8);
        assertThat(results.findValuesAsText("model"))
                .containsExactly(
                        "float", "rounded", "binaryconnect", "askew", "float", "rounded", "binaryconnect", "askew");
        for (JsonNode result : results) {
            assertThat(names(result)).contains("dataset", "model", "grid", "accuracy", "seconds", "seed", "on_grid");
            boolean quantized = !result.get("model").asText().equals("float");
            assertThat(result.get("on_grid").asBoolean()).as("%s", result).isEqualTo(quantized);
            String grid = result.get("dataset").asText().equals("spirals") ? "ternary" : "binary";
            assertThat(result.get("grid").asText()).isEqualTo(quantized ? grid : "none");
            assertThat(result.get("accuracy").asDouble()).isBetween(0.0, 1.0);
            assertThat(result.get("seed").asLong()).isEqualTo(3);
        }
        assertThat(charts())
                .hasSize(7)
                .allMatch(file -> file.length() > 1000)
                .extracting(java.io.File::getName)
                .contains("quickstart.png", "drawn-digits-mlp-784-64-64-10-binary-weights.png");
    }

    /** What the first command shows, and the README says of it: no figure, as that depends on the processor's rounding. */
    @Test
    void askewSgdIsAboveRoundingAndInTheMedianCloserToFloat() throws IOException {
        assertThat(QuickStart.run("--seeds", "3", "--results", directory.toString()))
                .isZero();
        for (String dataset : List.of("drawn digits", "spirals")) {
            List<Double> unconstrained = accuracies(dataset, "float");
            List<Double> rounded = accuracies(dataset, "rounded");
            List<Double> askew = accuracies(dataset, "askew");
            assertThat(askew).as(dataset).hasSize(3);
            assertThat(IntStream.range(0, 3).filter(seed -> askew.get(seed) > rounded.get(seed)))
                    .as("%s: %s above %s", dataset, askew, rounded)
                    .hasSizeGreaterThanOrEqualTo(2);
            assertThat(median(unconstrained) - median(askew))
                    .as("%s: lost, of what rounding loses %s to %s", dataset, unconstrained, rounded)
                    .isLessThan(0.5 * (median(unconstrained) - median(rounded)));
        }
    }

    private List<Double> accuracies(String dataset, String model) throws IOException {
        List<Double> accuracies = new ArrayList<>();
        for (JsonNode result : results()) {
            if (result.get("dataset").asText().equals(dataset)
                    && result.get("model").asText().equals(model)) {
                accuracies.add(result.get("accuracy").asDouble());
            }
        }
        return accuracies;
    }

    private static double median(List<Double> three) {
        return three.stream().sorted().toList().get(1);
    }

    @Test
    void theSameSeedGivesTheSameNetworks() throws IOException {
        String[] args = {"--epochs", "1", "--seeds", "1", "--grid", "ternary", "--results", directory.toString()};
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
        assertThat(results.findValuesAsText("dataset")).containsOnly("mnist").hasSize(14);
        assertThat(results.findValuesAsText("network")).contains("lenet", "mlp 784-512-512-10");
        assertThat(results.findValuesAsText("grid")).contains("none", "binary", "uniform(2)");
        for (JsonNode result : results) {
            assertThat(result.get("on_grid").asBoolean())
                    .isEqualTo(!result.get("model").asText().equals("float"));
        }
        assertThat(charts()).hasSizeGreaterThanOrEqualTo(4);
    }

    /** Before anything is compiled; -q hides all that Maven itself would say. */
    @Test
    void aFreshCloneIsToldWhyMavenIsSilentAndALaterBuildIsNot() throws IOException, InterruptedException {
        assertThat(firstBuild()).startsWith("First build: Maven downloads");
        Files.createDirectories(directory.resolve("examples/target/classes"));
        assertThat(firstBuild()).isEmpty();
        assertThat(Path.of("../pom.xml")).content().contains("<commandlineArgs>" + FIRST_BUILD + "</commandlineArgs>");
    }

    private String firstBuild() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        Path.of("..", FIRST_BUILD).toAbsolutePath().normalize().toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
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
                .contains("--data", "--epochs", "--grid", "--seed", "--seeds", "--results");
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
