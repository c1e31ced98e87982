package io.github.dl4jaskew.margin.metrics;

/**
 * The mean feature vector of each class: the first of two passes over the training set for {@link NeuralCollapse}. Add
 * every example, batch by batch, then take {@link #scatter} for the second pass. Memory: K d doubles for K classes and d
 * features. Mutable, not thread safe.
 */
public final class ClassMeans {

    private final double[][] means;
    private final long[] counts;

    /**
     * Nothing added so far.
     *
     * @param classes K, at least 2
     * @param features d, at least 1
     * @throws IllegalArgumentException if an argument is out of range
     */
    public ClassMeans(int classes, int features) {
        means = new double[Checks.atLeast(2, "number of classes", classes)]
                [Checks.atLeast(1, "number of features", features)];
        counts = new long[classes];
    }

    /**
     * Adds an example.
     *
     * @param feature its d features, finite
     * @param label its class
     * @return this
     * @throws IllegalArgumentException if there are not d features, one is not finite, or the label is no class
     */
    public ClassMeans add(double[] feature, int label) {
        check(feature, label);
        long count = ++counts[label];
        double[] mean = means[label];
        for (int i = 0; i < mean.length; i++) {
            mean[i] += (feature[i] - mean[i]) / count;
        }
        return this;
    }

    /**
     * Starts the second pass, with a copy of the means.
     *
     * @return to which every example must be added again
     * @throws IllegalStateException if a class has no example
     */
    public ClassScatter scatter() {
        double[][] copy = new double[means.length][];
        for (int c = 0; c < means.length; c++) {
            if (counts[c] == 0) {
                throw new IllegalStateException("class " + c + " has no example");
            }
            copy[c] = means[c].clone();
        }
        return new ClassScatter(copy);
    }

    private void check(double[] feature, int label) {
        Checks.index("label", label, means.length);
        Checks.sameLength("means and features", means[label].length, feature.length);
        Vectors.norm(feature);
    }
}
