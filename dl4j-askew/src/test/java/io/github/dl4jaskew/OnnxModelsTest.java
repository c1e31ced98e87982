package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.github.dl4jaskew.export.OnnxOptions;
import io.github.dl4jaskew.export.OnnxRun;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks of the usual kinds in ONNX Runtime, and the size of their files. */
class OnnxModelsTest {

    private static final double LARGEST_RATIO = 2.1;

    @ParameterizedTest
    @EnumSource(GoldenNetwork.class)
    void goldenNetworksAgree(GoldenNetwork golden) throws OrtException {
        MultiLayerNetwork network = golden.today();
        QuantizedModel model = golden.method().quantize(network);
        long inputs = network.layerInputSize(0);
        for (int opset : new int[] {25, 21, 13}) {
            OnnxRun.assertAgrees(model, OnnxOptions.opset(opset), OnnxRun.random(4, inputs));
        }
    }

    /** Codes of 2 bits for those of 1 and 1.6. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lowBitLeNetsStaySmall(boolean binary) throws OrtException {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Sgd(0.1))
                .list()
                .layer(new ConvolutionLayer.Builder(5, 5)
                        .nOut(20)
                        .activation(Activation.RELU)
                        .build())
                .layer(new SubsamplingLayer.Builder(
                                SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2})
                        .build())
                .layer(new ConvolutionLayer.Builder(5, 5)
                        .nOut(50)
                        .activation(Activation.RELU)
                        .build())
                .layer(new SubsamplingLayer.Builder(
                                SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2})
                        .build())
                .layer(new DenseLayer.Builder()
                        .nOut(500)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutionalFlat(28, 28, 1))
                .build());
        network.init();
        QuantizedModel model = OnnxRun.quantized(network, binary ? Grid.binary() : Grid.ternary(), false);
        OnnxRun.assertAgrees(model, OnnxOptions.defaults(), OnnxRun.random(2, 784));
        assertThat((double) OnnxRun.exported(model, OnnxOptions.defaults()).length / model.fileBytes())
                .isLessThanOrEqualTo(LARGEST_RATIO);
    }
}
