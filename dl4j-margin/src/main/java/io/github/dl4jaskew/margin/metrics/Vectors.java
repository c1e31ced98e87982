package io.github.dl4jaskew.margin.metrics;

/** What several formulas need of vectors. */
final class Vectors {

    private Vectors() {}

    /** Euclidean norm, without overflow or underflow of the squares. */
    static double norm(double[] x) {
        double largest = 0;
        for (int i = 0; i < x.length; i++) {
            if (!Double.isFinite(x[i])) {
                throw new IllegalArgumentException("element " + i + " is " + x[i] + "; it must be finite");
            }
            largest = Math.max(largest, Math.abs(x[i]));
        }
        if (largest == 0) {
            return 0;
        }
        double sum = 0;
        for (double value : x) {
            double ratio = value / largest;
            sum += ratio * ratio;
        }
        return largest * Math.sqrt(sum);
    }

    static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}
