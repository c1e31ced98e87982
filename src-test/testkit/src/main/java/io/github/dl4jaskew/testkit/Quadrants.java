package io.github.dl4jaskew.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Points around (+-1, +-1), of class 1 where the signs agree: no linear network tells them apart. */
public final class Quadrants {

    private static final int BATCH = 16;

    private Quadrants() {}

    /** Minibatches of 16 points. */
    public static List<DataSet> batches(int count, long seed) {
        Random random = new Random(seed);
        List<DataSet> batches = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            INDArray features = Nd4j.create(BATCH, 2);
            INDArray labels = Nd4j.zeros(BATCH, 2);
            for (int i = 0; i < BATCH; i++) {
                int x = random.nextBoolean() ? 1 : -1;
                int y = random.nextBoolean() ? 1 : -1;
                features.putScalar(i, 0, x + 0.3 * random.nextGaussian());
                features.putScalar(i, 1, y + 0.3 * random.nextGaussian());
                labels.putScalar(i, x == y ? 1 : 0, 1);
            }
            batches.add(new DataSet(features, labels));
        }
        return batches;
    }

    /** An iterator over the batches as they are. */
    public static DataSetIterator iterator(List<DataSet> batches) {
        return new ListDataSetIterator<>(DataSet.merge(batches).asList(), BATCH);
    }

    /** A network of one hidden layer. */
    public static MultiLayerNetwork list(IUpdater updater) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(11)
                .updater(updater)
                .list()
                .layer(hidden())
                .layer(output())
                .build());
        network.init();
        return network;
    }

    /** The same network as a graph. */
    public static ComputationGraph graph(IUpdater updater) {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(11)
                .updater(updater)
                .graphBuilder()
                .addInputs("in")
                .addLayer("hidden", hidden(), "in")
                .addLayer("output", output(), "hidden")
                .setOutputs("output")
                .build());
        network.init();
        return network;
    }

    /** A network of either kind, with plain SGD for what is not constrained. */
    public static Model network(boolean graph) {
        return graph ? graph(new Sgd(0.05)) : list(new Sgd(0.05));
    }

    private static DenseLayer hidden() {
        return new DenseLayer.Builder()
                .nIn(2)
                .nOut(16)
                .activation(Activation.RELU)
                .build();
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(16)
                .nOut(2)
                .activation(Activation.SOFTMAX)
                .build();
    }
}
