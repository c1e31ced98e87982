package io.github.dl4jaskew.margin.homogeneity;

import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Small networks. */
public final class Nets {

    static final int FEATURES = 4;

    private Nets() {}

    static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(0.1))
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.RELU);
    }

    public static MultiLayerNetwork of(InputType input, Layer... layers) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(builder().list(layers).setInputType(input).build());
        network.init();
        return network;
    }

    static MultiLayerNetwork flat(Layer... layers) {
        return of(InputType.feedForward(FEATURES), layers);
    }

    static MultiLayerNetwork images(Layer... layers) {
        return of(InputType.convolutional(8, 8, 2), layers);
    }

    public static DenseLayer dense(String name, boolean bias) {
        return dense(name, bias, Activation.RELU);
    }

    public static DenseLayer dense(String name, boolean bias, Activation activation) {
        return new DenseLayer.Builder()
                .name(name)
                .nOut(6)
                .hasBias(bias)
                .activation(activation)
                .build();
    }

    static OutputLayer softmax(boolean bias) {
        return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .name("out")
                .nOut(3)
                .hasBias(bias)
                .activation(Activation.SOFTMAX)
                .build();
    }

    static INDArray flatFeatures() {
        return features(10, FEATURES);
    }

    static INDArray imageFeatures() {
        return features(3, 2, 8, 8);
    }

    static INDArray features(long... shape) {
        double[] values = new Random(5)
                .doubles(Arrays.stream(shape).reduce(1, (a, b) -> a * b), -1, 1)
                .toArray();
        return Nd4j.createFromArray(values).reshape(shape);
    }
}
