package io.github.dl4jaskew.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jaskew.examples.data.GrammarText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The character model, and the text that it learns. */
@Tag("training")
class CharacterModelTest {

    @TempDir
    Path directory;

    @Test
    void aTernaryModelBeatsTheRoundedFloatOne() throws IOException {
        assertThat(CharacterModel.run(
                        "--seeds", "5", "--epochs", "6", "--units", "16", "--results", directory.toString()))
                .isZero();
        JsonNode summary =
                new ObjectMapper().readTree(directory.resolve("characters.json").toFile());
        assertThat(summary.get("askew_beats_rounded").asInt()).isGreaterThanOrEqualTo(4);
        assertThat(bitsLessThan("rounded", summary)).isGreaterThan(0.1);
        assertThat(bitsLessThan("float", summary)).isGreaterThan(-0.3);
        for (JsonNode run : summary.get("runs")) {
            assertThat(run.get("on_grid").asBoolean()).isTrue();
        }
        assertThat(summary.get("packed_bytes").asInt())
                .isLessThan(summary.get("float_bytes").asInt() / 5);
        assertThat(summary.get("sample").asText()).matches("[ .a-z]{100,}");
    }

    /** Bits a character that AskewSGD's models need less than the others of the same seeds: the median. */
    private static double bitsLessThan(String model, JsonNode summary) {
        List<Double> differences = new ArrayList<>();
        for (JsonNode run : summary.get("runs")) {
            differences.add(run.get(model).get("bits_per_character").asDouble()
                    - run.get("askew").get("bits_per_character").asDouble());
        }
        Collections.sort(differences);
        return differences.get(differences.size() / 2);
    }

    @Test
    void badArgumentsAreRefused() {
        assertThat(CharacterModel.run("--seeds", "0")).isNotZero();
        assertThat(CharacterModel.run("--units", "0")).isNotZero();
        assertThat(CharacterModel.run("--grid", "round")).isEqualTo(2);
    }

    @Test
    void verbsAgreeWithNouns() {
        String text = GrammarText.generate(5000, 1);
        assertThat(text)
                .hasSize(5000)
                .isEqualTo(GrammarText.generate(5000, 1))
                .isNotEqualTo(GrammarText.generate(5000, 2));
        for (String sentence : text.substring(0, text.lastIndexOf('.')).split("\\. ?")) {
            assertThat(sentence).matches("(the .*[^s] \\w+s|two .*s \\w+[^s]) a .*");
        }
    }

    @Test
    void labelsAreTheNextCharacters() {
        DataSet data = GrammarText.sequences("the fox.", 3);
        assertThat(data.getFeatures().shape()).containsExactly(2, GrammarText.ALPHABET.length(), 3);
        assertThat(text(data.getFeatures(), 0) + text(data.getFeatures(), 1)).isEqualTo("the fo");
        assertThat(text(data.getLabels(), 0) + text(data.getLabels(), 1)).isEqualTo("he fox");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GrammarText.sequences("fox", 3))
                .withMessageContaining("steps is 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GrammarText.sequences("Fox", 1))
                .withMessageContaining("'F'");
    }

    private static String text(INDArray sequences, int row) {
        StringBuilder text = new StringBuilder();
        for (int t = 0; t < sequences.size(2); t++) {
            for (int c = 0; c < GrammarText.ALPHABET.length(); c++) {
                if (sequences.getDouble(row, c, t) == 1) {
                    text.append(GrammarText.ALPHABET.charAt(c));
                }
            }
        }
        return text.toString();
    }
}
