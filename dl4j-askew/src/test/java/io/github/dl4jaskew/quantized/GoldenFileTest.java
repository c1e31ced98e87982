package io.github.dl4jaskew.quantized;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;

/**
 * A file of version 1 from the day that the version was made. If one of these tests fails, the format has changed:
 * give it a new version, and keep reading the old one. {@link #main} wrote the file.
 */
class GoldenFileTest {

    private static final String NAME = "golden-v1.askew";

    /** Writes the file anew, for a new version. */
    public static void main(String[] args) throws IOException {
        Files.write(Path.of(args[0]), ModelFiles.bytes(ModelFiles.convolutional()));
    }

    private static byte[] golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(GoldenFileTest.class.getResourceAsStream(NAME), NAME)) {
            return in.readAllBytes();
        }
    }

    @Test
    void loads() throws IOException {
        QuantizedModel expected = ModelFiles.convolutional();
        QuantizedModel model = ModelFiles.load(golden());
        assertThat(model.parameters()).isEqualTo(expected.parameters());
        assertThat(model.labels()).containsExactly("no", "yes");
        assertThat(model.normalization()).isInstanceOf(ImagePreProcessingScaler.class);
        assertThat(model.toMultiLayerNetwork().params())
                .isEqualTo(expected.toMultiLayerNetwork().params());
        assertThat(model.output(ModelFiles.images())).isEqualTo(expected.output(ModelFiles.images()));
    }

    @Test
    void isWrittenAgainByteForByte() throws IOException {
        assertThat(ModelFiles.bytes(ModelFiles.load(golden()))).isEqualTo(golden());
        assertThat(ModelFiles.bytes(ModelFiles.convolutional())).isEqualTo(golden());
    }
}
