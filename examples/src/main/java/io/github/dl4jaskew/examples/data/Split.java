package io.github.dl4jaskew.examples.data;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Data to train on and data to test on.
 *
 * @param train one example a row
 * @param test one example a row, none of them in {@code train}
 */
public record Split(DataSet train, DataSet test) {

    /**
     * The first training examples.
     *
     * @param limit how many, at most
     * @return a view of them, or all if there are fewer
     */
    public DataSet firstTrain(int limit) {
        long rows = Math.min(limit, train.getFeatures().size(0));
        return new DataSet(first(train.getFeatures(), rows), first(train.getLabels(), rows));
    }

    private static INDArray first(INDArray matrix, long rows) {
        return matrix.get(NDArrayIndex.interval(0, rows), NDArrayIndex.all());
    }
}
