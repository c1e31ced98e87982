package io.github.dl4jaskew.margin.metrics;

/**
 * The euclidean distance of two vectors that are scaled to length 1, block by block. Element by element, because {@code
 * 2 - 2 cos} loses all digits when the directions are close. Mutable, not thread safe.
 */
final class UnitDistance {

    private final double first;
    private final double second;
    private double squares;

    /** A negative norm reverses its vector. */
    UnitDistance(double firstNorm, double secondNorm) {
        first = 1 / firstNorm;
        second = 1 / secondNorm;
    }

    void add(double[] x, double[] y) {
        Checks.sameLength("the blocks", x.length, y.length);
        for (int i = 0; i < x.length; i++) {
            double difference = x[i] * first - y[i] * second;
            squares += difference * difference;
        }
    }

    double value() {
        return Checks.finite("distance of the directions", Math.sqrt(squares));
    }
}
