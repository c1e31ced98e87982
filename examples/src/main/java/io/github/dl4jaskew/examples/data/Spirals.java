package io.github.dl4jaskew.examples.data;

import java.util.Random;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Two spirals in the plane: with r uniform in [0.2, 2], {@code r (cos 4r, sin 4r)} for class 0 and its mirror image at the
 * origin for class 1, plus Gaussian noise in both coordinates.
 */
public final class Spirals {

    private static final double NOISE = 0.06;

    private Spirals() {}

    /**
     * Draws points.
     *
     * @param train how many to train on, at least 1
     * @param test how many to test on, at least 1
     * @param seed decides radii and noise
     * @return points and one-hot labels; the classes take turns
     * @throws IllegalArgumentException if a number is below 1
     */
    public static Split generate(int train, int test, long seed) {
        if (train < 1 || test < 1) {
            throw new IllegalArgumentException(
                    "train is " + train + " and test is " + test + "; both must be at least 1");
        }
        Random random = new Random(seed);
        return new Split(points(train, random), points(test, random));
    }

    private static DataSet points(int count, Random random) {
        float[][] features = new float[count][];
        float[][] labels = new float[count][2];
        for (int i = 0; i < count; i++) {
            int spiral = i % 2;
            double radius = 0.2 + 1.8 * random.nextDouble();
            double angle = 4 * radius + Math.PI * spiral;
            features[i] = new float[] {
                (float) (radius * Math.cos(angle) + NOISE * random.nextGaussian()),
                (float) (radius * Math.sin(angle) + NOISE * random.nextGaussian())
            };
            labels[i][spiral] = 1;
        }
        return new DataSet(Nd4j.create(features), Nd4j.create(labels));
    }
}
