package io.github.dl4jaskew;

import static io.github.dl4jaskew.activation.ActivationNets.batches;
import static io.github.dl4jaskew.activation.ActivationNets.layer;
import static io.github.dl4jaskew.activation.ActivationNets.ring;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.dl4jaskew.activation.ActivationNets;
import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import io.github.dl4jaskew.activation.RunningClipLayer;
import io.github.dl4jaskew.activation.SignActivation;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.testkit.Paired;
import io.github.dl4jaskew.testkit.Sections;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Weights and activations quantized together: [W4/A4], [W2/A4] and [W1/A1] of the paper. */
class QuantizedActivationTrainingTest {

    private static final int EPOCHS = 20;
    private static final int BATCH = 100;
    private static final DataSet TRAIN = ring(1, 500);
    private static final DataSet TEST = ring(2, 400);

    static Stream<Arguments> widths() {
        return Stream.of(
                Arguments.of(Grid.uniform(4), QuantizedActivation.unsigned(4)),
                Arguments.of(Grid.uniform(2), QuantizedActivation.unsigned(4)),
                Arguments.of(Grid.binary(), SignActivation.tanh()),
                Arguments.of(Grid.binary(), SignActivation.clipped()));
    }

    private static Askew recipe(Grid grid) {
        return Askew.fromScratch(EPOCHS, TRAIN.numExamples() / BATCH).grid(grid).build();
    }

    @Tag("training")
    @ParameterizedTest
    @MethodSource("widths")
    void learns(Grid grid, IActivation activation) {
        Paired.requireWins("accuracy and share of the larger class", Paired.seeds(seed -> {
            MultiLayerNetwork network = ActivationNets.network(layer(activation), layer(activation));
            DataSet train = ring(2 * seed, TRAIN.numExamples());
            DataSet test = ring(2 * seed + 1, TEST.numExamples());
            Askew askew = recipe(grid);
            askew.install(network);
            network.fit(batches(train, BATCH), EPOCHS);
            double share = test.getLabels().mean(0).maxNumber().doubleValue();
            return new Paired(
                    askew.quantize(network, batches(train, BATCH))
                            .evaluate(batches(test, BATCH))
                            .accuracy(),
                    share);
        }));
    }

    @ParameterizedTest
    @MethodSource("widths")
    void isServedBitForBit(Grid grid, IActivation activation) throws IOException {
        MultiLayerNetwork network = ActivationNets.network(layer(activation), layer(activation));
        Askew askew = recipe(grid);
        assertThat(askew.install(network).toString()).contains("layer0", "layer3", "layer6");
        network.fit(batches(TRAIN, BATCH), 3);
        QuantizedModel model = askew.quantize(network, batches(TRAIN, BATCH));
        float[] expected = output(model.toMultiLayerNetwork(), TEST.getFeatures());
        QuantizedModel loaded = load(bytes(model));
        assertThat(loaded.output(TEST.getFeatures()).dup('c').data().asFloat()).isEqualTo(expected);
        assertThat(output(loaded.toMultiLayerNetwork(), TEST.getFeatures())).isEqualTo(expected);
        assertThat(bytes(loaded)).isEqualTo(bytes(model));
    }

    private static float[] output(MultiLayerNetwork network, INDArray features) {
        return network.output(features).dup('c').data().asFloat();
    }

    @Test
    void aGraphTrainsAsTheNetworkDoes() throws IOException {
        QuantizedActivation activation = QuantizedActivation.unsigned(4);
        MultiLayerNetwork network = ActivationNets.network(layer(activation), layer(activation));
        ComputationGraph graph = ActivationNets.graph(layer(activation), layer(activation));
        graph.setParams(network.params());
        Askew askew = recipe(Grid.uniform(2));
        askew.install(network);
        askew.install(graph);
        network.fit(batches(TRAIN, BATCH), 3);
        graph.fit(batches(TRAIN, BATCH), 3);
        assertThat(graph.params()).isEqualTo(network.params());
        QuantizedModel model = askew.quantize(graph, batches(TRAIN, BATCH));
        assertThat(model.output(TEST.getFeatures()))
                .isEqualTo(askew.quantize(network, batches(TRAIN, BATCH)).output(TEST.getFeatures()));
        assertThat(load(bytes(model)).toComputationGraph().outputSingle(TEST.getFeatures()))
                .isEqualTo(model.output(TEST.getFeatures()));
    }

