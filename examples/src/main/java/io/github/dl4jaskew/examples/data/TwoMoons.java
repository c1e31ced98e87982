package io.github.dl4jaskew.examples.data;

import java.util.Random;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Two interleaved half circles: {@code (cos a, sin a)} for class 0 and {@code (1 - cos a, 1/2 - sin a)} for class 1, a
 * uniform in [0, pi], plus Gaussian noise in both coordinates.
 */
public final class TwoMoons {

    /** Examples to train on. */
    public static final int TRAIN = 2000;

    /** Examples to test on. */
    public static final int TEST = 200;

    private static final double NOISE = 0.1;

    private TwoMoons() {}

    /**
     * The paper's 2,000 and 200 points.
     *
     * @param seed decides angles and noise
     * @return the split; half of either part is of either class
     */
    public static Split generate(long seed) {
        Random random = new Random(seed);
        return new Split(points(TRAIN, random), points(TEST, random));
    }

    private static DataSet points(int count, Random random) {
        float[][] features = new float[count][2];
        float[][] labels = new float[count][1];
        for (int i = 0; i < count; i++) {
            boolean upper = i % 2 == 0;
            double angle = Math.PI * random.nextDouble();
            double x = upper ? Math.cos(angle) : 1 - Math.cos(angle);
            double y = upper ? Math.sin(angle) : 0.5 - Math.sin(angle);
            features[i][0] = (float) (x + NOISE * random.nextGaussian());
            features[i][1] = (float) (y + NOISE * random.nextGaussian());
            labels[i][0] = upper ? 0 : 1;
        }
        return new DataSet(Nd4j.create(features), Nd4j.create(labels));
    }
}
