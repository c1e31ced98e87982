package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.assertAgrees;
import static io.github.dl4jaskew.export.EdgeNets.conv;
import static io.github.dl4jaskew.export.EdgeNets.dense;
import static io.github.dl4jaskew.export.EdgeNets.output;
import static io.github.dl4jaskew.export.EdgeNets.pool;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Each layer and option gives what DL4J's {@code output} gives, on random networks. */
class EdgeAgreementTest {

    private static final InputType IMAGE = InputType.convolutional(9, 11, 2);

    static Stream<IActivation> activations() {
        return Stream.of(
                new ActivationIdentity(),
                new ActivationReLU(),
                new ActivationReLU(1.5, 0.25, 0.1),
                new ActivationReLU(1.5, null, null),
                new ActivationReLU6(),
                new ActivationLReLU(0.03),
                new ActivationELU(),
                new ActivationELU(0.7),
                new ActivationSELU(),
                new ActivationSigmoid(),
                new ActivationTanH(),
                new ActivationHardTanH(),
                new ActivationHardSigmoid(),
                new ActivationSoftPlus(),
                new ActivationSoftSign(),
                new ActivationSwish(),
                new ActivationGELU(),
                new ActivationThresholdedReLU(0.5),
                new ActivationCube(),
                new ActivationRationalTanh(),
                new ActivationRectifiedTanh(),
                new ActivationMish(),
                new ActivationSoftmax());
    }

    @ParameterizedTest
    @MethodSource("activations")
    void activationFunctions(IActivation function) throws Exception {
        Layer identity = new DenseLayer.Builder()
                .nOut(20)
                .activation(Activation.IDENTITY)
                .build();
        assertAgrees(null, InputType.feedForward(40), identity, new ActivationLayer(function));
    }

    @ParameterizedTest
    @CsvSource({"5, 7, 3", "40, 33, 10", "97, 64, 40", "130, 100, 2"})
    void denseLayers(int in, int hidden, int out) throws Exception {
        for (Grid grid : grids()) {
            assertAgrees(grid, InputType.feedForward(in), dense(hidden, true), dense(hidden, false), output(out));
        }
    }

    private static List<Grid> grids() {
        List<Grid> grids = new ArrayList<>(List.of(
                Grid.binary(), Grid.ternary(), Grid.uniform(2), Grid.uniform(3), Grid.uniform(4), Grid.uniform(8)));
        grids.add(Grid.of(-2, 0.5, 0.75, 1.25, 3));
        grids.add(null);
        return grids;
    }

