package io.github.dl4jaskew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.examples.study.Study;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** The study of accuracy, on a handful of easy digits. */
@Tag("training")
class StudyTest {

    private static final String CELLS = "mnist-10000/.*/ternary/(rounding|askew-step)/1$";

    @TempDir
    Path directory;

    @BeforeEach
    void digits() throws IOException {
        MnistFiles.write(directory, 120, 40);
    }

    @Test
    void everyCellIsWrittenWithWhatItDependsOn() throws IOException {
        assertThat(run("--cells", CELLS)).isZero();

        JsonNode content = new ObjectMapper().readTree(file().toFile());
        assertThat(texts(content.get("cells"), "method")).containsExactlyInAnyOrder("rounding", "askew-step");
        for (JsonNode cell : content.get("cells")) {
            assertThat(cell.get("dataset").asText()).isEqualTo("mnist-10000");
            assertThat(cell.get("network").asText()).startsWith("mlp-bn");
            assertThat(cell.get("grid").asText()).isEqualTo("ternary");
            assertThat(cell.get("seed").asLong()).isEqualTo(1);
            assertThat(cell.get("accuracy").asDouble()).isBetween(0.0, 1.0);
            assertThat(cell.get("seconds").asDouble()).isPositive();
            assertThat(cell.get("epochs").asInt())
                    .isEqualTo(cell.get("settings").get("epochs").asInt());
            assertThat(cell.get("on_grid").asBoolean()).isTrue();
        }
        // float's rates for the rounding, and AskewSGD's own
        assertThat(texts(content.get("tuning"), "method")).contains("float", "askew-step");
        assertThat(bestChoice(content, "float")).isEqualTo(rate(content, "rounding"));
        assertThat(bestChoice(content, "askew-step")).isEqualTo(rate(content, "askew-step"));
        assertThat(directory.resolve("study.md")).content().contains("| ternary | askew-step |", "minus BinaryConnect");
    }

    @Test
    void onlyFiguresOfTheSameSettingsAreTaken() throws IOException {
        String cells = "mnist-10000/.*/none/float/1$";
        assertThat(run("--cells", cells)).isZero();
        String first = Files.readString(file());

        assertThat(run("--cells", cells)).isZero();
        assertThat(file()).hasContent(first);

        Files.writeString(file(), first.replaceAll("\"tuning_epochs\" : \\d+", "\"tuning_epochs\" : 99"));
        assertThat(run("--cells", cells)).isZero();
        JsonNode content = new ObjectMapper().readTree(file().toFile());
        assertThat(content.get("cells")).hasSize(2);
        assertThat(content.get("cells")
                        .get(0)
                        .get("settings")
                        .get("tuning_epochs")
                        .asInt())
                .isEqualTo(99);
        assertThat(rates(content))
                .as("all rates tried again")
                .hasSize(2 * rates(new ObjectMapper().readTree(first)).size());
        assertThat(directory.resolve("study.md")).content().doesNotContain("99 epochs");
    }

    /** A method whose best rate is the last of its list is given more of them, until one behind the best has been tried. */
    @ParameterizedTest
    @CsvSource({"1, 0.033, 0.01", "-1, 0.00033, 0.001"})
    void aListOfRatesIsContinuedWhereItsEndIsTheBest(double slope, double tried, double chosen) throws IOException {
        String cells = "mnist-10000/.*/none/float/1$";
        assertThat(run("--cells", cells)).isZero();
        ObjectNode content = (ObjectNode) new ObjectMapper().readTree(file().toFile());
        content.putArray("cells");
        ArrayNode listed = new ObjectMapper().createArrayNode();
        for (JsonNode trial : content.get("tuning")) {
            double rate = trial.get("learning_rate").asDouble();
            if (List.of(0.001, 0.003, 0.01).contains(rate)) {
                listed.add(((ObjectNode) trial).put("held_out_accuracy", 2 + slope * rate));
            }
        }
        content.set("tuning", listed);
        new ObjectMapper().writeValue(file().toFile(), content);

        assertThat(run("--cells", cells)).isZero();

        JsonNode after = new ObjectMapper().readTree(file().toFile());
        assertThat(rates(after)).containsExactlyInAnyOrder(0.001, 0.003, 0.01, tried);
        assertThat(rate(after, "float")).isEqualTo(chosen);
    }

