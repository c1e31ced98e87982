package io.github.dl4jaskew.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** From training to serving. */
@Tag("training")
class PackedModelsTest {

    @TempDir
    Path directory;

    @Test
    void whatIsLoadedGivesTheSameOutputs() throws IOException {
        assertThat(PackedModels.run(
                        "--train", "60", "--test", "50", "--epochs", "1", "--results", directory.toString()))
                .isZero();
        JsonNode results = results();
        assertThat(results.findValuesAsText("model")).containsExactly("lenet", "mlp 784-512-512-10");
        for (JsonNode result : results) {
            assertThat(result.get("dataset").asText()).isEqualTo("drawn digits");
            assertThat(result.get("grid").asText()).isEqualTo("ternary");
            assertThat(result.get("max_abs_output_difference").asDouble()).isZero();
            assertThat(result.get("float_bytes").asLong())
                    .isEqualTo(4 * result.get("parameters").asLong());
            assertThat(result.get("ratio").asDouble())
                    .isEqualTo(
                            result.get("float_bytes").asDouble()
                                    / result.get("packed_bytes").asLong(),
                            within(1e-9))
                    .isGreaterThan(15);
        }
        requireFile(results.get(0), "lenet.askew");
        requireFile(results.get(1), "mlp.askew");
    }

    private void requireFile(JsonNode result, String name) throws IOException {
        Path file = directory.resolve(name);
        assertThat(Files.size(file))
                .isEqualTo(result.get("file_bytes").asLong())
                .isGreaterThan(result.get("packed_bytes").asLong());
        assertThat(QuantizedModel.load(file).toMultiLayerNetwork().numParams())
                .isEqualTo(result.get("parameters").asLong());
    }

    @Test
    void mnistIsReadFromItsFiles() throws IOException {
        MnistFiles.write(directory, 100, 50);
        assertThat(PackedModels.run(
                        "--data",
                        directory.toString(),
                        "--epochs",
                        "1",
                        "--grid",
                        "binary",
                        "--results",
                        directory.toString()))
                .isZero();
        assertThat(results().findValuesAsText("dataset")).containsExactly("mnist", "mnist");
        assertThat(results().findValuesAsText("grid")).containsExactly("binary", "binary");
    }

    @Test
    void noTrainingDataIsRefused() {
        assertThat(PackedModels.run("--train", "0", "--results", directory.toString()))
                .isEqualTo(1);
    }

    private JsonNode results() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("packed.json").toFile());
    }
}