    @Test
    void functionsOfLayersAreFrozenInTheModelAndNotInTheNetwork() throws IOException {
        QuantizedActivation activation = QuantizedActivation.unsigned(4);
        MultiLayerNetwork network =
                ActivationNets.network(new ActivationLayer(activation), new ActivationLayer(activation));
        Askew askew = recipe(Grid.binary());
        askew.install(network);
        network.fit(batches(TRAIN, BATCH), 2);
        QuantizedModel model = askew.quantize(network, batches(TRAIN, BATCH));
        float[] output = output(model.toMultiLayerNetwork(), TEST.getFeatures());
        // Other examples in as large a batch, lest BLAS sums in another order: the clips of the batch would be others.
        INDArray others = TEST.getFeatures().mul(10);
        others.putRow(3, TEST.getFeatures().getRow(3));
        float[] among = output(load(bytes(model)).toMultiLayerNetwork(), others);
        assertThat(Arrays.copyOfRange(among, 6, 8)).isEqualTo(Arrays.copyOfRange(output, 6, 8));
        assertThat(among).isNotEqualTo(output);
        ActivationLayer layer = (ActivationLayer)
                network.getLayerWiseConfigurations().getConf(2).getLayer();
        assertThat(layer.getActivationFn()).isSameAs(activation);
    }

    @Test
    void withoutDataTheModelHasTheRunningClips() {
        QuantizedActivationLayer layer = new QuantizedActivationLayer(QuantizedActivation.unsigned(4));
        MultiLayerNetwork network =
                ActivationNets.network(layer, new QuantizedActivationLayer(QuantizedActivation.unsigned(2)));
        Askew askew = recipe(Grid.binary());
        askew.install(network);
        network.fit(batches(TRAIN, BATCH));
        double clip = ((RunningClipLayer) network.getLayer(2)).clip();
        MultiLayerNetwork served = askew.quantize(network).toMultiLayerNetwork();
        assertThat(((RunningClipLayer) served.getLayer(2)).clip()).isEqualTo(clip);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"bits\":4 | \"bits\":0 | unsigned activations of 0 bits",
                "\"clip\":1.5 | \"clip\":\"NaN\" | clip is NaN",
                "\"clip\":1.5 | \"clip\":-1 | clip is -1.0",
                "impl.ActivationReLU | impl.ActivationUnknown | ActivationUnknown",
                "org.nd4j.linalg.activations.impl.ActivationReLU | com.sun.Evil | only classes of DL4J",
                "org.nd4j.linalg.activations.impl.ActivationReLU | org.nd4j.linalg.activations.impl.ActivationRReLU | ActivationRReLU",
                "\"decay\":0.75 | \"decay\":2 | decay is 2.0",
                "\"gradient\":\"TANH\" | \"gradient\":null | gradient of a SignActivation is missing",
            })
    void hostileFilesAreRefused(String from, String to, String reason) {
        MultiLayerNetwork network = ActivationNets.network(
                new ActivationLayer(QuantizedActivation.unsigned(4).withClip(1.5)),
                new QuantizedActivationLayer(QuantizedActivation.unsigned(4), 0.75));
        if (from.contains("gradient")) {
            network = ActivationNets.network(
                    new ActivationLayer(SignActivation.tanh()), new ActivationLayer(SignActivation.tanh()));
        }
        Askew askew = recipe(Grid.binary());
        askew.install(network);
        byte[] file = Sections.of(bytes(askew.quantize(network)))
                .json(json -> {
                    assertThat(json).contains(from);
                    return json.replaceFirst(Pattern.quote(from), to);
                })
                .join();
        assertThatExceptionOfType(PackedFormatException.class)
                .isThrownBy(() -> load(file))
                .withMessageContaining(reason);
    }

    private static byte[] bytes(QuantizedModel model) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            model.save(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static QuantizedModel load(byte[] file) throws IOException {
        return QuantizedModel.load(new ByteArrayInputStream(file));
    }
}