    static Stream<Object[]> windows() {
        List<Object[]> cases = new ArrayList<>();
        for (ConvolutionMode mode : List.of(ConvolutionMode.Truncate, ConvolutionMode.Same)) {
            for (int[] kernel : new int[][] {{1, 1}, {3, 2}, {2, 5}}) {
                for (int[] stride : new int[][] {{1, 1}, {2, 3}}) {
                    for (int dilation : new int[] {1, 2}) {
                        for (int pad : mode == ConvolutionMode.Same ? new int[] {0} : new int[] {0, 1}) {
                            cases.add(new Object[] {mode, kernel, stride, new int[] {pad, 2 * pad}, dilation});
                        }
                    }
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("windows")
    void convolutions(ConvolutionMode mode, int[] kernel, int[] stride, int[] pad, int dilation) throws Exception {
        assertAgrees(
                Grid.binary(),
                IMAGE,
                conv(5, kernel, stride, pad, dilation, mode, Activation.RELU),
                conv(
                        3,
                        new int[] {2, 2},
                        new int[] {1, 1},
                        new int[] {1, 1},
                        1,
                        ConvolutionMode.Truncate,
                        Activation.TANH),
                output(4));
    }

    static Stream<Object[]> poolingWindows() {
        return windows().filter(w -> {
            int[] kernel = (int[]) w[1];
            int[] pad = (int[]) w[3];
            return (int) w[4] == 1 && pad[0] < kernel[0] && pad[1] < kernel[1];
        });
    }

    @ParameterizedTest
    @MethodSource("poolingWindows")
    void poolings(ConvolutionMode mode, int[] kernel, int[] stride, int[] pad, int dilation) throws Exception {
        for (PoolingType type : List.of(PoolingType.MAX, PoolingType.AVG, PoolingType.PNORM)) {
            for (boolean include : type == PoolingType.AVG ? new boolean[] {false, true} : new boolean[1]) {
                assertAgrees(null, IMAGE, conv(3, 1), pool(type, kernel, stride, pad, mode, include), conv(4, 1));
            }
        }
    }

    @Test
    void globalPoolings() throws Exception {
        for (PoolingType type : PoolingType.values()) {
            assertAgrees(
                    Grid.ternary(),
                    IMAGE,
                    conv(5, 3),
                    new GlobalPoolingLayer.Builder(type).pnorm(3).build(),
                    output(4));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void batchNorm(boolean logarithm) throws Exception {
        for (boolean locked : new boolean[] {false, true}) {
            BatchNormalization.Builder b = new BatchNormalization.Builder()
                    .useLogStd(logarithm)
                    .eps(1e-3)
                    .lockGammaBeta(locked);
            assertAgrees(Grid.binary(), IMAGE, conv(5, 3), b.build(), relu(), b.build(), output(4));
            assertAgrees(
                    Grid.binary(),
                    InputType.feedForward(20),
                    dense(40, false),
                    b.build(),
                    relu(),
                    b.build(),
                    output(4));
        }
    }

    private static Layer relu() {
        return new ActivationLayer(Activation.RELU);
    }

    @Test
    void shapes() throws Exception {
        assertAgrees(
                Grid.uniform(4),
                IMAGE,
                conv(4, 2),
                new ZeroPaddingLayer.Builder(1, 2, 0, 3).build(),
                new Upsampling2D.Builder().size(new int[] {2, 3}).build(),
                new Cropping2D(1, 0, 2, 5),
                new DropoutLayer(0.5),
                output(4));
    }

    @Test
    void layerNorm() throws Exception {
        for (boolean bias : new boolean[] {true, false}) {
            Layer norm = new DenseLayer.Builder()
                    .nOut(10)
                    .hasLayerNorm(true)
                    .hasBias(bias)
                    .activation(Activation.TANH)
                    .build();
            assertAgrees(Grid.ternary(), InputType.feedForward(20), norm, output(3));
            assertAgrees(
                    Grid.uniform(8),
                    InputType.recurrent(3, 7),
                    new SimpleRnn.Builder().nOut(5).build(),
                    norm,
                    new SimpleRnn.Builder().nOut(4).build());
        }
    }

    /** Equal sums have the deviation 0, by which DL4J does not divide. */
    @Test
    void layerNormOfEqualNumbers() throws Exception {
        MultiLayerNetwork net = EdgeNets.network(
                InputType.feedForward(4),
                new DenseLayer.Builder().nOut(6).hasLayerNorm(true).build(),
                output(3));
        EdgeModel model = EdgeModel.load(new ByteArrayInputStream(EdgeNets.saved(QuantizedModel.of(net, List.of()))));
        float[] expected = net.output(Nd4j.zeros(1, 4)).data().asFloat();
        assertThat(model.predict(new float[4])).isNotEqualTo(model.predict(new float[] {1, 0, 0, 0}));
        EdgeNets.assertClose(model.predict(new float[4]), expected);
    }

    @Test
    void parametricRelu() throws Exception {
        assertAgrees(
                null,
                InputType.feedForward(20),
                dense(10, true),
                new PReLULayer.Builder().inputShape(10).build(),
                output(3));
        assertAgrees(
                null,
                InputType.feedForward(20),
                new PReLULayer.Builder().inputShape(20).build(),
                dense(10, true),
                output(3));
        assertAgrees(
                null,
                IMAGE,
                conv(4, 2),
                new PReLULayer.Builder().inputShape(4, 8, 10).build(),
                output(3));
        assertAgrees(
                null,
                IMAGE,
                conv(4, 2),
                new PReLULayer.Builder().inputShape(4, 8, 10).sharedAxes(2, 3).build(),
                output(3));
    }

    @Test
    void flatImagesAndLossLayer() throws Exception {
        assertAgrees(
                Grid.binary(),
                InputType.convolutionalFlat(9, 11, 2),
                conv(4, 3),
                dense(40, true),
                dense(5, true),
                new LossLayer.Builder(LossFunction.MSE)
                        .activation(Activation.SOFTMAX)
                        .build());
    }

    @Test
    void lenetWithBatchNorm() throws Exception {
        Layer norm = new BatchNormalization.Builder().build();
        Layer pooling =
                pool(PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2}, new int[2], ConvolutionMode.Truncate, false);
        assertAgrees(
                Grid.binary(),
                InputType.convolutionalFlat(28, 28, 1),
                conv(20, 5),
                norm,
                relu(),
                pooling,
                conv(50, 5),
                norm,
                relu(),
                pooling,
                dense(500, false),
                norm,
                relu(),
                output(10));
    }
}
