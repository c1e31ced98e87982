package io.github.dl4jaskew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The example of margins, with a small budget. */
@Tag("training")
class LateStageTest {

    @TempDir
    Path directory;

    @Test
    void marginsAgreeWithTheirClosedForms() throws IOException {
        assertThat(LateStage.run("--steps", "500", "--epochs", "3", "--seed", "2", "--results", directory.toString()))
                .isZero();
        List<JsonNode> known = new ArrayList<>();
        List<String> trainings = new ArrayList<>();
        for (JsonNode row :
                new ObjectMapper().readTree(directory.resolve("margin.json").toFile())) {
            assertThat(row.hasNonNull("case") && row.hasNonNull("k") && row.hasNonNull("measured"))
                    .as("%s", row)
                    .isTrue();
            if (row.hasNonNull("expected")) {
                known.add(row);
            } else {
                trainings.add(row.get("case").asText());
            }
        }
        assertThat(known)
                .extracting(row -> row.get("case").asText().substring(0, 1))
                .contains("A", "B", "C", "D", "F", "G");
        for (JsonNode row : known) {
            double expected = row.get("expected").asDouble();
            // A to C and G to 5 digits, but for the quantities of B that are known to 4; D to 1e-3
            boolean five = "ACG".contains(row.get("case").asText().substring(0, 1));
            assertThat(Math.abs(row.get("measured").asDouble() - expected))
                    .as("%s", row)
                    .isLessThanOrEqualTo(five ? 1e-5 * expected : 1e-3);
        }
        assertThat(trainings).contains("plain SGD", "loss-based", "binary", "binary hidden layer");
        for (String chart : List.of("normalized-margin", "smallest-margin", "loss", "alignment")) {
            assertThat(Files.size(directory.resolve("generated-" + chart + ".png")))
                    .isGreaterThan(1000);
        }
    }

    @Test
    void digitsAreReadFromIdxFiles() throws IOException {
        MnistFiles.write(directory, 300, 100);
        assertThat(LateStage.run(
                        "--data",
                        directory.toString(),
                        "--steps",
                        "1",
                        "--epochs",
                        "2",
                        "--results",
                        directory.toString()))
                .as("after 1 step, margins are not what they should be")
                .isEqualTo(1);
        assertThat(directory.resolve("mnist-3-and-5-loss.png")).exists();
    }

    @Test
    void refusesBadBudgets() {
        assertThat(LateStage.run("--epochs", "0", "--results", directory.toString()))
                .isNotZero();
        assertThat(LateStage.run("--steps", "0", "--results", directory.toString()))
                .isNotZero();
        assertThat(directory.resolve("margin.json")).doesNotExist();
    }
}
