package io.github.dl4jaskew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;

/** Pack, inspect, predict, unpack and export on networks as users have them. */
class AskewCliTest {

    @TempDir
    Path directory;

    private Path zip;
    private Path packed;

    @BeforeEach
    void name() {
        zip = directory.resolve("model.zip");
        packed = directory.resolve("model.askew");
    }

    @Test
    void aFloatNetworkIsRoundedAndPacked() throws IOException {
        MultiLayerNetwork network = Saved.mlp();
        Saved.write(zip, network);
        CliRun run = CliRun.of("pack", zip, "--grid", "ternary", "--per-channel", "--except", "output", "-o", packed);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("skipped: excluded", "32 of 99 parameters constrained", "times smaller")
                .containsPattern("hidden +W +32 +ternary +\\d+\\.\\d\\d %")
                .contains("model.askew: " + Files.size(packed) + " bytes");
        QuantizedModel model = QuantizedModel.load(packed);
        assertThat(model.parameters()).hasSize(1);
        assertThat(model.parameters().get(0).grid().scales()).hasSize(8);
        assertThat(model.toMultiLayerNetwork().getLayer("output").getParam("W"))
                .isEqualTo(network.getLayer("output").getParam("W"));
    }

    @Test
    void aNetworkThatWasTrainedWithAskewKeepsItsOwnGrids() throws IOException {
        Saved.write(zip, Saved.askewMlp());
        CliRun run = CliRun.of("pack", zip, "-o", packed);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("grids of its own")
                .contains("uniform(3)")
                .doesNotContain("not used");
        CliRun again = CliRun.of("pack", zip, "--grid", "binary", "-o", packed, "--force");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).contains("--grid and what goes with it are not used");
        assertThat(QuantizedModel.load(packed).parameters())
                .allMatch(p -> p.grid().grid().toString().equals("uniform(3)"))
                .hasSize(2);
    }

    @Test
    void inspectShowsWhatThereIs() throws IOException {
        Saved.write(zip, Saved.mlp(), Saved.normalizer());
        CliRun packing = CliRun.of("pack", zip, "--grid", "ternary", "--labels", "cat,dog,hen", "-o", packed);
        assertThat(packing.exitCode()).as(packing.err()).isZero();
        CliRun run = CliRun.of("inspect", packed);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("hidden +W +\\[4, 8\\] +ternary +1\\.\\d\\d +0\\.\\d+ +128 +\\d+")
                .containsPattern("norm +gamma +\\[8\\] +float32 +32 +- +32 +32")
                .contains("total: 99 parameters, 396 bytes")
                .contains("standardize of 4 features")
                .contains("labels: cat, dog, hen")
                .contains(packed + ": " + Files.size(packed) + " bytes with its configuration")
                .contains("file, checked to the end: ", "times larger than the 396 bytes of the parameters as floats");
    }

    @Test
    void namesThatATerminalWouldObeyAreNotPrinted() throws IOException {
        Saved.write(zip, Saved.mlp());
        assertThat(CliRun.of("pack", zip, "--grid", "binary", "--labels", "cat,\u001b[2Jdog,hen", "-o", packed)
                        .exitCode())
                .isZero();
        CliRun run = CliRun.of("inspect", packed);
        assertThat(run.out()).contains("labels: cat, ?[2Jdog, hen").doesNotContain("\u001b");
    }

    @Test
    void predictionsAreThoseOfTheModelOnNormalizedFeatures() throws IOException {
        NormalizerStandardize normalizer = Saved.normalizer();
        Saved.write(zip, Saved.mlp(), normalizer);
        assertThat(CliRun.of("pack", zip, "--grid", "uniform4", "--labels", "cat,big \"dog\",hen", "-o", packed)
                        .exitCode())
                .isZero();
        INDArray features = Saved.features(7);
        Path csv = Saved.csv(directory.resolve("features.csv"), features);
        CliRun run = CliRun.of("predict", packed, "--input", csv, "--batch", 3, "--dl4j");
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(8);
        assertThat(lines.get(0)).isEqualTo("cat,\"big \"\"dog\"\"\",hen,label");

        normalizer.transform(features);
        INDArray expected = QuantizedModel.load(packed).output(features);
        requireLines(lines, expected, List.of("cat", "\"big \"\"dog\"\"\"", "hen"));

        Path normalized = Saved.csv(directory.resolve("normalized.csv"), features);
        Path written = directory.resolve("predictions.csv");
        CliRun raw = CliRun.of("predict", packed, "--input", normalized, "--raw", "--dl4j", "-o", written);
        assertThat(raw.exitCode()).as(raw.err()).isZero();
        requireLines(Files.readAllLines(written), expected, List.of("cat", "\"big \"\"dog\"\"\"", "hen"));
    }

    private static void requireLines(List<String> lines, INDArray expected, List<String> labels) {
        for (int i = 0; i < expected.size(0); i++) {
            String[] fields = lines.get(i + 1).split(",(?=[^\"]*(\"[^\"]*\"[^\"]*)*$)");
            for (int k = 0; k < Saved.CLASSES; k++) {
                assertThat(Float.parseFloat(fields[k])).isEqualTo(expected.getFloat(i, k));
            }
            assertThat(fields[Saved.CLASSES])
                    .isEqualTo(labels.get(expected.getRow(i).argMax().getInt(0)));
        }
    }

    @Test
    void imagesAreReshaped() throws IOException {
        Saved.write(zip, Saved.convolution());
        assertThat(CliRun.of("pack", zip, "--grid", "binary", "-o", packed).exitCode())
                .isZero();
        Path csv = Files.writeString(directory.resolve("images.csv"), "1,2,3,4,5,6,7,8,9\n9,8,7,6,5,4,3,2,1\n");
        CliRun run = CliRun.of("predict", packed, "--input", csv, "--shape", "1,3,3", "--dl4j");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines().findFirst()).contains("0,1,2,label");
        INDArray expected = QuantizedModel.load(packed)
                .output(io.github.dl4jaskew.cli.data.Features.read(csv).reshape(2, 1, 3, 3));
        requireLines(run.out().lines().toList(), expected, List.of("0", "1", "2"));

        CliRun flat = CliRun.of("predict", packed, "--input", csv);
        requireError(flat, "does not take features of shape [2, 9]");
        requireError(CliRun.of("predict", packed, "--input", csv, "--shape", "1,3,4"), "has 9 numbers");
    }

    @Test
    void unpackedNetworksAreDl4jsOwn() throws IOException {
        Saved.write(zip, Saved.mlp(), Saved.normalizer());
        assertThat(CliRun.of("pack", zip, "--grid", "binary", "-o", packed).exitCode())
                .isZero();
        Path back = directory.resolve("back.zip");
        CliRun run = CliRun.of("unpack", packed, "-o", back);
        assertThat(run.exitCode()).as(run.err()).isZero();
        MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(back.toFile());
        assertThat(restored.params())
                .isEqualTo(QuantizedModel.load(packed).toMultiLayerNetwork().params());
        NormalizerStandardize normalizer = ModelSerializer.restoreNormalizerFromFile(back.toFile());
        assertThat(normalizer).isEqualTo(Saved.normalizer());
    }

    @Test
    void aGraphGoesThereAndBack() throws IOException {
        Saved.write(zip, Saved.graph(1));
        CliRun packing = CliRun.of("pack", zip, "--grid", "uniform2", "--layers", "hidden", "-o", packed);
        assertThat(packing.exitCode()).as(packing.err()).isZero();
        Path csv = Saved.csv(directory.resolve("features.csv"), Saved.features(3));
        CliRun run = CliRun.of("predict", packed, "--input", csv);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(4);
        Path back = directory.resolve("back.zip");
        assertThat(CliRun.of("unpack", packed, "-o", back).exitCode()).isZero();
        ComputationGraph restored = ModelSerializer.restoreComputationGraph(back.toFile());
        assertThat(restored.params())
                .isEqualTo(QuantizedModel.load(packed).toComputationGraph().params());
    }

    @Test
    void batchNormStatisticsFollowTheData() throws IOException {
        Saved.write(zip, Saved.mlp(), Saved.normalizer());
        Path csv = Saved.csv(directory.resolve("train.csv"), Saved.features(50));
        assertThat(CliRun.of("pack", zip, "--grid", "binary", "--data", csv, "-o", packed)
                        .exitCode())
                .isZero();
        MultiLayerNetwork model = QuantizedModel.load(packed).toMultiLayerNetwork();
        INDArray features = Saved.features(50);
        Saved.normalizer().transform(features);
        INDArray hidden = model.feedForwardToLayer(0, features).get(1);
        assertThat(model.getLayer("norm").getParam("mean").reshape(8).equalsWithEps(hidden.mean(0), 1e-5))
                .isTrue();
    }

    /** As spreadsheets and pandas write it, each next to the same numbers as plain as can be. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\ufeff1.5,-2,3,4e1|4 numbers, separated by commas; the first line is an example",
                "1,5;-2;3;40,0|separated by semicolons; the first line is an example",
                "1.5;-2;3;40|separated by semicolons",
                "1.5\t-2\t3\t40|separated by tabulators",
                "\"a\",\"b, c\",\"d\",\"e\"\n\"1.5\",\"-2\",\"3\",\"40\"|taken for the names",
                "0,1,2,3\n1.5,-2,3,40|1 example of 4 numbers, separated by commas; the first line is taken for the names"
            })
    void tablesOfOtherProgramsAreUnderstood(String line) throws IOException {
        Saved.write(zip, Saved.mlp());
        assertThat(CliRun.of("pack", zip, "--grid", "binary", "-o", packed).exitCode())
                .isZero();
        Path plain = Files.writeString(directory.resolve("plain.csv"), "1.5,-2,3,40\n");
        Path other = Files.writeString(directory.resolve("a table.csv"), line.substring(0, line.lastIndexOf('|')));
        CliRun run = CliRun.of("predict", packed, "--input", other);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .isEqualTo(CliRun.of("predict", packed, "--input", plain).out());
        assertThat(run.err()).contains("a table.csv: 1 example").contains(line.substring(line.lastIndexOf('|') + 1));
    }

    @Test
    void theHeaderCanBeSaid() throws IOException {
        Saved.write(zip, Saved.mlp());
        assertThat(CliRun.of("pack", zip, "--grid", "binary", "-o", packed).exitCode())
                .isZero();
        Path pandas = Files.writeString(directory.resolve("pandas.csv"), "0,1,2,3\n1.5,-2,3,40\n");
        assertThat(CliRun.of("predict", packed, "--input", pandas).out().lines())
                .hasSize(2);
        assertThat(CliRun.of("predict", packed, "--input", pandas, "--header", "no")
                        .out()
                        .lines())
                .hasSize(3);
        Path numbers = Files.writeString(directory.resolve("numbers.csv"), "7,8,9,10\n1.5,-2,3,40\n");
        assertThat(CliRun.of("predict", packed, "--input", numbers).out().lines())
                .hasSize(3);
        assertThat(CliRun.of("predict", packed, "--input", numbers, "--header", "yes")
                        .out()
                        .lines())
                .hasSize(2);
        Path missing = Files.writeString(directory.resolve("missing.csv"), "n/a,n/a,n/a,n/a\n1.5,-2,3,40\n");
        requireError(CliRun.of("predict", packed, "--input", missing), "line 1: 'n/a' is not a finite number");
        assertThat(CliRun.of("predict", packed, "--input", missing, "--header", "maybe")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void exportWritesArrays() throws IOException {
        Saved.write(zip, Saved.mlp());
        assertThat(CliRun.of("pack", zip, "--grid", "binary", "-o", packed).exitCode())
                .isZero();
        Path npz = directory.resolve("model.npz");
        CliRun run = CliRun.of("export", packed, "-o", npz);
        assertThat(run.exitCode()).as(run.err()).isZero();
        try (ZipFile file = new ZipFile(npz.toFile())) {
            assertThat(file.getEntry("hidden/W.codes.npy")).isNotNull();
            assertThat(file.getEntry("hidden/b.npy")).isNotNull();
        }
    }

    static void requireError(CliRun run, String message) {
        assertThat(run.exitCode()).as(run.out()).isEqualTo(1);
        assertThat(run.err()).contains(message).doesNotContain("\tat ");
        assertThat(run.out()).isEmpty();
    }
}
