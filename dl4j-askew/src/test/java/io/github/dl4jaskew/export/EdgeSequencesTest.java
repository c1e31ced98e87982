package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.assertAgrees;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks on sequences give DL4J's numbers. */
class EdgeSequencesTest {

    private static final int TIME = 11;

    private static InputType sequence(RNNFormat format) {
        return InputType.recurrent(3, TIME, format);
    }

    private static Layer conv(
            int channels, int kernel, int stride, int dilation, ConvolutionMode mode, RNNFormat format) {
        return new Convolution1DLayer.Builder(kernel)
                .nOut(channels)
                .stride(stride)
                .dilation(dilation)
                .convolutionMode(mode)
                .rnnDataFormat(format)
                .activation(Activation.TANH)
                .build();
    }

    private static Layer lstm(int units, RNNFormat format) {
        return new LSTM.Builder()
                .nOut(units)
                .weightInit(WeightInit.XAVIER)
                .dataFormat(format)
                .activation(Activation.TANH)
                .build();
    }

    private static Layer rnn(int units, RNNFormat format) {
        return new SimpleRnn.Builder()
                .nOut(units)
                .dataFormat(format)
                .activation(Activation.RELU)
                .build();
    }

    private static Layer output(RNNFormat format) {
        return new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nOut(4)
                .dataFormat(format)
                .activation(Activation.SOFTMAX)
                .build();
    }

    @Test
    void convolutions() throws IOException {
        for (RNNFormat format : RNNFormat.values()) {
            for (ConvolutionMode mode :
                    List.of(ConvolutionMode.Truncate, ConvolutionMode.Same, ConvolutionMode.Causal)) {
                for (int[] stride : new int[][] {{1, 1}, {2, 1}, {1, 2}}) {
                    assertAgrees(
                            Grid.ternary(),
                            sequence(format),
                            conv(4, 3, stride[0], stride[1], mode, format),
                            conv(5, 2, 1, 1, mode, format));
                }
            }
        }
    }

    @Test
    void shapesOfConvolutions() throws IOException {
        assertAgrees(
                Grid.ternary(),
                sequence(RNNFormat.NCW),
                conv(4, 3, 1, 1, ConvolutionMode.Same, RNNFormat.NCW),
                new ZeroPadding1DLayer.Builder(2, 1).build(),
                new Upsampling1D.Builder(3).build(),
                new Cropping1D.Builder(1, 2).build());
    }

    @Test
    void pooling() throws IOException {
        for (PoolingType type : List.of(PoolingType.MAX, PoolingType.AVG, PoolingType.PNORM)) {
            for (ConvolutionMode mode : List.of(ConvolutionMode.Truncate, ConvolutionMode.Same)) {
                for (RNNFormat format : RNNFormat.values()) {
                    assertAgrees(
                            Grid.ternary(),
                            sequence(format),
                            conv(4, 3, 1, 1, ConvolutionMode.Same, format),
                            new Subsampling1DLayer.Builder(type)
                                    .kernelSize(3)
                                    .stride(2)
                                    .pnorm(2)
                                    .convolutionMode(mode)
                                    .build());
                }
            }
        }
    }

    @Test
    void globalPooling() throws IOException {
        for (PoolingType type : PoolingType.values()) {
            for (RNNFormat format : RNNFormat.values()) {
                assertAgrees(
                        Grid.ternary(),
                        sequence(format),
                        conv(4, 3, 1, 1, ConvolutionMode.Same, format),
                        new GlobalPoolingLayer.Builder(type)
                                .pnorm(2)
                                .poolingDimensions(format == RNNFormat.NWC ? 1 : 2)
                                .build(),
                        EdgeNets.output(3));
            }
        }
    }

    @Test
    void recurrent() throws IOException {
        for (RNNFormat format : RNNFormat.values()) {
            assertAgrees(Grid.uniform(8), sequence(format), lstm(5, format), rnn(6, format), output(format));
            assertAgrees(Grid.ternary(), sequence(format), new LastTimeStep(lstm(5, format)), EdgeNets.output(3));
            assertAgrees(Grid.binary(), sequence(format), lstm(5, format), new LastTimeStep(rnn(4, format)));
        }
    }

    @Test
    void gatesOfOtherFunctions() throws IOException {
        Layer lstm = new LSTM.Builder()
                .nOut(5)
                .gateActivationFunction(Activation.HARDSIGMOID)
                .activation(Activation.SOFTSIGN)
                .build();
        assertAgrees(Grid.uniform(8), sequence(RNNFormat.NCW), lstm, output(RNNFormat.NCW));
    }

    @Test
    void bidirectional() throws IOException {
        for (RNNFormat format : RNNFormat.values()) {
            for (Bidirectional.Mode mode : Bidirectional.Mode.values()) {
                assertAgrees(
                        Grid.uniform(8),
                        sequence(format),
                        new Bidirectional(mode, lstm(5, format)),
                        new Bidirectional(mode, rnn(4, format)));
                assertAgrees(
                        Grid.uniform(8),
                        sequence(format),
                        new Bidirectional(mode, new LastTimeStep(lstm(5, format))),
                        EdgeNets.output(3));
            }
        }
    }

    @Test
    void lossOfEachStep() throws IOException {
        for (RNNFormat format : RNNFormat.values()) {
            assertAgrees(
                    Grid.uniform(8),
                    sequence(format),
                    lstm(4, format),
                    new RnnLossLayer.Builder(LossFunction.MCXENT)
                            .activation(Activation.SOFTMAX)
                            .dataFormat(format)
                            .build());
        }
    }

    @Test
    void shapeIsThatOfTheInput() throws IOException {
        MultiLayerNetwork net =
                EdgeNets.network(sequence(RNNFormat.NWC), lstm(5, RNNFormat.NWC), output(RNNFormat.NWC));
        byte[] file = EdgeNets.saved(QuantizedModel.of(net, List.of()));
        assertThat(EdgeModel.load(new ByteArrayInputStream(file), TIME).inputShape())
                .containsExactly(TIME, 3);
    }
}
