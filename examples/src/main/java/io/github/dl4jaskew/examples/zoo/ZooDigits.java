package io.github.dl4jaskew.examples.zoo;

import io.github.dl4jaskew.examples.data.Mnist;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.model.LeNet;
import org.deeplearning4j.zoo.model.SimpleCNN;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Models of the zoo that are small enough for images of 28 x 28 pixels. */
public enum ZooDigits {
    /** Two convolutions and two dense layers, no batch norm; 1.3 million parameters. */
    LENET {
        @Override
        public ZooModel<?> model(int classes, IUpdater updater, long seed) {
            return LeNet.builder()
                    .inputShape(new int[] {1, Mnist.SIDE, Mnist.SIDE})
                    .numClasses(classes)
                    .updater(updater)
                    .seed(seed)
                    .build();
        }
    },

    /** Ten convolutions with batch norm and dropout; 0.7 million parameters. */
    SIMPLECNN {
        @Override
        public ZooModel<?> model(int classes, IUpdater updater, long seed) {
            return SimpleCNN.builder()
                    .inputShape(new int[] {1, Mnist.SIDE, Mnist.SIDE})
                    .numClasses(classes)
                    .updater(updater)
                    .seed(seed)
                    .build();
        }

        /** The zoo's network ends in an activation and cannot be trained, and it takes no flat images. */
        @Override
        MultiLayerNetwork trainable(MultiLayerNetwork network, IUpdater updater, long seed) {
            return new TransferLearning.Builder(network)
                    .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                            .updater(updater)
                            .seed(seed)
                            .build())
                    .removeOutputLayer()
                    .addLayer(new LossLayer.Builder(LossFunction.MCXENT)
                            .activation(Activation.SOFTMAX)
                            .build())
                    .setInputPreProcessor(0, new FeedForwardToCnnPreProcessor(Mnist.SIDE, Mnist.SIDE, 1))
                    .build();
        }
    };

    /**
     * The zoo's model.
     *
     * @param classes its outputs
     * @param updater what trains it
     * @param seed what its first weights are drawn with
     * @return the model, not yet initialised
     */
    public abstract ZooModel<?> model(int classes, IUpdater updater, long seed);

    /**
     * A network with random weights that takes images as rows and can be trained.
     *
     * @param classes its outputs
     * @param updater what trains it
     * @param seed what its first weights are drawn with
     * @return an initialised network
     */
    public MultiLayerNetwork network(int classes, IUpdater updater, long seed) {
        return trainable((MultiLayerNetwork) model(classes, updater, seed).init(), updater, seed);
    }

    MultiLayerNetwork trainable(MultiLayerNetwork network, IUpdater updater, long seed) {
        return network;
    }
}
