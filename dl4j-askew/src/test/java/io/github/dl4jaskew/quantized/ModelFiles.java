package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small models whose every number is given by a formula, so that they are the same everywhere. */
final class ModelFiles {

    private ModelFiles() {}

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Sgd(0.1))
                .weightInit(new NormalDistribution(0, 0.5));
    }

    /** Ternary convolution with a scale for each channel, batch norm, dense layer of 3 bits, output left as it is. */
    static QuantizedModel convolutional() {
        MultiLayerNetwork network = network(base().list()
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .name("conv")
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new BatchNormalization.Builder().name("norm").build())
                .layer(new DenseLayer.Builder()
                        .name("dense")
                        .nOut(4)
                        .activation(Activation.RELU)
                        .build())
                .layer(output())
                .setInputType(InputType.convolutional(4, 4, 2))
                .build());
        ScaledGrid ternary = new ScaledGrid(Grid.ternary(), new double[] {0.25, 0.375, 0.1}, new Channels(3, 8));
        return QuantizedModel.of(
                        network,
                        List.of(
                                snap(network, "conv", ternary),
                                snap(network, "dense", ScaledGrid.perTensor(Grid.uniform(3), 0.3))))
                .withLabels(List.of("no", "yes"))
                .withNormalization(new ImagePreProcessingScaler(-1, 1));
    }

    /** One binary layer and one as it is: the file is small. */
    static QuantizedModel dense() {
        MultiLayerNetwork network = network(base().list()
                .layer(new DenseLayer.Builder().name("dense").nIn(3).nOut(2).build())
                .layer(output())
                .setInputType(InputType.feedForward(3))
                .build());
        return QuantizedModel.of(network, List.of(snap(network, "dense", ScaledGrid.perTensor(Grid.binary(), 0.5))));
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .name("output")
                .nOut(2)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static MultiLayerNetwork network(MultiLayerConfiguration configuration) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        INDArray vector = network.params();
        for (long i = 0; i < vector.length(); i++) {
            // Quarters, positive, so that variances are too
            vector.putScalar(i, ((i * 7919) % 13 + 1) * 0.25f);
        }
        for (String key : new String[] {"0_W", "2_W", "3_W"}) {
            if (network.paramTable().containsKey(key)) {
                network.getParam(key).subi(1.5);
            }
        }
        return network;
    }

    private static QuantizedParameter snap(MultiLayerNetwork network, String layer, ScaledGrid grid) {
        return QuantizedParameter.snap(layer, "W", network.getLayer(layer).getParam("W"), grid);
    }

    static byte[] bytes(QuantizedModel model) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            model.save(out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    static QuantizedModel load(byte[] file) throws IOException {
        return QuantizedModel.load(new ByteArrayInputStream(file));
    }

    static INDArray images() {
        return Nd4j.linspace(-1, 1, 5 * 32).reshape('c', 5, 2, 4, 4).castTo(DataType.FLOAT);
    }
}
