package io.github.dl4jaskew.margin.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class LipschitzChainTest {

    @Test
    void spectralNormFromAbove() {
        assertThat(LipschitzChain.spectralNorm(Nd4j.createFromArray(new double[][] {{3, 0, 0}, {0, 1e-200, 0}})))
                .isCloseTo(3, within(1e-12));
        assertThat(LipschitzChain.spectralNorm(Nd4j.eye(40).castTo(DataType.DOUBLE)))
                .isBetween(1.0, 1 + 1e-4);
        assertThat(LipschitzChain.spectralNorm(Nd4j.createFromArray(new double[][] {{3e200, 4e200}})))
                .isCloseTo(5e200, within(1e188));
        assertThat(LipschitzChain.spectralNorm(Nd4j.zeros(DataType.DOUBLE, 2, 3)))
                .isZero();
    }

    /** All weights 1: a filter of 4 weights has norm 2, the output layer the square root of its inputs' number. */
    @Test
    void aPixelCountsOnceForEachWindowThatItIsIn() {
        assertThat(bound(2, 2)).isCloseTo(2 * Math.sqrt(2 * 4), within(1e-9));
        assertThat(bound(2, 1)).isCloseTo(2 * 2 * Math.sqrt(2 * 9), within(1e-9));
    }

    @Test
    void overlappingPoolingCountsToo() {
        assertThat(pooled(2)).isCloseTo(Math.sqrt(2 * 4), within(1e-9));
        assertThat(pooled(1)).isCloseTo(2 * Math.sqrt(2 * 9), within(1e-9));
    }

    private static double bound(int kernel, int stride) {
        return bound(new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .nOut(1)
                .hasBias(false)
                .activation(Activation.RELU)
                .build());
    }

    private static double pooled(int stride) {
        return bound(new SubsamplingLayer.Builder(PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(stride, stride)
                .build());
    }

    private static double bound(org.deeplearning4j.nn.conf.layers.Layer first) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(first)
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(2)
                        .hasBias(false)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(4, 4, 1))
                .build());
        network.init();
        network.params().assign(1);
        LipschitzChain chain = LipschitzChain.of(network);
        assertThat(chain.reason()).isNull();
        return chain.bound();
    }
}
