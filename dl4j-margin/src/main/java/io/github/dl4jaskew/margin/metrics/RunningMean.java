package io.github.dl4jaskew.margin.metrics;

/** A mean of vectors: plain over the first ones, and forgetting from then on, {@code mean += (x - mean) / window}. */
final class RunningMean {

    private final double[] mean;
    private final int window;
    private int count;

    RunningMean(int length, int window) {
        mean = new double[Checks.atLeast(1, "number of weights", length)];
        this.window = Checks.atLeast(1, "window", window);
    }

    /** Adds {@code factor x}. */
    void add(double[] x, double factor) {
        Checks.sameLength("weights and gradient", mean.length, x.length);
        count = Math.min(count + 1, window);
        for (int i = 0; i < mean.length; i++) {
            mean[i] += (x[i] * factor - mean[i]) / count;
        }
    }

    /** {@return the mean itself, no copy; 0 before the first vector} */
    double[] values() {
        return mean;
    }

    boolean isEmpty() {
        return count == 0;
    }
}
