package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.packed.NetworkKind;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.packed.PackedHead;
import io.github.dl4jaskew.packed.PackedWriter;
import io.github.dl4jaskew.packed.ParameterInfo;
import io.github.dl4jaskew.packed.ValueType;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedSameDiff;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.testkit.SameDiffs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** Packed files of SameDiff graphs. */
class SameDiffFileTest {

    private static final String GOLDEN = "quantized/golden-samediff-v1.askew";

    @TempDir
    private Path directory;

    /** Writes the golden file anew, for a new version. */
    public static void main(String[] args) throws IOException {
        fixed().save(Path.of(args[0]));
    }

    private static Askew recipe() {
        return Askew.builder()
                .grid(Grid.ternary())
                .scale(Scale.mse().perChannel())
                .epsilon(Annealing.hold(1).thenLinear(1))
                .build();
    }

    private static QuantizedSameDiff trained() {
        SameDiff graph = SameDiffs.of(new Adam(0.05));
        recipe().install(graph);
        SameDiffs.fit(graph, 3);
        return recipe().quantize(graph);
    }

    /** A graph whose numbers are the same on every machine: all kinds of variables, types and memory orders. */
    private static QuantizedSameDiff fixed() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 3);
        SDVariable w =
                graph.var("w", Nd4j.createFromArray(-3f, -2f, -1f, 0f, 1f, 2f).reshape(3, 2));
        graph.associateArrayWithVariable(w.getArr().dup('f'), w);
        SDVariable y = x.mmul(w).add(graph.var("b", Nd4j.createFromArray(0.5f, -0.25f)));
        SDVariable scaled = y.mul(graph.var("gain", Nd4j.scalar(2.0f)))
                .add(graph.constant("offset", Nd4j.createFromArray(new float[][] {{1, 2}})));
        graph.reshape("out", scaled, graph.constant("shape", Nd4j.createFromArray(-1L, 2L)));
        graph.constant("wide", Nd4j.createFromArray(1e-300, 7));
        graph.setLossVariables("out");
        graph.setTrainingConfig(TrainingConfig.builder()
                .updater(new Sgd(1))
                .dataSetFeatureMapping("x")
                .markLabelsUnused()
                .build());
        Askew recipe = Askew.builder()
                .grid(Grid.uniform(2))
                .scale(Scale.fixed(1.5))
                .epsilon(Annealing.hold(1).thenLinear(1))
                .build();
        recipe.install(graph);
        return recipe.quantize(graph);
    }

    private static byte[] bytes(QuantizedSameDiff model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        model.save(out);
        assertThat(model.fileBytes()).isEqualTo(out.size());
        return out.toByteArray();
    }

    private static QuantizedSameDiff load(byte[] bytes) throws IOException {
        return QuantizedSameDiff.load(new ByteArrayInputStream(bytes));
    }

    @Test
    void loadsBitForBit() throws IOException {
        QuantizedSameDiff model = trained();
        Path file = directory.resolve("graph.askew");
        model.save(file);
        QuantizedSameDiff loaded = QuantizedSameDiff.load(file);
        assertThat(loaded.parameters()).isEqualTo(model.parameters());
        Map<String, INDArray> features = Map.of("in", Nets.normal(7, 5, Nets.IN));
        assertThat(loaded.output(features, "out")).isEqualTo(model.output(features, "out"));
        SameDiffs.variables(model.toSameDiff())
                .forEach((name, values) -> assertThat(
                                SameDiffs.variables(loaded.toSameDiff()).get(name))
                        .isEqualTo(values));
        assertThat(loaded.toSameDiff().getTrainingConfig()).isNull();
        assertThat(model.memoryReport().toString())
                .contains("hidden/w", "hidden/b")
                .contains("times smaller");
        assertThat(loaded.memoryReport())
                .as("but for warnings, which a file does not hold")
                .isEqualTo(model.withWarnings(List.of()).memoryReport());
        assertThat(model.memoryReport().packedBytes())
                .isLessThan(model.memoryReport().floatBytes());
        assertThat(Files.size(file)).isEqualTo(model.fileBytes());
    }

    @Test
    void aLoadedGraphTrainsOnAsTheOneThatWasSaved() throws IOException {
        QuantizedSameDiff model = trained();
        Map<String, float[]> expected = trainedOn(model.toSameDiff());
        Map<String, float[]> actual = trainedOn(load(bytes(model)).toSameDiff());
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, values) -> {
            assertThat(actual.get(name)).as(name).isEqualTo(values);
            assertThat(values)
                    .as(name)
                    .isNotEqualTo(SameDiffs.variables(model.toSameDiff()).get(name));
        });
    }

    private static Map<String, float[]> trainedOn(SameDiff graph) {
        graph.setTrainingConfig(SameDiffs.config(new Adam(0.01)).build());
        assertThat(recipe().install(graph).constrained()).hasSize(2);
        SameDiffs.fit(graph, 2);
        return SameDiffs.variables(graph);
    }

    @Test
    void everyKindOfVariableComesBack() throws IOException {
        QuantizedSameDiff model = fixed();
        SameDiff loaded = load(bytes(model)).toSameDiff();
        for (SDVariable variable : model.toSameDiff().variables()) {
            SDVariable same = loaded.getVariable(variable.name());
            assertThat(same.getVariableType()).as(variable.name()).isEqualTo(variable.getVariableType());
            assertThat(same.getArr()).as(variable.name()).isEqualTo(variable.getArr());
        }
        assertThat(loaded.getVariable("w").getArr().ordering()).isEqualTo('f');
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 2, 3}, {-1, 0, 1}});
        assertThat(loaded.output(Map.of("x", x), "out").get("out"))
                .isEqualTo(model.output(Map.of("x", x), "out").get("out"));
    }

    @Test
    void aLoadedModelIsSavedAgain() throws IOException {
        byte[] bytes = bytes(fixed());
        QuantizedSameDiff loaded = load(bytes);
        assertThat(loaded.parameters()).isEqualTo(fixed().parameters());
        assertThat(bytes(loaded)).hasSameSizeAs(bytes);
        assertThat(load(bytes(loaded)).parameters()).isEqualTo(loaded.parameters());
    }

    @Test
    void theGoldenFileOfVersion1Loads() throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(GOLDEN), GOLDEN)) {
            QuantizedSameDiff golden = QuantizedSameDiff.load(in);
            assertThat(golden.parameters()).isEqualTo(fixed().parameters());
            INDArray x = Nd4j.createFromArray(new float[][] {{1, 2, 3}});
            assertThat(golden.output(Map.of("x", x), "out").get("out"))
                    .isEqualTo(fixed().output(Map.of("x", x), "out").get("out"));
        }
    }

    @Test
    void damageIsNoticed() throws IOException {
        byte[] bytes = bytes(trained());
        for (int i = 0; i < bytes.length; i += 37) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 4;
            assertThatThrownBy(() -> load(damaged)).isInstanceOf(PackedFormatException.class);
        }
        assertThatThrownBy(() -> load(Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(PackedFormatException.class);
    }

    @Test
    void filesOfOtherKindsAreRefusedWithTheNameOfTheirReader() throws IOException {
        byte[] graph = bytes(trained());
        assertThatThrownBy(() -> QuantizedModel.load(new ByteArrayInputStream(graph)))
                .isInstanceOf(PackedFormatException.class)
                .hasMessageContaining("QuantizedSameDiff");
        assertThatThrownBy(() -> EdgeModel.load(new ByteArrayInputStream(graph)))
                .hasMessageContaining("SameDiff graph");
        var network = Nets.mlp(new Sgd(0.1));
        recipe().install(network);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        recipe().quantize(network).save(out);
        assertThatThrownBy(() -> load(out.toByteArray()))
                .isInstanceOf(PackedFormatException.class)
                .hasMessageContaining("QuantizedModel");
    }

    @Test
    void graphsThatDoNotFitTheirNumbersAreRefused() throws IOException {
        SameDiff graph = SameDiff.create();
        graph.var("w", Nd4j.ones(2, 2));
        graph.constant("shape", Nd4j.createFromArray(1L));
        ParameterInfo w = new ParameterInfo("SameDiff", "w", ValueType.FLOAT32, 'c', List.of(2L, 2L), null);
        ParameterInfo other = new ParameterInfo("SameDiff", "v", ValueType.FLOAT32, 'c', List.of(2L, 2L), null);
        ParameterInfo wide = new ParameterInfo("SameDiff", "w", ValueType.FLOAT64, 'c', List.of(2L, 2L), null);
        String skeleton = text(graph);
        load(file(skeleton, w));
        for (ParameterInfo wrong : List.of(other, wide)) {
            assertThatThrownBy(() -> load(file(skeleton, wrong)))
                    .isInstanceOf(PackedFormatException.class)
                    .hasMessageContaining("no place");
        }
        assertThatThrownBy(() -> load(file("?", w))).hasMessageContaining("graph is refused");
        assertThatThrownBy(() -> load(file("AAAA", w))).hasMessageContaining("graph is refused");
        SameDiff armed = SameDiffs.of(new Sgd(0.1));
        assertThatThrownBy(() -> load(file(text(armed), w))).hasMessageContaining("training configuration");
    }

    private static String text(SameDiff graph) {
        ByteBuffer buffer = graph.asFlatBuffers(false);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] file(String skeleton, ParameterInfo info) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PackedWriter writer =
                new PackedWriter(out, new PackedHead(NetworkKind.SAME_DIFF, skeleton, List.of(info), null, null, null));
        writer.writeRaw((first, block, count) -> Arrays.fill(block, 1));
        writer.end();
        return out.toByteArray();
    }
}
