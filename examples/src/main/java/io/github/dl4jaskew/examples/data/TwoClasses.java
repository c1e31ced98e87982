package io.github.dl4jaskew.examples.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Data of two classes with one label, 1 or 0, that a network without biases can separate.
 *
 * @param name of the data
 * @param split to train on and to test on
 */
public record TwoClasses(String name, Split split) {

    private static final int DIGITS = 4000;
    private static final int TRAIN = 500;
    private static final int TEST = 500;
    private static final int DIMENSION = 20;
    private static final int CENTRES = 8;
    private static final double NOISE = 0.1;

    /**
     * Two digits of MNIST.
     *
     * @param directory where the files of {@link Mnist#read} are
     * @param positive digit with label 1
     * @param negative digit with label 0
     * @return their first {@value #DIGITS} training images, so that hundreds of epochs take minutes, and all test images
     * @throws IOException if a file is missing or damaged
     */
    public static TwoClasses digits(Path directory, int positive, int negative) throws IOException {
        Split all = Mnist.read(directory);
        return new TwoClasses(
                "mnist " + positive + " and " + negative,
                new Split(
                        pair(all.train(), positive, negative, DIGITS),
                        pair(all.test(), positive, negative, Integer.MAX_VALUE)));
    }

    private static DataSet pair(DataSet digits, int positive, int negative, int limit) {
        INDArray labels = digits.getLabels();
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < labels.size(0) && rows.size() < limit; i++) {
            if (labels.getDouble(i, positive) == 1 || labels.getDouble(i, negative) == 1) {
                rows.add(i);
            }
        }
        int[] chosen = rows.stream().mapToInt(Integer::intValue).toArray();
        INDArray classes = Nd4j.pullRows(labels, 1, chosen).getColumn(positive).reshape(chosen.length, 1);
        return new DataSet(Nd4j.pullRows(digits.getFeatures(), 1, chosen), classes.dup());
    }

    /**
     * Eight centres of length 1 in 20 dimensions, four for each class, and 500 points about them to train and to test on,
     * with normal noise of deviation 0.1 in each coordinate.
     *
     * @param seed decides centres and points
     * @return the data
     */
    public static TwoClasses generate(long seed) {
        Random random = new Random(seed);
        double[][] centres = new double[CENTRES][];
        for (int c = 0; c < CENTRES; c++) {
            double[] centre = random.doubles(DIMENSION, -1, 1).toArray();
            double squares = 0;
            for (double x : centre) {
                squares += x * x;
            }
            for (int j = 0; j < DIMENSION; j++) {
                centre[j] /= Math.sqrt(squares);
            }
            centres[c] = centre;
        }
        return new TwoClasses("generated", new Split(points(TRAIN, centres, random), points(TEST, centres, random)));
    }

    private static DataSet points(int count, double[][] centres, Random random) {
        float[][] features = new float[count][DIMENSION];
        float[][] labels = new float[count][1];
        for (int i = 0; i < count; i++) {
            double[] centre = centres[i % CENTRES];
            for (int j = 0; j < DIMENSION; j++) {
                features[i][j] = (float) (centre[j] + NOISE * random.nextGaussian());
            }
            labels[i][0] = i % 2;
        }
        return new DataSet(Nd4j.create(features), Nd4j.create(labels));
    }
}
