package io.github.dl4jaskew.examples.data;

import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Data of an even number of classes, split by class into two problems: the lower half of the classes, and the upper one with
 * its classes counted from 0 again.
 *
 * @param lower examples of the lower classes
 * @param upper examples of the upper classes
 */
public record Halves(Split lower, Split upper) {

    /**
     * Splits data.
     *
     * @param split one-hot labels of an even number of classes
     * @return copies
     * @throws IllegalArgumentException if a half has no example to train or to test on
     */
    public static Halves of(Split split) {
        return new Halves(half(split, 0), half(split, 1));
    }

    private static Split half(Split split, int half) {
        return new Split(half(split.train(), half), half(split.test(), half));
    }

    private static DataSet half(DataSet data, int half) {
        int classes = Math.toIntExact(data.getLabels().size(1)) / 2;
        int[] digits = data.getLabels().argMax(1).toIntVector();
        int[] rows = IntStream.range(0, digits.length)
                .filter(i -> digits[i] / classes == half)
                .toArray();
        if (rows.length == 0) {
            throw new IllegalArgumentException(
                    "there is no example of the " + (half == 0 ? "lower" : "upper") + " half of the classes");
        }
        INDArray labels = Nd4j.zeros(rows.length, classes);
        for (int i = 0; i < rows.length; i++) {
            labels.putScalar(i, digits[rows[i]] % classes, 1);
        }
        return new DataSet(Nd4j.pullRows(data.getFeatures(), 1, rows), labels);
    }
}
