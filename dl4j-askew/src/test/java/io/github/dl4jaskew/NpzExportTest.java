package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import io.github.dl4jaskew.testkit.LayerCase;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.testkit.NpyArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** What NumPy gets from an export is the network, weight by weight. */
class NpzExportTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void codesLevelsAndScalesBroadcastToTheWeights(LayerCase type) throws IOException {
        MultiLayerNetwork network = Nets.init(type.configuration(new Sgd(0.01), Activation.TANH));
        Askew askew = recipe(Grid.uniform(3), Scale.mse().perChannel());
        askew.install(network);
        QuantizedModel model = askew.quantize(network);
        requireSame(export(model), model.toMultiLayerNetwork().paramTable(), model, true);
    }

    @ParameterizedTest
    @CsvSource({"binary, 2", "ternary, 3", "uniform8, 256", "powers, 15", "odd, 17"})
    void everyGridIsExact(String name, int size) throws IOException {
        Grid grid = switch (name) {
            case "binary" -> Grid.binary();
            case "ternary" -> Grid.ternary();
            case "uniform8" -> Grid.uniform(8);
            case "powers" -> Grid.powersOfTwo(4);
            default ->
                Grid.of(java.util.stream.IntStream.range(0, size)
                        .mapToDouble(i -> i / 7.0 - 1)
                        .toArray());
        };
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        Askew askew = recipe(grid, Scale.max());
        askew.install(network);
        QuantizedModel model = askew.quantize(network);
        Map<String, NpyArray> arrays = export(model);
        assertThat(arrays.get("hidden/W.levels").shape()).containsExactly(grid.size());
        requireSame(arrays, model.toMultiLayerNetwork().paramTable(), model, false);
    }

    @Test
    void denseScalesLieAlongTheOutputs() throws IOException {
        QuantizedModel model = perChannel();
        Map<String, NpyArray> arrays = export(model);
        assertThat(arrays.keySet())
                .containsExactly(
                        "hidden/W.codes",
                        "hidden/W.levels",
                        "hidden/W.scales",
                        "hidden/b",
                        "norm/gamma",
                        "norm/beta",
                        "norm/mean",
                        "norm/log10stdev",
                        "output/W.codes",
                        "output/W.levels",
                        "output/W.scales",
                        "output/b",
                        "__meta__");
        assertThat(arrays.get("hidden/W.codes").shape()).containsExactly(Nets.IN, Nets.HIDDEN);
        assertThat(arrays.get("hidden/W.codes").type()).isEqualTo("|u1");
        assertThat(arrays.get("hidden/W.scales").shape()).containsExactly(1, Nets.HIDDEN);
        assertThat(arrays.get("hidden/W.scales").type()).isEqualTo("<f4");
        assertThat(arrays.get("hidden/b").type()).isEqualTo("<f4");
    }

    @Test
    void metaDescribesEveryParameter() throws IOException {
        JsonNode meta =
                new ObjectMapper().readTree(export(perChannel()).get("__meta__").text());
        assertThat(meta.get("format").asText()).isEqualTo("dl4j-askew npz");
        assertThat(meta.get("version").asInt()).isEqualTo(1);
        assertThat(meta.get("parameters").findValuesAsText("key"))
                .containsExactly(
                        "hidden/W",
                        "hidden/b",
                        "norm/gamma",
                        "norm/beta",
                        "norm/mean",
                        "norm/log10stdev",
                        "output/W",
                        "output/b");
        JsonNode first = meta.get("parameters").get(0);
        assertThat(first.get("grid").asText()).isEqualTo("ternary");
        assertThat(first.get("bits").asInt()).isEqualTo(2);
        assertThat(first.get("channel_axes").toString()).isEqualTo("[1]");
        assertThat(first.get("dl4j_shape").toString()).isEqualTo("[4,5]");
        assertThat(meta.get("parameters").get(1).has("grid")).isFalse();
    }

    @Test
    void aGraphIsExportedByTheNamesOfItsVertices() throws IOException {
        ComputationGraph graph = Nets.graph(new Sgd(0.1));
        Askew askew = recipe(Grid.ternary(), Scale.max());
        askew.install(graph);
        QuantizedModel model = askew.quantize(graph);
        Map<String, NpyArray> arrays = export(model);
        assertThat(arrays).containsKeys("left/W.codes", "right/W.codes", "norm/gamma", "second/b");
        requireSame(arrays, model.toComputationGraph().paramTable(), model, false);
    }

    @Test
    void aNetworkOfDoublesKeepsThem() throws IOException {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1)).convertDataType(DataType.DOUBLE);
        Askew askew = recipe(Grid.uniform(5), Scale.mse().perChannel());
        askew.install(network);
        QuantizedModel model = askew.quantize(network);
        Map<String, NpyArray> arrays = export(model);
        assertThat(arrays.get("hidden/b").type()).isEqualTo("<f8");
        requireSame(arrays, model.toMultiLayerNetwork().paramTable(), model, false);
    }

    @Test
    void oneDimensionalConvolutionHasTheShapeThatDl4jReads() throws IOException {
        MultiLayerNetwork network =
                Nets.init(LayerCase.CONVOLUTION_1D.configuration(new Sgd(0.1), Activation.IDENTITY));
        Askew askew = recipe(Grid.binary(), Scale.max().perChannel());
        askew.install(network);
        Map<String, NpyArray> arrays = export(askew.quantize(network));
        NpyArray codes = arrays.get("first/W.codes");
        NpyArray scales = arrays.get("first/W.scales");
        assertThat(codes.shape()).containsExactly(2, 2, 3);
        assertThat(scales.shape()).containsExactly(1, 1, 3);

        INDArray features = LayerCase.CONVOLUTION_1D.features();
        INDArray expected = askew.quantize(network)
                .toMultiLayerNetwork()
                .feedForwardToLayer(0, features)
                .get(1);
        for (int out = 0; out < 3; out++) {
            double sum = arrays.get("first/b").at(0, out);
            for (int k = 0; k < 2; k++) {
                for (int in = 0; in < 2; in++) {
                    double weight =
                            arrays.get("first/W.levels").at((long) codes.at(k, in, out)) * scales.at(k, in, out);
                    sum += weight * features.getDouble(1, in, 3 + k);
                }
            }
            assertThat((float) sum).isCloseTo(expected.getFloat(1, out, 3), within());
        }
    }

    private static org.assertj.core.data.Offset<Float> within() {
        return org.assertj.core.api.Assertions.within(1e-5f);
    }

    /** DL4J cannot train this format, but can hold it. */
    @Test
    void channelsThatFollowNoAxisAreAnAxisOfTheirOwn() throws IOException {
        MultiLayerNetwork network = Nets.of(
                new Sgd(0.1),
                new Convolution1D.Builder(2)
                        .name("first")
                        .nIn(3)
                        .nOut(4)
                        .rnnDataFormat(RNNFormat.NWC)
                        .build(),
                Nets.output("last", 4, 2));
        INDArray weights = network.getLayer(0).getParam("W");
        ScaledGrid grid = new ScaledGrid(Grid.ternary(), new double[] {0.5, 1, 2, 4}, new Channels(4, 3));
        QuantizedModel model =
                QuantizedModel.of(network, List.of(QuantizedParameter.snap("first", "W", weights, grid)));
        Map<String, NpyArray> arrays = export(model);
        NpyArray codes = arrays.get("first/W.codes");
        NpyArray scales = arrays.get("first/W.scales");
        assertThat(codes.shape()).containsExactly(2, 4, 3);
        assertThat(scales.shape()).containsExactly(1, 4, 1);
        float[] memory = weights.dup('c').data().asFloat();
        for (int i = 0; i < memory.length; i++) {
            long[] index = {i / 12, i / 3 % 4, i % 3};
            double level = arrays.get("first/W.levels").at((long) codes.at(index));
            assertThat((float) (level * scales.at(index))).isEqualTo(memory[i]);
        }

        ScaledGrid uneven = new ScaledGrid(Grid.ternary(), new double[] {1, 1, 1, 1, 1}, new Channels(5, 1));
        QuantizedModel wrong =
                QuantizedModel.of(network, List.of(QuantizedParameter.snap("first", "W", weights, uneven)));
        assertThatThrownBy(() -> export(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("24 weights");
    }

    @Test
    void anyNameOfAFileIsAKey() throws IOException {
        String name = "größe/層 \uD83C\uDF0D' ..";
        MultiLayerNetwork network =
                Nets.of(new Sgd(0.1), Nets.dense(name, Nets.IN, Nets.HIDDEN), Nets.output("last", Nets.HIDDEN, 2));
        Askew askew = recipe(Grid.binary(), Scale.max());
        askew.install(network);
        Map<String, NpyArray> arrays = export(askew.quantize(network));
        assertThat(arrays).containsKeys(name + "/W.codes", name + "/b");
        assertThat(arrays.get("__meta__").text()).contains("層 \uD83C\uDF0D'");
    }

    @Test
    void twoParametersOfOneKeyAreRefused() {
        MultiLayerNetwork network = Nets.of(
                new Sgd(0.1), Nets.dense("same", Nets.IN, Nets.HIDDEN), Nets.output("same", Nets.HIDDEN, Nets.OUT));
        QuantizedModel model = QuantizedModel.of(network, List.of());
        assertThatThrownBy(() -> export(model))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("same/W");
    }

    @Test
    void aFileIsReplacedAsAWhole() throws IOException {
        Path file = directory.resolve("model.npz");
        Files.writeString(file, "old");
        QuantizedModel model = perChannel();
        model.exportNpz(file);
        byte[] first = Files.readAllBytes(file);
        assertThat(first).isEqualTo(bytes(model));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
        Path missing = directory.resolve("missing").resolve("model.npz");
        assertThatThrownBy(() -> model.exportNpz(missing)).isInstanceOf(NoSuchFileException.class);
    }

    /** The example of the Javadoc, run by NumPy itself. */
    @Test
    void numpyReadsTheWeights() throws IOException, InterruptedException {
        assumeTrue(python("import numpy").isEmpty(), "python3 with numpy is not installed");
        MultiLayerNetwork network = Nets.init(LayerCase.SEPARABLE.configuration(new Sgd(0.01), Activation.TANH));
        Askew askew = recipe(Grid.uniform(3), Scale.mse().perChannel());
        askew.install(network);
        QuantizedModel model = askew.quantize(network);
        Path file = directory.resolve("model.npz");
        model.exportNpz(file);
        String printed = python(String.join(
                "\n",
                "import json, numpy as np",
                "f = np.load(r'" + file + "')",
                "for p in json.loads(str(f['__meta__']))['parameters']:",
                "    key = p['key']",
                "    if 'grid' in p:",
                "        codes, levels, scales = (f[key + '.' + part] for part in ('codes', 'levels', 'scales'))",
                "        weights = (levels[codes] * scales).astype(np.float32)",
                "    else:",
                "        weights = f[key]",
                "    assert weights.dtype == np.float32",
                "    print(key, *[float(w).hex() for w in weights.ravel('C')])"));
        StringBuilder expected = new StringBuilder();
        for (org.deeplearning4j.nn.api.Layer layer : model.toMultiLayerNetwork().getLayers()) {
            layer.paramTable().forEach((name, array) -> {
                expected.append(layer.conf().getLayer().getLayerName())
                        .append('/')
                        .append(name);
                for (float w : array.dup('c').data().asFloat()) {
                    expected.append(' ').append(w);
                }
                expected.append('\n');
            });
        }
        assertThat(printed.lines().map(NpzExportTest::withoutHex))
                .containsExactlyElementsOf(expected.toString().lines().toList());
    }

    private static String withoutHex(String line) {
        String[] words = line.split(" ");
        for (int i = 1; i < words.length; i++) {
            words[i] = String.valueOf((float) Double.parseDouble(words[i]));
        }
        return String.join(" ", words);
    }

    /** What a script prints, errors included. */
    private static String python(String script) throws InterruptedException {
        try {
            Process process = new ProcessBuilder("python3", "-c", script)
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return printed;
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Askew recipe(Grid grid, Scale scale) {
        return AskewNets.closing().grid(grid).scale(scale).build();
    }

    /** A name such as ../W would be written beside the directory that the archive is unpacked into. */
    @ParameterizedTest
    @ValueSource(
            strings = {"..", "../x", "a/../../x", "/etc/x", "a//b", ".", "a\\b", "C:x", "a\nb", "a\u001b[2J", "a\u0085"
            })
    void namesThatAreNotSafeAsFilesAreRefused(String layer) {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        network.getLayer(0).conf().getLayer().setLayerName(layer);
        assertThatThrownBy(() -> QuantizedModel.of(network, List.of()).exportNpz(new ByteArrayOutputStream()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not safe as the name of a file")
                .hasMessageNotContaining("\u001b");
    }

    @Test
    void namesWithDirectoriesAreSafe() throws IOException {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        network.getLayer(0).conf().getLayer().setLayerName("block1/conv..2");
        assertThat(export(QuantizedModel.of(network, List.of()))).containsKey("block1/conv..2/W");
    }

    private static QuantizedModel perChannel() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        Askew askew = recipe(Grid.ternary(), Scale.max().perChannel());
        askew.install(network);
        return askew.quantize(network);
    }

    private static byte[] bytes(QuantizedModel model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        model.exportNpz(out);
        return out.toByteArray();
    }

    private static Map<String, NpyArray> export(QuantizedModel model) throws IOException {
        return NpyArray.readAll(bytes(model));
    }

    private static void requireSame(
            Map<String, NpyArray> arrays, Map<String, INDArray> expected, QuantizedModel model, boolean perChannel) {
        expected.forEach((name, array) -> {
            // DL4J names parameters 0_W in a list and hidden_W in a graph
            String layer = name.substring(0, name.indexOf('_'));
            String key = layerName(model, layer) + "/" + name.substring(name.indexOf('_') + 1);
            boolean quantized = arrays.containsKey(key + ".codes");
            if (perChannel && quantized) {
                assertThat(arrays.get(key + ".scales").size()).isGreaterThan(1);
            }
            double[] inOrder = array.dup('c').data().asDouble();
            for (long i = 0; i < array.length(); i++) {
                double actual = quantized ? weight(arrays, key, array, i) : element(arrays.get(key), array, i);
                double wanted = inOrder[(int) i];
                boolean isDouble = array.dataType() == DataType.DOUBLE;
                assertThat(isDouble ? actual : (float) actual)
                        .as("%s %d", key, i)
                        .isEqualTo(wanted);
            }
        });
        assertThat(model.parameters())
                .isNotEmpty()
                .allSatisfy(p -> assertThat(arrays).containsKey(p.layer() + "/" + p.name() + ".codes"));
    }

    private static String layerName(QuantizedModel model, String layer) {
        if (!layer.matches("\\d+")) {
            return layer;
        }
        return model.toMultiLayerNetwork()
                .getLayer(Integer.parseInt(layer))
                .conf()
                .getLayer()
                .getLayerName();
    }

    private static double weight(Map<String, NpyArray> arrays, String key, INDArray array, long i) {
        NpyArray codes = arrays.get(key + ".codes");
        long[] index = index(codes, array, i);
        return arrays.get(key + ".levels").at((long) codes.at(index))
                * arrays.get(key + ".scales").at(index);
    }

    private static double element(NpyArray numpy, INDArray array, long i) {
        return numpy.at(index(numpy, array, i));
    }

    /** The index at which NumPy sees element i of DL4J's array, c-ordered by DL4J's shape or that of a 1D convolution. */
    private static long[] index(NpyArray numpy, INDArray array, long i) {
        if (numpy.shape().length == array.rank()) {
            assertThat(numpy.shape()).containsExactly(array.shape());
        } else {
            assertThat(numpy.shape()).containsExactly(array.size(2), array.size(1), array.size(0));
        }
        long[] index = new long[numpy.shape().length];
        for (int d = index.length - 1; d >= 0; d--) {
            index[d] = i % numpy.shape()[d];
            i /= numpy.shape()[d];
        }
        return index;
    }
}
