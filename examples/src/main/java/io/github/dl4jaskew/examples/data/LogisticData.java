package io.github.dl4jaskew.examples.data;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The paper's logistic problem: {@code x} uniform in [-1, 1]^10, {@code w*} uniform in {-1, +1}^10, and a label that is
 * 1 with probability {@code 1 / (1 + exp(-<w*, x>))}.
 *
 * @param truth w*
 * @param split 6,000 examples to train on, 2,000 to test on
 */
public record LogisticData(List<Double> truth, Split split) {

    /** Copies the list. */
    public LogisticData {
        truth = List.copyOf(truth);
    }

    /** Examples to train on. */
    public static final int TRAIN = 6000;

    /** Length of an example. */
    public static final int DIMENSION = 10;

    private static final int TEST = 2000;

    /**
     * Draws a problem.
     *
     * @param seed decides w*, examples and labels
     * @return the problem
     */
    public static LogisticData generate(long seed) {
        Random random = new Random(seed);
        double[] truth = new double[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            truth[i] = random.nextBoolean() ? 1 : -1;
        }
        return new LogisticData(
                Arrays.stream(truth).boxed().toList(),
                new Split(examples(TRAIN, truth, random), examples(TEST, truth, random)));
    }

    private static DataSet examples(int count, double[] truth, Random random) {
        float[][] features = new float[count][DIMENSION];
        float[][] labels = new float[count][1];
        for (int i = 0; i < count; i++) {
            double product = 0;
            for (int j = 0; j < DIMENSION; j++) {
                features[i][j] = (float) (2 * random.nextDouble() - 1);
                product += truth[j] * features[i][j];
            }
            labels[i][0] = random.nextDouble() < 1 / (1 + Math.exp(-product)) ? 1 : 0;
        }
        return new DataSet(Nd4j.create(features), Nd4j.create(labels));
    }
}
