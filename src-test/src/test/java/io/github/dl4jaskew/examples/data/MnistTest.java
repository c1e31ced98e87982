package io.github.dl4jaskew.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.examples.MnistFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Good, missing, corrupt and truncated idx files. */
class MnistTest {

    @TempDir
    Path directory;

    @BeforeEach
    void writeFiles() throws IOException {
        MnistFiles.write(directory, 30, 20);
    }

    @Test
    void pixelsAndLabelsAreRead() throws IOException {
        Split split = Mnist.read(directory);
        assertThat(split.train().getFeatures().shape()).containsExactly(30, 784);
        assertThat(split.test().getLabels().shape()).containsExactly(20, 10);
        assertThat(split.test().getLabels().sumNumber().intValue()).isEqualTo(20);
        int digit = split.test().getLabels().getRow(7).argMax().getInt(0);
        assertThat(split.test().getFeatures().getFloat(7, (2 * digit + 4) * 28 + 10))
                .isEqualTo(1f);
        assertThat(split.train().getFeatures().minNumber().floatValue()).isNotNegative();
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(directory.resolve("t10k-labels-idx1-ubyte"));
        refused("t10k-labels-idx1-ubyte", "no such file");
    }

    @Test
    void aTruncatedFileIsNamed() throws IOException {
        rewrite("t10k-images-idx3-ubyte", bytes -> Arrays.copyOf(bytes, bytes.length - 1));
        refused("t10k-images-idx3-ubyte", "truncated", "15680", "15679");
        rewrite("t10k-images-idx3-ubyte", bytes -> Arrays.copyOf(bytes, 10));
        refused("t10k-images-idx3-ubyte", "ends in the header");
    }

    @Test
    void aFileThatIsTooLongIsNamed() throws IOException {
        rewrite("t10k-labels-idx1-ubyte", bytes -> Arrays.copyOf(bytes, bytes.length + 1));
        refused("t10k-labels-idx1-ubyte", "too long");
    }

    @Test
    void aWrongMagicNumberIsShown() throws IOException {
        rewrite("t10k-labels-idx1-ubyte", bytes -> {
            bytes[2] = 0x0D;
            return bytes;
        });
        refused("t10k-labels-idx1-ubyte", "00000d01", "00000801");
    }

    @Test
    void impossibleSizesAreRefused() throws IOException {
        rewrite("t10k-labels-idx1-ubyte", bytes -> {
            bytes[4] = (byte) 0xFF;
            return bytes;
        });
        refused("t10k-labels-idx1-ubyte", "sizes");
        rewrite("t10k-images-idx3-ubyte", bytes -> {
            Arrays.fill(bytes, 4, 16, (byte) 0x7F);
            return bytes;
        });
        refused("t10k-images-idx3-ubyte", "sizes");
    }

    @Test
    void aDamagedGzipStreamIsNamed() throws IOException {
        rewrite("train-images-idx3-ubyte.gz", bytes -> Arrays.copyOf(bytes, bytes.length / 2));
        refused("train-images-idx3-ubyte.gz", "truncated");
        rewrite("train-images-idx3-ubyte.gz", bytes -> {
            Arrays.fill(bytes, 20, bytes.length, (byte) 0x55);
            return bytes;
        });
        refused("train-images-idx3-ubyte.gz", "corrupt");
    }

    @Test
    void imagesOfAnotherSizeAndLabelsThatDoNotFitAreRefused() throws IOException {
        Path images = directory.resolve("t10k-images-idx3-ubyte");
        Path labels = directory.resolve("t10k-labels-idx1-ubyte");
        Files.write(labels, MnistFiles.idx(new byte[19], 19));
        refused("t10k-labels-idx1-ubyte", "19 labels", "20 images");
        byte[] values = new byte[20];
        values[3] = 10;
        Files.write(labels, MnistFiles.idx(values, 20));
        refused("t10k-labels-idx1-ubyte", "label 3 is 10");
        Files.write(images, MnistFiles.idx(new byte[20 * 27 * 28], 20, 27, 28));
        refused("t10k-images-idx3-ubyte", "27 x 28");
    }

    private void refused(String file, String... parts) {
        assertThatThrownBy(() -> Mnist.read(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.resolve(file).toString())
                .message()
                .contains(parts);
    }

    private interface Change {
        byte[] apply(byte[] bytes);
    }

    private void rewrite(String name, Change change) throws IOException {
        Path file = directory.resolve(name);
        Files.write(file, change.apply(Files.readAllBytes(file)));
    }
}
