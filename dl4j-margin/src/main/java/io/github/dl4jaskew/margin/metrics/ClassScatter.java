package io.github.dl4jaskew.margin.metrics;

import java.util.Arrays;

/**
 * The scatter of features around their class means: the second of two passes over the training set for {@link
 * NeuralCollapse}.
 *
 * <p>The scatter is kept only in the span of the centred class means, the only part that the pseudo-inverse of the
 * scatter between classes sees. Memory: K d + K^2 doubles, instead of d^2. Time for each example: about 3 K d + K^2.
 * Mutable, not thread safe.
 */
public final class ClassScatter {

    private final double[][] means;
    private final double[] center;
    private final double[][] centred;
    private final double[][] projected;
    private long count;
    private long agreeing;

    ClassScatter(double[][] means) {
        this.means = means;
        int features = means[0].length;
        center = new double[features];
        for (double[] mean : means) {
            for (int i = 0; i < features; i++) {
                center[i] += mean[i] / means.length;
            }
        }
        centred = Arrays.stream(means).map(mean -> minus(mean, center)).toArray(double[][]::new);
        projected = new double[means.length][means.length];
    }

    /**
     * Adds an example.
     *
     * @param feature its d features, finite
     * @param label its class
     * @param predicted the class that the network predicts for it
     * @return this
     * @throws IllegalArgumentException if there are not d features, one is not finite, or a class is none
     */
    public ClassScatter add(double[] feature, int label, int predicted) {
        Checks.index("label", label, means.length);
        Checks.index("predicted class", predicted, means.length);
        Checks.sameLength("means and features", center.length, feature.length);
        Vectors.norm(feature);
        count++;
        agreeing += nearest(feature) == predicted ? 1 : 0;
        double[] deviation = minus(feature, means[label]);
        double[] along = Arrays.stream(centred)
                .mapToDouble(m -> Vectors.dot(m, deviation))
                .toArray();
        for (int i = 0; i < along.length; i++) {
            for (int j = 0; j < along.length; j++) {
                projected[i][j] += along[i] * along[j];
            }
        }
        return this;
    }

    /**
     * The measures of collapse, once every example was added.
     *
     * @param weights of the layer that makes the logits, K rows of d; of one logit with weights w, the rows {@code -w/2}
     *     and {@code w/2}
     * @return the measures
     * @throws IllegalArgumentException if the weights have another shape, or one is not finite
     * @throws IllegalStateException if no example was added
     */
    public NeuralCollapse result(double[][] weights) {
        if (count == 0) {
            throw new IllegalStateException("no example was added to the second pass");
        }
        Checks.sameLength("classes and rows of weights", centred.length, weights.length);
        for (double[] row : weights) {
            Checks.sameLength("features and columns of weights", center.length, row.length);
            Vectors.norm(row);
        }
        return new NeuralCollapse(
                Collapse.variability(centred, projected, count),
                Collapse.normSpread(centred),
                Collapse.angleSpread(centred),
                Collapse.simplexGap(centred),
                Collapse.dualityGap(centred, weights),
                Collapse.normSpread(weights),
                Collapse.angleSpread(weights),
                Collapse.simplexGap(weights),
                (double) agreeing / count);
    }

    private int nearest(double[] feature) {
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < means.length; c++) {
            double[] difference = minus(feature, means[c]);
            double square = Vectors.dot(difference, difference);
            if (square < least) {
                least = square;
                nearest = c;
            }
        }
        return nearest;
    }

    private static double[] minus(double[] x, double[] y) {
        double[] difference = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            difference[i] = x[i] - y[i];
        }
        return difference;
    }
}
