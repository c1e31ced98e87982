package io.github.dl4jaskew.baseline;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A small problem that a rounded network does not solve, and networks for it; everything is seeded. */
final class Tasks {

    static final int IN = 6;
    static final int HIDDEN = 24;
    static final int CLASSES = 3;
    static final int EPOCHS = 15;
    static final int BATCH = 60;

    private Tasks() {}

    static MultiLayerConfiguration conf(IUpdater updater) {
        return conf(updater, 5);
    }

    private static MultiLayerConfiguration conf(IUpdater updater, long seed) {
        return new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(updater)
                .list()
                .layer(dense("first", IN, HIDDEN))
                .layer(norm())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(dense("second", HIDDEN, HIDDEN))
                .layer(norm())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .name("output")
                        .nIn(HIDDEN)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
    }

    static MultiLayerNetwork network(IUpdater updater) {
        return network(updater, 5);
    }

    static MultiLayerNetwork network(IUpdater updater, long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(conf(updater, seed));
        network.init();
        return network;
    }

    private static DenseLayer dense(String name, int in, int out) {
        return new DenseLayer.Builder()
                .name(name)
                .nIn(in)
                .nOut(out)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static BatchNormalization norm() {
        return new BatchNormalization.Builder().nIn(HIDDEN).nOut(HIDDEN).build();
    }

    /** Classes are regions of a random quadratic map. */
    static DataSetIterator data(long seed, int rows) {
        return new ListDataSetIterator<>(set(seed, rows).asList(), BATCH);
    }

    static DataSet set(long seed, int rows) {
        Random of = new Random(1);
        double[][] weights = new double[CLASSES][IN * IN];
        for (double[] row : weights) {
            for (int i = 0; i < row.length; i++) {
                row[i] = of.nextGaussian();
            }
        }
        Random random = new Random(seed);
        INDArray features = Nd4j.create(rows, IN);
        INDArray labels = Nd4j.zeros(rows, CLASSES);
        for (int r = 0; r < rows; r++) {
            double[] x = random.doubles(IN, -1, 1).toArray();
            int best = 0;
            double highest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < CLASSES; c++) {
                double sum = 0;
                for (int i = 0; i < IN * IN; i++) {
                    sum += weights[c][i] * (i % IN == 0 ? x[i / IN] : x[i / IN] * x[i % IN]);
                }
                if (sum > highest) {
                    highest = sum;
                    best = c;
                }
            }
            for (int i = 0; i < IN; i++) {
                features.putScalar(r, i, x[i]);
            }
            labels.putScalar(r, best, 1);
        }
        return new DataSet(features, labels);
    }

    static MultiLayerNetwork restored(MultiLayerNetwork network) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ModelSerializer.writeModel(network, bytes, true);
            return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes.toByteArray()), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static float[] params(MultiLayerNetwork network) {
        return network.params().dup().toFloatVector();
    }
}