    @Test
    void aDamagedFileIsRefusedAndKept() throws IOException {
        Files.writeString(file(), "{ \"cells\" : [");

        assertThat(run("--cells", CELLS)).isEqualTo(1);
        assertThat(file()).hasContent("{ \"cells\" : [");
    }

    @Test
    void badOptionsAreRefused() {
        assertThat(run("--cells", "no such cell")).isEqualTo(1);
        assertThat(run("--parallel", "0")).isEqualTo(1);
        assertThat(Study.run("--data", directory.resolve("nowhere").toString())).isEqualTo(1);
        assertThat(Study.run()).isEqualTo(2);
    }

    /** Networks with quantized activations have names of their own, and float weights beside the quantized ones. */
    @Test
    void activationsAreInTheNameOfTheNetwork() {
        assertThat(listed("--full", "--cells", "mnist-10000/lenet.*/1$"))
                .contains("mnist-10000/lenet/binary/rounding/1", "mnist-10000/lenet/uniform(4)/askew-step/1")
                .contains("mnist-10000/lenet-a1/none/float/1", "mnist-10000/lenet-a1/binary/rounding/1")
                .contains("mnist-10000/lenet-a4/uniform(4)/askew-step/1")
                .doesNotContain("mnist-10000/lenet-a4/binary/rounding/1");
    }

    @Test
    void cellsOfRobustnessAreSelectedByTheirNames() {
        assertThat(listed("--full", "--cells", "robustness/two moons/(binary|ternary)"))
                .containsExactly(
                        "robustness/two moons/binary: 0 trainings done",
                        "robustness/two moons/ternary: 0 trainings done");
        assertThat(listed("--cells", "robustness").map(line -> line.replaceAll(":.*", "")))
                .containsExactly(
                        "robustness/dense, drawn digits/binary",
                        "robustness/dense, drawn digits/uniform(4)",
                        "robustness/dense with batch norm, drawn digits/binary",
                        "robustness/dense with batch norm, drawn digits/uniform(4)",
                        "robustness/dense, " + directory.getFileName() + "/binary",
                        "robustness/dense, " + directory.getFileName() + "/uniform(4)");
        assertThat(run("--cells", "robustness/no such cell", "--list")).isEqualTo(1);
    }

    @Test
    void theListTrainsNothing() {
        assertThat(run("--full", "--list")).isZero();
        assertThat(file()).doesNotExist();
    }

    private Stream<String> listed(String... args) {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            List<String> all = new ArrayList<>(List.of(args));
            all.add("--list");
            assertThat(run(all.toArray(new String[0]))).isZero();
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8).lines();
    }

    private int run(String... args) {
        List<String> all = new ArrayList<>(List.of("--data", directory.toString(), "--results", directory.toString()));
        all.addAll(List.of(args));
        return Study.run(all.toArray(new String[0]));
    }

    private Path file() {
        return directory.resolve("study.json");
    }

    private static List<String> texts(JsonNode array, String field) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.get(field).asText()));
        return texts;
    }

    private static List<Double> rates(JsonNode content) {
        List<Double> rates = new ArrayList<>();
        content.get("tuning")
                .forEach(trial -> rates.add(trial.get("learning_rate").asDouble()));
        return rates;
    }

    private static double rate(JsonNode content, String method) {
        for (JsonNode cell : content.get("cells")) {
            if (cell.get("method").asText().equals(method)) {
                return cell.get("learning_rate").asDouble();
            }
        }
        throw new AssertionError("no cell of " + method);
    }

    private static double bestChoice(JsonNode content, String method) {
        Map<Double, DoubleSummaryStatistics> accuracies = new TreeMap<>();
        Map<Double, DoubleSummaryStatistics> losses = new TreeMap<>();
        for (JsonNode trial : content.get("tuning")) {
            if (trial.get("method").asText().equals(method)) {
                double rate = trial.get("learning_rate").asDouble();
                accuracies
                        .computeIfAbsent(rate, r -> new DoubleSummaryStatistics())
                        .accept(trial.get("held_out_accuracy").asDouble());
                losses.computeIfAbsent(rate, r -> new DoubleSummaryStatistics())
                        .accept(trial.get("held_out_loss").asDouble());
            }
        }
        return Collections.max(
                accuracies.keySet(),
                Comparator.comparingDouble((Double rate) -> accuracies.get(rate).getAverage())
                        .thenComparingDouble(rate -> -losses.get(rate).getAverage()));
    }
}
