package io.github.dl4jaskew.guide;

import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.data.Iris;
import io.github.dl4jaskew.examples.data.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What the pages take for granted: data, and networks for them. */
final class Given {

    static final int BATCH = 20;
    /** Minibatches of an epoch. */
    static final int ITERATIONS = 5;

    private static final Split IRIS = iris();

    private Given() {}

    private static Split iris() {
        try {
            return Iris.read(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Batches train() {
        return Batches.shuffled(IRIS.train(), BATCH, 1);
    }

    static Batches test() {
        return Batches.whole(IRIS.test());
    }

    static Split split() {
        return IRIS;
    }

    static MultiLayerNetwork network() {
        return network(new Adam(0.003));
    }

    static MultiLayerNetwork network(IUpdater updater) {
        return network(updater, 1);
    }

    static MultiLayerNetwork network(IUpdater updater, long seed) {
        return initialised(configuration(updater, new ActivationReLU(), seed));
    }

    static MultiLayerNetwork initialised(MultiLayerConfiguration configuration) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    static MultiLayerConfiguration configuration(IUpdater updater, IActivation activation) {
        return configuration(updater, activation, 1);
    }

    private static MultiLayerConfiguration configuration(IUpdater updater, IActivation activation, long seed) {
        return builder(updater)
                .seed(seed)
                .list()
                .layer(new DenseLayer.Builder()
                        .name("hidden")
                        .nOut(16)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new BatchNormalization.Builder().name("norm").build())
                .layer(new ActivationLayer(activation))
                .layer(output(16))
                .setInputType(InputType.feedForward(4))
                .build();
    }

    /** Homogeneous of degree 2. */
    static MultiLayerNetwork homogeneous(IUpdater updater) {
        return initialised(builder(updater)
                .list()
                .layer(new DenseLayer.Builder()
                        .name("hidden")
                        .nIn(4)
                        .nOut(16)
                        .hasBias(false)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .name("output")
                        .nIn(16)
                        .nOut(3)
                        .hasBias(false)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
    }

    static NeuralNetConfiguration.Builder builder(IUpdater updater) {
        return new NeuralNetConfiguration.Builder().seed(1).updater(updater);
    }

    static OutputLayer output(int inputs) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .name("output")
                .nIn(inputs)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }
}
