package io.github.dl4jaskew.packed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.dl4jaskew.testkit.Sections;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedFileTest {

    private static PackedReader reader() throws IOException {
        return new PackedReader(new ByteArrayInputStream(PackedFiles.bytes()));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        PackedModel model = PackedModel.read(new ByteArrayInputStream(PackedFiles.bytes()));
        assertThat(model.head()).isEqualTo(PackedFiles.head());
        PackedParameter ternary = model.parameter("conv", "W");
        assertThat(ternary.codes()).isEqualTo(PackedFiles.codes(3, 24));
        assertThat(ternary.codes().packing()).isEqualTo(Packing.RADIX);
        assertThat(ternary.scales()).containsExactly(0.1f, 0.2f, 0.3f, 0.4f);
        for (int i = 0; i < 24; i++) {
            int code = ternary.codes().get(i);
            assertThat(ternary.value(i)).isEqualTo(ternary.scales()[i / 6] * (code - 1));
        }
        PackedParameter doubles = model.parameter("dense", "W");
        assertThat(doubles.value(3))
                .isEqualTo((double) 0.7f
                        * List.of(-2.0, -1.0, 0.5, 1.0, 2.0).get(doubles.codes().get(3)));
        float[] floats = new float[3];
        model.parameter("dense", "b").get(0, floats, 0, 3);
        assertThat(floats).containsExactly(0, 0.5f, 1);
        assertThat(model.parameter("out", "b").value(1)).isEqualTo(0.25);
        assertThat(model.parameter("out", "b").codes()).isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.parameter("out", "W"))
                .withMessageContaining("'W'");
    }

    @Test
    void numbersComeInAnyPieces() throws IOException {
        PackedParameter ternary = reader().readParameter();
        float[] whole = new float[24];
        ternary.get(0, whole, 0, 24);
        for (int from = 0; from < 24; from++) {
            float[] piece = new float[26 - from];
            ternary.get(from, piece, 1, 24 - from);
            assertThat(Arrays.copyOfRange(piece, 1, 25 - from)).isEqualTo(Arrays.copyOfRange(whole, from, 24));
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> ternary.get(20, whole, 0, 5));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> ternary.value(-1));
    }

    @Test
    void sizesAreKnownBefore() {
        assertThat(PackedWriter.fileBytes(PackedFiles.head())).isEqualTo(PackedFiles.bytes().length);
        Sections sections = Sections.of(PackedFiles.bytes());
        List<Integer> data = new ArrayList<>();
        sections.list.stream().filter(s -> s.tag.equals("DATA")).forEach(s -> data.add(s.payload.length));
        assertThat(data).containsExactly(4 * 4 + 5, 4 + 3, 12, 4);
        assertThat(PackedFiles.head().parameters().stream().mapToLong(ParameterInfo::dataBytes))
                .containsExactly(21L, 7L, 12L, 4L);
        assertThat(sections.join()).isEqualTo(PackedFiles.bytes());
    }

    @Test
    void streamsAreLeftBehindTheFile(@TempDir Path directory) throws IOException {
        byte[] file = PackedFiles.bytes();
        byte[] more = Arrays.copyOf(file, file.length + 1);
        more[file.length] = 42;
        ByteArrayInputStream in = new ByteArrayInputStream(more);
        PackedModel.read(in);
        assertThat(in.read()).isEqualTo(42);

        Path path = directory.resolve("model");
        Files.write(path, file);
        assertThat(PackedModel.read(path).head()).isEqualTo(PackedFiles.head());
        Files.write(path, more);
        assertThatExceptionOfType(PackedFormatException.class)
                .isThrownBy(() -> PackedModel.read(path))
                .withMessageContaining("behind the end");
    }

    @Test
    void readersKeepTheOrder() throws IOException {
        PackedReader reader = reader();
        assertThatIllegalStateException().isThrownBy(reader::end).withMessageContaining("only 0 of 4");
        assertThatIllegalStateException()
                .isThrownBy(() -> reader.readRaw((first, block, count) -> {}))
                .withMessageContaining("is coded");
        for (int i = 0; i < 4; i++) {
            reader.readParameter();
        }
        assertThatIllegalStateException().isThrownBy(reader::readParameter).withMessageContaining("all 4");
        reader.end();
        assertThat(reader.position()).isEqualTo(PackedFiles.bytes().length);
    }

    @Test
    void writersKeepTheOrder() throws IOException {
        PackedWriter writer = new PackedWriter(OutputStream.nullOutputStream(), PackedFiles.head());
        PackedParameter five = PackedParameter.coded(PackedFiles.FIVE_LEVELS, new float[] {1}, PackedFiles.codes(5, 7));
        assertThatIllegalStateException()
                .isThrownBy(() -> writer.writeCoded(five))
                .withMessageContaining("'conv'");
        writer.writeCoded(five);
        assertThatIllegalStateException()
                .isThrownBy(() -> writer.writeCoded(five))
                .withMessageContaining("'b'");
        assertThatIllegalStateException().isThrownBy(writer::end).withMessageContaining("only 3 of 4");
    }

    @Test
    void parametersAreConsistent() {
        PackedCodes codes = PackedFiles.codes(5, 7);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackedParameter.coded(PackedFiles.FIVE_LEVELS, new float[] {1, 2}, codes))
                .withMessageContaining("2 scales");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackedParameter.coded(PackedFiles.FIVE_LEVELS, new float[] {Float.NaN}, codes))
                .withMessageContaining("scale 0 is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackedParameter.coded(PackedFiles.BIAS, new float[0], codes));
        assertThatIllegalArgumentException().isThrownBy(() -> info('x', 2L)).withMessageContaining("memory order");
        assertThatIllegalArgumentException().isThrownBy(() -> info('c', 2L, 0L)).withMessageContaining("[2, 0]");
        assertThatIllegalArgumentException().isThrownBy(() -> info('c', 1L << 40, 1L << 40));
        assertThatIllegalArgumentException().isThrownBy(() -> info('c')).withMessageContaining("rank is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ParameterInfo(
                        "a", "b", ValueType.FLOAT32, 'c', List.of(7L), PackedFiles.coding(2, 3, 0.0, 1.0)))
                .withMessageContaining("2 channels of stride 3 do not divide 7");
        assertThatIllegalArgumentException().isThrownBy(() -> PackedFiles.coding(1, 1, 1.0, 1.0));
        assertThatIllegalArgumentException().isThrownBy(() -> PackedFiles.coding(1, 1, 1.0));
        assertThatIllegalArgumentException().isThrownBy(() -> PackedFiles.coding(1, 1, 1.0, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> PackedFiles.coding(0, 1, 1.0, 2.0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PackedHead(
                        NetworkKind.GRAPH, "", List.of(PackedFiles.BIAS, PackedFiles.BIAS), null, null, null))
                .withMessageContaining("is there twice");
    }

    private static ParameterInfo info(char order, Long... shape) {
        return new ParameterInfo("a", "b", ValueType.FLOAT32, order, List.of(shape), null);
    }

    @Test
    void longNamesAreRefused() {
        PackedHead head = new PackedHead(NetworkKind.GRAPH, "", List.of(), null, List.of("x".repeat(65536)), null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackedWriter.fileBytes(head))
                .withMessageContaining("65536 bytes");
    }
}
