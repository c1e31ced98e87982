package io.github.dl4jaskew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

@Tag("slow")
class PackedSizesTest {

    @TempDir
    Path directory;

    @Test
    void binaryLenetIsTwentyFiveTimesSmaller() throws IOException {
        assertThat(PackedSizes.run("--network", "lenet", "--results", directory.toString()))
                .isZero();
        JsonNode size = new ObjectMapper()
                .readTree(directory.resolve("sizes.json").toFile())
                .get(0);
        assertThat(size.get("parameters").asLong()).isEqualTo(1_256_080);
        assertThat(size.get("file_bytes").asLong())
                .isEqualTo(size.get("predicted_file_bytes").asLong())
                .isEqualTo(Files.size(directory.resolve("lenet.askew")));
        // 1,255,500 weights of one bit, 4 scales and 580 biases of 4 bytes
        assertThat(size.get("packed_parameter_bytes").asLong()).isEqualTo(63 + 3125 + 153125 + 625 + 4 * 4 + 580 * 4);
        assertThat(size.get("ratio").asDouble()).isGreaterThan(25);
        assertThat(size.get("same_parameters").asBoolean()).isTrue();
    }
}
