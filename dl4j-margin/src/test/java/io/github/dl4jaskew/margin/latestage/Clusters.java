package io.github.dl4jaskew.margin.latestage;

import io.github.dl4jaskew.margin.metrics.Margins;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Three separable clusters in the plane, 24 points, and a bias-free ReLU network of float32 for them. */
final class Clusters {

    static final int POINTS = 24;
    private static final int CLASSES = 3;

    private Clusters() {}

    static DataSet data() {
        Random random = new Random(5);
        float[][] features = new float[POINTS][2];
        float[][] labels = new float[POINTS][CLASSES];
        for (int i = 0; i < POINTS; i++) {
            double angle = 2 * Math.PI * (i % CLASSES) / CLASSES;
            features[i][0] = (float) (Math.cos(angle) + 0.1 * random.nextGaussian());
            features[i][1] = (float) (Math.sin(angle) + 0.1 * random.nextGaussian());
            labels[i][i % CLASSES] = 1;
        }
        return new DataSet(Nd4j.create(features), Nd4j.create(labels));
    }

    static DataSetIterator batches(int size) {
        return new ListDataSetIterator<>(data().asList(), size);
    }

    /** Equal inputs with different labels. */
    static DataSetIterator contradiction() {
        float[][] features = {{1, 0}, {1, 0}};
        float[][] labels = {{1, 0, 0}, {0, 1, 0}};
        return new ListDataSetIterator<>(new DataSet(Nd4j.create(features), Nd4j.create(labels)).asList(), 1);
    }

    static MultiLayerNetwork network(IUpdater updater, ILossFunction loss) {
        return network(updater, loss, 7);
    }

    static MultiLayerNetwork network(IUpdater updater, ILossFunction loss, long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(updater)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(2)
                        .nOut(8)
                        .hasBias(false)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(loss)
                        .nIn(8)
                        .nOut(CLASSES)
                        .hasBias(false)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** A network that tells the clusters apart by its construction: three units look at one cluster each, the others at none. */
    static MultiLayerNetwork separated(double size) {
        MultiLayerNetwork network = network(new Sgd(0.1), new LossMCXENT());
        network.params().assign(0);
        for (int k = 0; k < CLASSES; k++) {
            double angle = 2 * Math.PI * k / CLASSES;
            network.getParam("0_W").putScalar(0, k, Math.cos(angle));
            network.getParam("0_W").putScalar(1, k, Math.sin(angle));
            network.getParam("1_W").putScalar(k, k, size);
        }
        return network;
    }

    /** From logits, which are the hidden activations times the last weights. */
    static double smallestMargin(MultiLayerNetwork network) {
        INDArray hidden =
                network.feedForwardToLayer(0, data().getFeatures(), false).get(1);
        INDArray logits = hidden.mmul(network.getParam("1_W"));
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < POINTS; i++) {
            smallest = Math.min(smallest, Margins.multiClass(logits.getRow(i).toDoubleVector(), i % CLASSES));
        }
        return smallest;
    }
}
