package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dl4jaskew.margin.Logits;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.metrics.ExampleDistance;
import io.github.dl4jaskew.margin.metrics.ExampleMargin;
import io.github.dl4jaskew.margin.metrics.GradientMetrics;
import io.github.dl4jaskew.margin.metrics.LayerNorm;
import io.github.dl4jaskew.margin.metrics.LayerSpectrum;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The margins of 20 networks, as the tracker measures them and as a program in NumPy computes them from the weights. */
class NumpyMarginsTest {

    private static final int NETWORKS = 20;
    private static final int EXAMPLES = 11;
    private static final int CLASSES = 4;
    private static final int SIDE = 8;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path directory;

    /** A network, data, and a description of both for the program. */
    private record Case(MultiLayerNetwork network, DataSet data, Map<String, Object> json) {}

    @Test
    void twentyNetworksAgree() throws IOException, InterruptedException {
        assumeTrue(python("", "-c", "import numpy").isEmpty(), "python3 with numpy is not installed");
        Path script = directory.resolve("margins.py");
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/outside/margins.py"))) {
            Files.copy(in, script);
        }
        List<Case> cases =
                IntStream.range(0, NETWORKS).mapToObj(NumpyMarginsTest::draw).toList();

        String printed =
                python(MAPPER.writeValueAsString(cases.stream().map(Case::json).toList()), script.toString());

