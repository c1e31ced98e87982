package io.github.dl4jaskew.export;

import static io.github.dl4jaskew.export.EdgeNets.assertClose;
import static io.github.dl4jaskew.export.EdgeNets.conv;
import static io.github.dl4jaskew.export.EdgeNets.network;
import static io.github.dl4jaskew.export.EdgeNets.pool;
import static io.github.dl4jaskew.export.EdgeNets.saved;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Windows larger and smaller than the image: wherever DL4J computes something, the edge predictor computes the same. */
class EdgeWindowSweepTest {

    private int compared;

    /** Kernels of which whole rows or columns meet nothing but padding. */
    @ParameterizedTest
    @CsvSource({"5, 1, 1", "7, 1, 2", "3, 10, 9", "3, 9, 9", "2, 4, 3", "9, 2, 4"})
    void kernelsThatMissTheImage(int kernel, int dilation, int size) throws IOException {
        compare(size, convolution(kernel, 1, 0, dilation, ConvolutionMode.Same));
        assertThat(compared).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"Same", "Truncate"})
    void allSmallConvolutions(ConvolutionMode mode) throws IOException {
        for (int size = 1; size <= 4; size++) {
            for (int kernel = 1; kernel <= 5; kernel += 2) {
                for (int stride = 1; stride <= 3; stride++) {
                    for (int dilation = 1; dilation <= 3; dilation += 2) {
                        for (int padding = 0; padding <= (mode == ConvolutionMode.Same ? 0 : 2); padding++) {
                            compare(size, convolution(kernel, stride, padding, dilation, mode));
                        }
                    }
                }
            }
        }
        assertThat(compared).isGreaterThan(30);
    }

    private static Layer convolution(int kernel, int stride, int padding, int dilation, ConvolutionMode mode) {
        int[] kernels = {kernel, 1 + kernel / 2};
        return conv(
                2,
                kernels,
                new int[] {stride, stride},
                new int[] {padding, padding},
                dilation,
                mode,
                Activation.IDENTITY);
    }

    @ParameterizedTest
    @EnumSource(names = {"MAX", "AVG", "PNORM"})
    void allSmallPoolings(PoolingType type) throws IOException {
        for (ConvolutionMode mode : new ConvolutionMode[] {ConvolutionMode.Same, ConvolutionMode.Truncate}) {
            for (int size = 1; size <= 4; size++) {
                for (int kernel = 1; kernel <= 5; kernel += 2) {
                    for (int stride = 1; stride <= 3; stride++) {
                        for (int padding = 0; padding <= (mode == ConvolutionMode.Same ? 0 : 2); padding++) {
                            if (mode == ConvolutionMode.Truncate && kernel > size + 2 * padding) {
                                continue; // DL4J's own division makes one window of some, the edge predictor refuses
                                // all
                            }
                            int[] kernels = {kernel, 1 + kernel / 2};
                            int[] strides = {stride, stride};
                            int[] paddings = {padding, padding};
                            compare(size, pool(type, kernels, strides, paddings, mode, type == PoolingType.AVG));
                        }
                    }
                }
            }
        }
        assertThat(compared).isGreaterThan(30);
    }

    @Test
    void poolingsWithDilation() throws IOException {
        for (int dilation = 2; dilation <= 5; dilation++) {
            for (ConvolutionMode mode : new ConvolutionMode[] {ConvolutionMode.Same, ConvolutionMode.Truncate}) {
                for (int size = 1; size <= 6; size++) {
                    compare(
                            size,
                            new SubsamplingLayer.Builder(
                                            SubsamplingLayer.PoolingType.MAX, new int[] {3, 2}, new int[] {1, 1})
                                    .dilation(dilation, dilation)
                                    .convolutionMode(mode)
                                    .build());
                }
            }
        }
        assertThat(compared).isGreaterThan(10);
    }

    /** An image of {@code size x (size + 1)} through a convolution that makes it negative too, and the layer. */
    private void compare(int size, Layer layer) throws IOException {
        MultiLayerNetwork net;
        INDArray image = image(size);
        float[] expected;
        try {
            net = network(InputType.convolutional(size, size + 1, 2), conv(2, 1), layer);
            expected = net.output(image).dup('c').data().asFloat();
        } catch (RuntimeException e) {
            return; // DL4J refuses it, or cannot compute it
        }
        if (expected.length == 0) {
            return;
        }
        EdgeModel edge =
                EdgeModel.load(new ByteArrayInputStream(saved(QuantizedModel.of(net, List.of()))), size, size + 1);
        assertClose(edge.predict(image.data().asFloat()), expected);
        compared++;
    }

    private static INDArray image(int size) {
        Random random = new Random(size);
        float[] pixels = new float[2 * size * (size + 1)];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return Nd4j.createFromArray(pixels).reshape(1, 2, size, size + 1);
    }
}
