package io.github.dl4jaskew.quantized;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.packed.PackedFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Three files, cut off behind every byte and with every byte changed: every reader refuses each. */
class EveryByteTest {

    private static final int MASKS = 3;

    interface Loader {
        void load(InputStream in) throws IOException;
    }

    private static final List<Loader> NETWORKS = List.of(EdgeModel::load, QuantizedModel::load);
    private static final List<Loader> GRAPHS = List.of(QuantizedSameDiff::load);

    static List<Arguments> files() throws IOException {
        try (InputStream graph = EveryByteTest.class.getResourceAsStream("golden-samediff-v1.askew")) {
            return List.of(
                    Arguments.of(ModelFiles.bytes(ModelFiles.dense()), NETWORKS),
                    Arguments.of(ModelFiles.bytes(ModelFiles.convolutional()), NETWORKS),
                    Arguments.of(graph.readAllBytes(), GRAPHS));
        }
    }

    private static void requireRefused(byte[] file, List<Loader> loaders) {
        for (Loader loader : loaders) {
            assertThatExceptionOfType(PackedFormatException.class)
                    .isThrownBy(() -> loader.load(new ByteArrayInputStream(file)));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void truncated(byte[] file, List<Loader> loaders) {
        for (int n = 0; n < file.length; n++) {
            requireRefused(Arrays.copyOf(file, n), loaders);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void changed(byte[] file, List<Loader> loaders) {
        for (int mask = 0; mask < MASKS; mask++) {
            for (int i = 0; i < file.length; i++) {
                byte[] changed = file.clone();
                // One bit of each, another for the next byte, and all bits.
                changed[i] ^= (byte) (mask == 0 ? 0xFF : 1 << (i + 3 * mask) % 8);
                requireRefused(changed, loaders);
            }
        }
    }
}
