package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.assertAgrees;
import static io.github.dl4jaskew.export.EdgeNets.conv;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.activation.SignActivation;
import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Layers that stay packed in the predictor give DL4J's numbers. */
class EdgeTablesTest {

    static Stream<Grid> fewLevels() {
        return Stream.of(Grid.binary(), Grid.ternary(), Grid.uniform(2), Grid.of(-1, -0.25, 0.25, 1), Grid.of(-1, 0.5));
    }

    private static Layer kernels(int channels, int height, int width, int stride, int pad, int dilation) {
        return conv(
                channels,
                new int[] {height, width},
                new int[] {stride, 1},
                new int[] {pad, pad},
                dilation,
                ConvolutionMode.Truncate,
                Activation.IDENTITY);
    }

    @ParameterizedTest
    @MethodSource("fewLevels")
    void convolutions(Grid grid) throws IOException {
        InputType image = InputType.convolutional(9, 7, 3);
        assertAgrees(grid, image, kernels(16, 3, 3, 1, 0, 1));
        assertAgrees(grid, image, kernels(19, 5, 2, 2, 1, 1), new BatchNormalization());
        assertAgrees(grid, image, kernels(17, 1, 1, 1, 0, 1), kernels(33, 3, 2, 1, 1, 2));
    }

    /** Rows of output in several blocks. */
    @ParameterizedTest
    @MethodSource("fewLevels")
    void largeImages(Grid grid) throws IOException {
        assertAgrees(grid, InputType.convolutional(70, 61, 5), kernels(16, 3, 3, 1, 1, 1));
    }

    @Test
    void theirWeightsTakeAQuarterOfAByte() throws IOException {
        Layer layer = kernels(64, 3, 3, 1, 0, 1);
        MultiLayerNetwork net = EdgeNets.network(InputType.convolutionalFlat(8, 8, 32), layer);
        long weights = 64 * 32 * 9;
        assertThat(edge(net, Grid.ternary()).bytes()).isBetween(weights / 4, weights / 4 + 64 * 8);
        assertThat(edge(net, Grid.binary()).bytes()).isBetween(weights / 8, weights / 8 + 64 * 8);
    }

    private static EdgeModel edge(MultiLayerNetwork net, Grid grid) throws IOException {
        byte[] file = EdgeNets.saved(QuantizedModel.of(net, EdgeNets.quantize(net, grid, true)));
        return EdgeModel.load(new ByteArrayInputStream(file));
    }

    private static Layer units(int count) {
        return new DenseLayer.Builder()
                .nOut(count)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static Layer signs() {
        return new ActivationLayer(SignActivation.clipped());
    }

    /** Behind signs, sums of binary weights are counts of bits, one for each weight. */
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 300})
    void signsOnBinaryWeights(int hidden) throws IOException {
        EdgeModel edge = agreeing(units(hidden), signs(), units(6));
        EdgeModel others = agreeing(units(hidden), signs(), new BatchNormalization(), units(6));
        // what batch norm makes of signs has other values, and few units are served from floats
        if (hidden >= Long.SIZE) {
            assertThat(others.bytes() - edge.bytes()).isGreaterThan(6L * Float.BYTES * hidden / 2);
        }
    }

    /** On odd inputs, an odd number of them: no sum is near 0, where its last bit would decide about a sign. */
    private static EdgeModel agreeing(Layer... layers) throws IOException {
        int inputs = 41;
        MultiLayerNetwork net = EdgeNets.network(InputType.feedForward(inputs), layers);
        EdgeModel edge = edge(net, Grid.binary());
        Random random = new Random(5);
        float[] x = new float[inputs];
        for (int i = 0; i < inputs; i++) {
            x[i] = 2 * random.nextInt(4) - 3;
        }
        INDArray served = QuantizedModel.of(net, EdgeNets.quantize(net, Grid.binary(), true))
                .toMultiLayerNetwork()
                .output(Nd4j.createFromArray(x).reshape(1, inputs));
        EdgeNets.assertClose(edge.predict(x), served.dup('c').data().asFloat());
        return edge;
    }
}
