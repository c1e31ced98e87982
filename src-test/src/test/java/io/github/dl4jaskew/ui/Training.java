package io.github.dl4jaskew.ui;

import io.github.dl4jaskew.margin.MarginTracker;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** A small homogeneous network and three separable classes. */
final class Training {

    private static final int EXAMPLES = 60;
    private static final int CLASSES = 3;

    private Training() {}

    static DataSet data() {
        var random = new java.util.Random(7);
        double[][] features = new double[EXAMPLES][2];
        double[][] labels = new double[EXAMPLES][CLASSES];
        for (int i = 0; i < EXAMPLES; i++) {
            int label = i % CLASSES;
            double angle = 2 * Math.PI * label / CLASSES;
            features[i][0] = Math.cos(angle) + 0.2 * random.nextGaussian();
            features[i][1] = Math.sin(angle) + 0.2 * random.nextGaussian();
            labels[i][label] = 1;
        }
        return new DataSet(
                Nd4j.createFromArray(features).castTo(DataType.FLOAT),
                Nd4j.createFromArray(labels).castTo(DataType.FLOAT));
    }

    static MultiLayerNetwork network(long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Sgd(0.3))
                .list()
                .layer(new DenseLayer.Builder()
                        .name("hidden")
                        .nIn(2)
                        .nOut(16)
                        .hasBias(false)
                        .activation(Activation.RELU)
                        .build())
                .layer(new DenseLayer.Builder()
                        .name("second")
                        .nIn(16)
                        .nOut(16)
                        .hasBias(false)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .name("output")
                        .nIn(16)
                        .nOut(CLASSES)
                        .hasBias(false)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    static MarginTracker tracker(DataSet data) {
        return MarginTracker.builder(new ListDataSetIterator<>(data.asList(), EXAMPLES))
                .every(1)
                .iterations()
                .gradients()
                .neuralCollapse()
                .build();
    }
}
