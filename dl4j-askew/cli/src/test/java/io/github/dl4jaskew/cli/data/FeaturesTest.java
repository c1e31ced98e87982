package io.github.dl4jaskew.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Features from text and from NumPy's files. */
class FeaturesTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"1,2.5,-3e2\n4, 5 ,6\n", "a,b,c\n1,2.5,-3e2\n\n4,5,6", "1,2.5,-300\r\n4,5,6\r\n\r\n"})
    void linesAreExamples(String content) throws IOException {
        INDArray features = Features.read(csv(content));
        assertThat(features.shape()).containsExactly(2, 3);
        assertThat(features.dup('c').data().asFloat()).containsExactly(1, 2.5f, -300, 4, 5, 6);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,2;3|line 2 has 1 numbers, but the first has 2",
                "1,2;3,x|line 2: 'x' is not a finite number",
                "1,2;3,NaN|line 2: 'NaN'",
                "1,2;3,1e99|line 2: '1e99'",
                "1,2;3,|line 2: ''",
                "a,b|no line of numbers",
                "a,b;c,d|line 2: 'c'",
                "a,1|line 1: 'a'"
            })
    void damagedTextIsRefusedWithItsLine(String content, String message) {
        assertThatThrownBy(() -> Features.read(csv(content.replace(';', '\n'))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("features.csv")
                .hasMessageContaining(message);
    }

    @Test
    void manyLinesGrowTheBuffer() throws IOException {
        StringBuilder content = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            content.append(i).append(',').append(-i).append('\n');
        }
        INDArray features = Features.read(csv(content.toString()));
        assertThat(features.shape()).containsExactly(3000, 2);
        assertThat(features.getDouble(2999, 1)).isEqualTo(-2999);
    }

    @Test
    void aMissingFileIsSaidToBeMissing() {
        assertThatThrownBy(() -> Features.read(directory.resolve("none.csv"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> Features.read(directory.resolve("none.npy"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void numpyArraysKeepShapeAndOrder() throws IOException {
        ByteBuffer floats = buffer(6 * 4);
        for (int i = 0; i < 6; i++) {
            floats.putFloat(i + 0.5f);
        }
        INDArray c = Features.read(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", floats, 1));
        assertThat(c.shape()).containsExactly(3, 2);
        assertThat(c.getFloat(1, 0)).isEqualTo(2.5f);
        INDArray f = Features.read(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2), }", floats, 2));
        assertThat(f.getFloat(1, 0)).isEqualTo(1.5f);
        assertThat(f.getFloat(0, 1)).isEqualTo(3.5f);

        ByteBuffer bytes = buffer(4).put(new byte[] {0, 1, (byte) 200, (byte) 255});
        INDArray pixels = Features.read(npy("{'shape':(1,1,2,2),'fortran_order':False,'descr':'|u1'}", bytes, 1));
        assertThat(pixels.shape()).containsExactly(1, 1, 2, 2);
        assertThat(pixels.data().asFloat()).containsExactly(0, 1, 200, 255);

        ByteBuffer doubles = buffer(8).putDouble(0.1);
        INDArray vector = Features.read(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", doubles, 1));
        assertThat(vector.shape()).containsExactly(1);
        assertThat(vector.getFloat(0)).isEqualTo(0.1f);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }|type >f4",
                "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }|type <i8",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }|truncated",
                "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }|too long",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (), }|not a set of examples",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }|not a set of examples",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999, 99999), }|not a set of examples",
                "{'descr': '<f4', 'shape': (1,), }|not understood"
            })
    void damagedArraysAreRefused(String line) throws IOException {
        int bar = line.lastIndexOf('|');
        Path file = npy(line.substring(0, bar), buffer(4), 1);
        assertThatThrownBy(() -> Features.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("features.npy")
                .hasMessageContaining(line.substring(bar + 1));
    }

    @Test
    void whatIsNoArrayIsRefused() throws IOException {
        Path file = directory.resolve("features.npy");
        Files.writeString(file, "1,2,3\n4,5,6\n");
        assertThatThrownBy(() -> Features.read(file)).hasMessageContaining("no .npy file");
        Path notFinite = npy(
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
                buffer(4).putFloat(Float.NaN),
                1);
        assertThatThrownBy(() -> Features.read(notFinite)).hasMessageContaining("number 0 is NaN");
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Path csv(String content) throws IOException {
        return Files.writeString(directory.resolve("features.csv"), content);
    }

    private Path npy(String header, ByteBuffer data, int version) throws IOException {
        byte[] line = (header + " \n").getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        out.write(
                version == 1
                        ? buffer(2).putShort((short) line.length).array()
                        : buffer(4).putInt(line.length).array());
        out.write(line);
        out.write(data.array());
        return Files.write(directory.resolve("features.npy"), out.toByteArray());
    }
}
