package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.assertAgrees;

import io.github.dl4jaskew.grid.Grid;
import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;

/** Convolutions of other kinds give DL4J's numbers. */
class EdgeKernelsTest {

    private static InputType image(CNN2DFormat format) {
        return InputType.convolutional(9, 7, 3, format);
    }

    @Test
    void depthwise() throws IOException {
        for (CNN2DFormat format : CNN2DFormat.values()) {
            for (ConvolutionMode mode : List.of(ConvolutionMode.Truncate, ConvolutionMode.Same)) {
                assertAgrees(
                        Grid.ternary(),
                        image(format),
                        new DepthwiseConvolution2D.Builder(3, 2)
                                .depthMultiplier(2)
                                .stride(2, 1)
                                .dataFormat(format)
                                .convolutionMode(mode)
                                .activation(Activation.TANH)
                                .build());
            }
        }
    }

    @Test
    void separable() throws IOException {
        for (CNN2DFormat format : CNN2DFormat.values()) {
            for (ConvolutionMode mode : List.of(ConvolutionMode.Truncate, ConvolutionMode.Same)) {
                assertAgrees(
                        Grid.ternary(),
                        image(format),
                        new SeparableConvolution2D.Builder(3, 2)
                                .depthMultiplier(2)
                                .nOut(5)
                                .dataFormat(format)
                                .convolutionMode(mode)
                                .activation(Activation.TANH)
                                .build());
            }
        }
    }

    @Test
    void deconvolution() throws IOException {
        for (CNN2DFormat format : CNN2DFormat.values()) {
            for (ConvolutionMode mode : List.of(ConvolutionMode.Truncate, ConvolutionMode.Same)) {
                for (int[] stride : new int[][] {{1, 1}, {2, 2}, {2, 3}}) {
                    assertAgrees(
                            Grid.ternary(),
                            image(format),
                            new Deconvolution2D.Builder(3, 2)
                                    .nOut(4)
                                    .stride(stride)
                                    .dataFormat(format)
                                    .convolutionMode(mode)
                                    .activation(Activation.TANH)
                                    .build());
                }
            }
        }
    }
}
