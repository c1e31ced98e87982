package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.conv;
import static io.github.dl4jaskew.export.EdgeNets.dense;
import static io.github.dl4jaskew.export.EdgeNets.network;
import static io.github.dl4jaskew.export.EdgeNets.output;
import static io.github.dl4jaskew.export.EdgeNets.quantize;
import static io.github.dl4jaskew.export.EdgeNets.saved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.edge.EdgeSession;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;

/** What a user meets besides the numbers: shapes, labels, sessions, bad input, networks that are refused. */
class EdgeModelTest {

    private static final InputType FOUR = InputType.feedForward(4);

    @TempDir
    Path directory;

    private static EdgeModel load(byte[] file) throws IOException {
        return EdgeModel.load(new ByteArrayInputStream(file));
    }

    private static QuantizedModel mlp() {
        MultiLayerNetwork net = network(FOUR, dense(6, true), output(3));
        return QuantizedModel.of(net, quantize(net, Grid.binary(), true)).withLabels(List.of("a", "b", "c"));
    }

    @Test
    void tellsShapesAndLabels() throws IOException {
        EdgeModel model = load(saved(mlp()));
        assertThat(model.inputShape()).containsExactly(4);
        assertThat(model.inputSize()).isEqualTo(4);
        assertThat(model.outputSize()).isEqualTo(3);
        assertThat(model.labels()).containsExactly("a", "b", "c");
        // 4 x 6 and 6 x 3 floats padded to 8 rows, and their biases
        assertThat(model.bytes()).isEqualTo(4 * (4 * 6 + 6 + 8 * 3 + 3));
        assertThat(model).hasToString("EdgeModel [4] to 3 outputs, 228 bytes");
    }

    @Test
    void classifiesTheLargestOutput() throws IOException {
        EdgeModel model = load(saved(mlp()));
        float[] x = {1, -2, 0.5f, 3};
        float[] y = model.predict(x);
        int best = model.classify(x);
        for (float each : y) {
            assertThat(each).isLessThanOrEqualTo(y[best]);
        }
    }

    @Test
    void sessionsAreReusedAndLeaveTheInputAlone() throws IOException {
        EdgeModel model = load(saved(mlp()));
        EdgeSession session = model.newSession();
        float[] x = {1, -2, 0.5f, 3};
        float[] first = new float[3];
        float[] second = new float[3];
        session.predict(x, first);
        session.predict(new float[4], second);
        session.predict(x, second);
        assertThat(second).containsExactly(first).containsExactly(model.predict(x));
        assertThat(x).containsExactly(1, -2, 0.5f, 3);
        assertThat(session.bytes()).isEqualTo(4 * (6 + 6 + 4 + 8));
    }

    @Test
    void refusesBadInput() throws IOException {
        EdgeModel model = load(saved(mlp()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.predict(new float[5]))
                .withMessage("input has 5 numbers; allowed are 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.predict(new float[4], new float[2]))
                .withMessage("output has 2 numbers; allowed are 3");
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.predict(new float[] {0, bad, 0, 0}))
                    .withMessageContaining("input 1 is " + bad)
                    .withMessageContaining("allowed are finite numbers");
        }
    }

    @Test
    void takesTheSizeOfImagesThatTheFileDoesNotTell() throws IOException {
        MultiLayerNetwork net = network(InputType.convolutional(6, 5, 2), conv(3, 3), output(2));
        byte[] file = saved(QuantizedModel.of(net, List.of()));
        Path path = Files.write(directory.resolve("model.askew"), file);
        assertThat(EdgeModel.load(path, 6, 5).inputShape()).containsExactly(2, 6, 5);
        assertThatThrownBy(() -> EdgeModel.load(path, 0, 5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the size is [0, 5]; allowed is at least 1 each");
        assertThatThrownBy(() -> EdgeModel.load(path))
                .isInstanceOf(PackedFormatException.class)
                .hasMessageContaining("load it with the height and width");
        assertThat(EdgeModel.load(new ByteArrayInputStream(file), 6, 5).inputShape())
                .containsExactly(2, 6, 5);
        // 3 x 4 x 4 numbers do not fit the output layer
        assertThatThrownBy(() -> EdgeModel.load(new ByteArrayInputStream(file), 6, 6))
                .isInstanceOf(PackedFormatException.class)
                .hasMessageContaining("dense layer is for 36");
        byte[] features = saved(mlp());
        assertThatIllegalArgumentException().isThrownBy(() -> EdgeModel.load(new ByteArrayInputStream(features), 2, 2));
    }

    private static void assertRefused(QuantizedModel model, String reason) throws IOException {
        byte[] file = saved(model);
        assertThatThrownBy(() -> load(file))
                .isInstanceOf(PackedFormatException.class)
                .hasMessage("this network serves Deeplearning4j alone: " + reason);
    }

    private static void assertRefused(InputType type, String reason, Layer... layers) throws IOException {
        assertRefused(QuantizedModel.of(network(type, layers), List.of()), reason);
    }

    @Test
    void saysWhyANetworkIsRefused() throws IOException {
        assertRefused(
                InputType.recurrent(4),
                "layer 'layer0' is a SelfAttentionLayer",
                new SelfAttentionLayer.Builder()
                        .nOut(3)
                        .nHeads(1)
                        .projectInput(true)
                        .build(),
                new RnnOutputLayer.Builder()
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build());
        assertRefused(
                FOUR,
                "layer 'layer0' is a DenseLayer with activation rrelu(l=0.125, u=0.3333333333333333)",
                new org.deeplearning4j.nn.conf.layers.DenseLayer.Builder()
                        .nOut(3)
                        .activation(Activation.RRELU)
                        .build(),
                output(2));
    }

    @Test
    void normalizesOnlyIfThereIsANormalization() throws IOException {
        EdgeModel model = load(saved(mlp()));
        assertThat(model.hasNormalization()).isFalse();
        assertThatIllegalStateException().isThrownBy(model::normalizing);
    }
}
