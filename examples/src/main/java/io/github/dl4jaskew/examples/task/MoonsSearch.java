package io.github.dl4jaskew.examples.task;

import io.github.dl4jaskew.examples.data.Split;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * All 512 networks of {@link TwoMoonsTask} with weights in {-1, +1}, in plain Java. Each has the batch-norm statistics
 * of the training points, as every other network of the comparison has.
 *
 * @param bestTrain lowest mean cross entropy of any of them on the training points
 * @param testOfBestTrain mean cross entropy on the test points of the one that is best on the training points
 * @param bestTest lowest mean cross entropy of any of them on the test points: nobody can know which one that is
 */
public record MoonsSearch(double bestTrain, double testOfBestTrain, double bestTest) {

    private static final int WEIGHTS = 9;
    private static final int INPUTS = 2;
    private static final int HIDDEN = 3;
    /** DL4J's default. */
    private static final double BATCH_NORM_EPS = 1e-5;

    /**
     * Tries all networks.
     *
     * @param split the points
     * @return the best ones
     */
    public static MoonsSearch run(Split split) {
        double bestTrain = Double.POSITIVE_INFINITY;
        double testOfBestTrain = Double.NaN;
        double bestTest = Double.POSITIVE_INFINITY;
        double[][] train = columns(split.train().getFeatures());
        double[][] test = columns(split.test().getFeatures());
        double[] trainLabels = labels(split.train());
        double[] testLabels = labels(split.test());
        for (int code = 0; code < 1 << WEIGHTS; code++) {
            double[] weights = weights(code);
            double[][] outputs = outputs(weights, train, test);
            double trainLoss = loss(outputs[0], trainLabels);
            double testLoss = loss(outputs[1], testLabels);
            if (trainLoss < bestTrain) {
                bestTrain = trainLoss;
                testOfBestTrain = testLoss;
            }
            bestTest = Math.min(bestTest, testLoss);
        }
        return new MoonsSearch(bestTrain, testOfBestTrain, bestTest);
    }

    /**
     * The mean cross entropy of one network.
     *
     * @param weights 6 of the hidden layer, the three of the first input first, then 3 of the output
     * @param train what batch-norm statistics are taken from
     * @param data what the loss is taken on
     * @return the loss
     */
    public static double loss(double[] weights, DataSet train, DataSet data) {
        double[][] outputs = outputs(weights, columns(train.getFeatures()), columns(data.getFeatures()));
        return loss(outputs[1], labels(data));
    }

    private static double[] weights(int code) {
        double[] weights = new double[WEIGHTS];
        for (int i = 0; i < WEIGHTS; i++) {
            weights[i] = (code >> i & 1) == 0 ? -1 : 1;
        }
        return weights;
    }

    /** The network's outputs before the sigmoid, on both sets. */
    private static double[][] outputs(double[] weights, double[][] train, double[][] test) {
        double[] trainOut = new double[train[0].length];
        double[] testOut = new double[test[0].length];
        for (int unit = 0; unit < HIDDEN; unit++) {
            double[] trainUnit = hidden(weights, unit, train);
            double[] testUnit = hidden(weights, unit, test);
            normalize(trainUnit, testUnit);
            double weight = weights[INPUTS * HIDDEN + unit];
            addRelu(trainUnit, weight, trainOut);
            addRelu(testUnit, weight, testOut);
        }
        normalize(trainOut, testOut);
        return new double[][] {trainOut, testOut};
    }

    private static double[] hidden(double[] weights, int unit, double[][] inputs) {
        double[] sums = new double[inputs[0].length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = weights[unit] * inputs[0][i] + weights[HIDDEN + unit] * inputs[1][i];
        }
        return sums;
    }

    private static void addRelu(double[] unit, double weight, double[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += weight * Math.max(0, unit[i]);
        }
    }

    /** By mean and variance of the training points. */
    private static void normalize(double[] train, double[] test) {
        double sum = 0;
        for (double x : train) {
            sum += x;
        }
        double mean = sum / train.length;
        double squares = 0;
        for (double x : train) {
            squares += (x - mean) * (x - mean);
        }
        double factor = 1 / Math.sqrt(squares / train.length + BATCH_NORM_EPS);
        for (double[] values : new double[][] {train, test}) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (values[i] - mean) * factor;
            }
        }
    }

    private static double loss(double[] logits, double[] labels) {
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            double margin = labels[i] > 0 ? logits[i] : -logits[i];
            sum += Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
        }
        return sum / logits.length;
    }

    private static double[][] columns(INDArray features) {
        return new double[][] {
            features.getColumn(0).toDoubleVector(), features.getColumn(1).toDoubleVector()
        };
    }

    private static double[] labels(DataSet data) {
        return data.getLabels().reshape(-1).toDoubleVector();
    }
}
