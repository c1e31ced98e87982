package io.github.dl4jaskew.margin.internal.measure;

/** Sums over long vectors. */
final class Norm {

    private Norm() {}

    static double of(double[] x) {
        return Math.sqrt(dot(x, x));
    }

    static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}
