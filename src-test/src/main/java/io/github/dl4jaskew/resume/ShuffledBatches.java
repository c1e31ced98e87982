package io.github.dl4jaskew.resume;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** Clusters in many dimensions; each epoch has an order of its own, which depends on its number alone. */
final class ShuffledBatches {

    static final int FEATURES = 32;
    static final int CLASSES = 4;
    static final int PER_EPOCH = 6;

    private static final int BATCH = 32;
    private static final double NOISE = 3;

    private ShuffledBatches() {}

    static DataSetIterator ofEpoch(int epoch) {
        List<DataSet> rows = new ArrayList<>(rows(1, PER_EPOCH * BATCH).asList());
        Collections.shuffle(rows, new Random(epoch));
        return new ListDataSetIterator<>(rows, BATCH);
    }

    static DataSet validation() {
        return rows(2, BATCH);
    }

    private static DataSet rows(long seed, int count) {
        Random centres = new Random(9);
        double[][] centre = new double[CLASSES][FEATURES];
        for (double[] c : centre) {
            for (int i = 0; i < FEATURES; i++) {
                c[i] = centres.nextGaussian();
            }
        }
        Random noise = new Random(seed);
        INDArray features = Nd4j.zeros(count, FEATURES);
        INDArray labels = Nd4j.zeros(count, CLASSES);
        for (int row = 0; row < count; row++) {
            int label = row % CLASSES;
            for (int i = 0; i < FEATURES; i++) {
                features.putScalar(row, i, centre[label][i] + NOISE * noise.nextGaussian());
            }
            labels.putScalar(row, label, 1);
        }
        return new DataSet(features, labels);
    }
}
