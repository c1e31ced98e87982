package io.github.dl4jaskew.margin.internal.measure;

/** Sums over long vectors. */
final class Norm {

    private Norm() {}

    /** Without overflow or underflow of the squares; NaN or infinite if an element is. */
    static double of(double[] x) {
        double largest = 0;
        for (double value : x) {
            largest = Math.max(largest, Math.abs(value));
        }
        if (!(largest > 0 && largest < Double.POSITIVE_INFINITY)) {
            return largest;
        }
        double scale = Math.scalb(1.0, Math.getExponent(largest));
        double sum = 0;
        for (double value : x) {
            sum += (value / scale) * (value / scale);
        }
        return Math.sqrt(sum) * scale;
    }

    static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}
