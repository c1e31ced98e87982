package io.github.dl4jaskew.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** Three clusters in four dimensions, which a network with ternary weights can tell apart. */
final class Clusters {

    static final int ROWS = 60;
    static final int FEATURES = 4;
    static final int CLASSES = 3;

    private static final double[][] CENTRES = {{2, 0, 1, -1}, {-2, 1, 0, 1}, {0, -2, -1, 0}};

    private Clusters() {}

    static DataSet all(DataType type) {
        Random random = new Random(5);
        INDArray features = Nd4j.zeros(type, ROWS, FEATURES);
        INDArray labels = Nd4j.zeros(type, ROWS, CLASSES);
        for (int row = 0; row < ROWS; row++) {
            int cluster = row % CLASSES;
            for (int i = 0; i < FEATURES; i++) {
                features.putScalar(row, i, CENTRES[cluster][i] + 0.5 * random.nextGaussian());
            }
            labels.putScalar(row, cluster, 1);
        }
        return new DataSet(features, labels);
    }

    /** Minibatches in a fixed order; the last one may be smaller. */
    static DataSetIterator batches(int size, DataType type) {
        DataSet all = all(type);
        List<DataSet> batches = new ArrayList<>();
        for (int from = 0; from < ROWS; from += size) {
            batches.add(all.getRange(from, Math.min(ROWS, from + size)).copy());
        }
        return new ExistingDataSetIterator(batches);
    }

    static int batchesPerEpoch(int size) {
        return (ROWS + size - 1) / size;
    }
}
