package io.github.dl4jaskew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import onnx.Onnx.ModelProto;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** From Keras' layout to files for others. */
@Tag("training")
class KerasToEdgeTest {

    @TempDir
    Path directory;

    @Test
    void aNetworkInKerasLayoutIsQuantizedPackedAndExported() throws IOException {
        assertThat(KerasToEdge.run("--train", "60", "--test", "20", "--epochs", "1", "--results", directory.toString()))
                .isZero();
        JsonNode results =
                new ObjectMapper().readTree(directory.resolve("keras.json").toFile());
        assertThat(results.get("model").asText()).isEqualTo("built in");
        assertThat(results.get("grid").asText()).isEqualTo("ternary");
        assertThat(results.get("edge_accuracy").isNull())
                .isNotEqualTo(results.get("edge_refusal").isNull());
        QuantizedModel model = QuantizedModel.load(directory.resolve("keras.askew"));
        assertThat(model.parameters()).hasSize(3);
        ModelProto onnx = ModelProto.parseFrom(Files.readAllBytes(directory.resolve("keras.onnx")));
        assertThat(onnx.getGraph()
                        .getInput(0)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDimCount())
                .isEqualTo(4);
    }

    @Test
    void aFileThatIsNotThereIsAnError() {
        assertThat(KerasToEdge.run("--model", directory.resolve("none.h5").toString(), "--train", "60", "--test", "20"))
                .isEqualTo(1);
    }
}