        assertThat(printed).startsWith("[");
        JsonNode results = MAPPER.readTree(printed);
        assertThat(results).hasSize(NETWORKS);
        int late = 0;
        for (int i = 0; i < NETWORKS; i++) {
            late += agree(cases.get(i), results.get(i)) ? 1 : 0;
        }
        assertThat(late).isBetween(NETWORKS / 2, NETWORKS - 1);
    }

    /** Returns whether the smallest margin is positive. */
    private static boolean agree(Case one, JsonNode numpy) {
        MarginTracker tracker = MarginTracker.builder(new ExistingDataSetIterator(List.of(one.data())))
                .inMemory()
                .robustness()
                .gradients()
                .build();
        MarginSnapshot s = tracker.measure(one.network(), 1, 0);
        requireClose(
                tracker.margins(one.network()).stream()
                        .map(ExampleMargin::margin)
                        .toList(),
                numpy.get("margins"),
                1e-9);
        requireClose(s.minimumMargin(), numpy.get("minimumMargin"), 1e-9);
        requireClose(s.accuracy(), numpy.get("accuracy"), 1e-15);
        requireClose(s.norm(), numpy.get("norm"), 1e-9);
        requireClose(s.layerNorms().stream().map(LayerNorm::norm).toList(), numpy.get("layerNorms"), 1e-9);
        requireClose(s.normalizedMargin().orElseThrow(), numpy.get("normalizedMargin"), 1e-9);
        requireClose(s.linfNormalizedMargin().orElseThrow(), numpy.get("linfNormalizedMargin"), 1e-9);
        requireClose(s.l1NormalizedMargin().orElseThrow(), numpy.get("l1NormalizedMargin"), 1e-9);
        requireClose(s.productNormalizedMargin().orElseThrow(), numpy.get("productNormalizedMargin"), 1e-9);
        requireClose(s.logLossSum().orElseThrow(), numpy.get("logLossSum"), 1e-9);
        requireClose(s.smoothedMargin().orElseThrow(), numpy.get("smoothedMargin"), 1e-9);
        List<LayerSpectrum> spectra = s.robustness().orElseThrow().layers();
        // from above, by at most 1e-4
        requireClose(spectra.stream().map(LayerSpectrum::spectralNorm).toList(), numpy.get("spectralNorms"), 1e-4);
        requireClose(spectra.stream().map(LayerSpectrum::stableRank).toList(), numpy.get("stableRanks"), 2e-4);
        GradientMetrics gradient = s.gradient().orElseThrow();
        assertThat(gradient.alignment()).isCloseTo(numpy.get("alignment").doubleValue(), within(1e-9));
        requireClose(gradient.effectiveSupport(), numpy.get("effectiveSupport"), 1e-9);
        assertThat(gradient.eulerResidual().orElseThrow()).isLessThan(1e-9);
        requireClose(
                tracker.distances(one.network()).stream()
                        .map(ExampleDistance::distance)
                        .toList(),
                numpy.get("distances"),
                1e-9);
        boolean late = s.minimumMargin() > 0;
        assertThat(gradient.kktEpsilon().isPresent()).isEqualTo(late);
        if (late) {
            requireClose(gradient.kktEpsilon().orElseThrow(), numpy.get("kktEpsilon"), 1e-9);
            requireClose(gradient.kktDelta().orElseThrow(), numpy.get("kktDelta"), 1e-9);
        }
        return late;
    }

    private static void requireClose(List<Double> actual, JsonNode expected, double relative) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.size(); i++) {
            requireClose(actual.get(i), expected.get(i), relative);
        }
    }

    private static void requireClose(double actual, JsonNode expected, double relative) {
        assertThat(actual)
                .isCloseTo(expected.doubleValue(), within(relative * Math.abs(expected.doubleValue()) + 1e-300));
    }

    /**
     * Dense networks of one to three layers, and convolutional ones, at scales of 1e-10 to 10, with softmax, softmax of labels that are
     * indices, a mask, or a single sigmoid; two thirds with the labels that they predict.
     */
    private static Case draw(int number) {
        Random random = new Random(number);
        Activation activation = number % 4 < 2 ? Activation.RELU : Activation.LEAKYRELU;
        Output kind = Output.values()[number / 2 % Output.values().length];
        MultiLayerNetwork network =
                number % 2 == 0 ? dense(number / 2 % 3, activation, kind) : convolutional(activation, kind);
        double scale = Math.pow(10, random.nextInt(12) - 10);
        network.params().assign(normal(random, network.params().length()).mul(scale));
        INDArray features = normal(random, (long) EXAMPLES * SIDE * SIDE).reshape(EXAMPLES, SIDE * SIDE);
        boolean sigmoid = kind == Output.SIGMOID;
        double[][] logits = Logits.of(network).of(new DataSet(features, network.output(features)));
        int[] labels = IntStream.range(0, EXAMPLES)
                .map(i -> number % 3 == 0 ? random.nextInt(sigmoid ? 2 : CLASSES) : predicted(logits[i]))
                .toArray();
        boolean indices = sigmoid || kind == Output.INDICES;
        INDArray given = Nd4j.zeros(DataType.DOUBLE, EXAMPLES, indices ? 1 : CLASSES);
        IntStream.range(0, EXAMPLES)
                .forEach(i -> given.putScalar(new int[] {i, indices ? 0 : labels[i]}, indices ? labels[i] : 1));
        double[] mask = IntStream.range(0, EXAMPLES)
                .mapToDouble(i -> kind == Output.MASKED && i % 3 == 1 ? 0 : 1)
                .toArray();
        List<Map<String, Object>> layers = new ArrayList<>();
        for (Layer layer : network.getLayers()) {
            INDArray w = layer.paramTable().get("W");
            if (w != null) {
                boolean last = layer == network.getOutputLayer();
                String name = last ? "none" : activation == Activation.RELU ? "relu" : "leaky";
                layers.add(Map.of("w", w.dup('c').data().asDouble(), "shape", w.shape(), "activation", name));
            }
        }
        return new Case(
                network,
                new DataSet(
                        features,
                        given,
                        null,
                        kind == Output.MASKED ? Nd4j.createFromArray(mask).reshape(EXAMPLES, 1) : null),
                Map.of("features", features.toDoubleMatrix(), "labels", labels, "mask", mask, "layers", layers));
    }

    /** The class of the largest logit; of a single one, 1 if it is above 0. */
    private static int predicted(double[] logits) {
        return logits.length == 1
                ? logits[0] > 0 ? 1 : 0
                : IntStream.range(0, logits.length)
                        .boxed()
                        .max(Comparator.comparingDouble(j -> logits[j]))
                        .orElseThrow();
    }

    private enum Output {
        SOFTMAX,
        SIGMOID,
        INDICES,
        MASKED
    }

    private static INDArray normal(Random random, long length) {
        return Nd4j.createFromArray(random.doubles(length, -1, 1).toArray());
    }

    private static NeuralNetConfiguration.ListBuilder list() {
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(1)
                .list();
    }

    private static MultiLayerNetwork dense(int hidden, Activation activation, Output kind) {
        NeuralNetConfiguration.ListBuilder list = list();
        for (int i = 0; i < hidden; i++) {
            list.layer(new DenseLayer.Builder()
                    .nOut(9)
                    .hasBias(false)
                    .activation(activation)
                    .build());
        }
        return init(list, InputType.feedForward((long) SIDE * SIDE), kind);
    }

    private static MultiLayerNetwork convolutional(Activation activation, Output kind) {
        NeuralNetConfiguration.ListBuilder list = list();
        list.layer(new ConvolutionLayer.Builder(3, 3)
                .nOut(5)
                .hasBias(false)
                .activation(activation)
                .build());
        list.layer(new SubsamplingLayer.Builder(PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build());
        return init(list, InputType.convolutionalFlat(SIDE, SIDE, 1), kind);
    }

    private static MultiLayerNetwork init(NeuralNetConfiguration.ListBuilder list, InputType input, Output kind) {
        ILossFunction loss = switch (kind) {
            case SIGMOID -> new LossBinaryXENT(0);
            case INDICES -> new LossSparseMCXENT(0, null);
            default -> new LossMCXENT(0, null);
        };
        MultiLayerNetwork network = new MultiLayerNetwork(list.layer(new OutputLayer.Builder(loss)
                        .nOut(kind == Output.SIGMOID ? 1 : CLASSES)
                        .hasBias(false)
                        .activation(kind == Output.SIGMOID ? Activation.SIGMOID : Activation.SOFTMAX)
                        .build())
                .setInputType(input)
                .build());
        network.init();
        return network;
    }

    /** What a program prints, errors included. */
    private static String python(String input, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (OutputStream out = process.getOutputStream()) {
                out.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return printed;
        } catch (IOException e) {
            return e.toString();
        }
    }
}
