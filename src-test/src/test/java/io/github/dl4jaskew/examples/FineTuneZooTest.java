package io.github.dl4jaskew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.cli.Program;
import io.github.dl4jaskew.examples.zoo.LocalLeNet;
import io.github.dl4jaskew.examples.zoo.PretrainedTest;
import io.github.dl4jaskew.examples.zoo.ResourceServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Fine-tuning of zoo models. */
@Tag("training")
class FineTuneZooTest {

    @TempDir
    Path directory;

    @Test
    void comparesFloatRoundedAndAskew() throws IOException {
        assertThat(FineTuneZoo.run(options("--bits", "1,2"))).isZero();
        JsonNode results = results();
        assertThat(results.findValuesAsText("method")).containsExactly("float", "rounded", "askew", "rounded", "askew");
        assertThat(results.findValuesAsText("bits")).containsExactly("32", "1", "1", "2", "2");
        for (JsonNode r : results) {
            boolean quantized = !r.get("method").asText().equals("float");
            assertThat(r.get("model").asText()).isEqualTo("lenet");
            assertThat(r.get("pretrained").asText()).isEqualTo("digits 0 to 4");
            assertThat(r.get("on_grid").asBoolean()).isEqualTo(quantized);
            assertThat(r.get("accuracy").asDouble()).isBetween(0.0, 1.0);
            assertThat(r.get("loss").asDouble()).isPositive().isFinite();
            assertThat(r.get("scale").asText()).isEqualTo(quantized ? "mse per channel" : "none");
            assertThat(r.get("quantized_parameters").asLong()).isEqualTo(quantized ? 50 * 20 * 25 + 2450 * 500 : 0);
        }
        long parameters = results.get(0).get("parameters").asLong();
        assertThat(results.get(0).get("bytes").asLong()).isEqualTo(4 * parameters);
        assertThat(results.get(2).get("bytes").asLong()).isLessThan(4 * parameters / 25);
    }

    @Test
    void simpleCnnTrainsToo() throws IOException {
        assertThat(FineTuneZoo.run(options("--bits", "1", "--model", "simplecnn")))
                .isZero();
        assertThat(results().findValuesAsText("model")).containsOnly("simplecnn");
        assertThat(results().findValuesAsText("on_grid")).containsExactly("false", "true", "true");
    }

    @Test
    void oneScaleForEachLayer() throws IOException {
        assertThat(FineTuneZoo.run(options("--bits", "1", "--per-tensor"))).isZero();
        assertThat(results().findValuesAsText("scale")).containsExactly("none", "mse", "mse");
        assertThat(results().findValuesAsText("on_grid")).containsExactly("false", "true", "true");
    }

    @Test
    void startsFromTheZoosWeightsWhereTheyCanBeHad() throws IOException {
        byte[] file = PretrainedTest.zip(new LocalLeNet(0).init());
        LocalLeNet model = new LocalLeNet(PretrainedTest.adler(file));
        try (ResourceServer server = new ResourceServer(directory, LocalLeNet.PATH, file)) {
            assertThat(Program.run(
                            new FineTuneZoo(kind -> model),
                            options(
                                    "--bits",
                                    "1",
                                    "--pretrained",
                                    "--base-url",
                                    server.address(),
                                    "--cache",
                                    directory.toString())))
                    .isZero();
            assertThat(server.requests()).isPositive();
        }
        assertThat(results().findValuesAsText("pretrained")).containsOnly("zoo");
        assertThat(results().findValuesAsText("on_grid")).containsExactly("false", "true", "true");
    }

    @Test
    void withoutThemItSaysSo() throws IOException {
        try (ResourceServer server = new ResourceServer(directory, "nothing", new byte[0])) {
            assertThat(FineTuneZoo.run(options("--pretrained", "--base-url", server.address())))
                    .isEqualTo(1);
        }
        assertThat(FineTuneZoo.run(options("--pretrained", "--model", "simplecnn")))
                .isEqualTo(1);
    }

    @Test
    void noBitsAreRefused() {
        assertThat(FineTuneZoo.run(options("--bits", "0"))).isEqualTo(1);
        assertThat(FineTuneZoo.run(options("--train", "0"))).isEqualTo(1);
    }

    private String[] options(String... own) {
        List<String> all = new ArrayList<>(List.of("--epochs", "1", "--results", directory.toString()));
        all.addAll(List.of(own));
        if (!all.contains("--train")) {
            all.addAll(List.of("--train", "60", "--test", "40"));
        }
        return all.toArray(String[]::new);
    }

    private JsonNode results() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("finetune.json").toFile());
    }
}
