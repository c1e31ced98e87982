package io.github.dl4jaskew.margin.metrics;

/** Range checks that return the value and name it when it is bad; NaN is always bad. */
final class Checks {

    private Checks() {}

    static double finite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be finite");
        }
        return value;
    }

    static double positive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed is above 0, finite");
        }
        return value;
    }

    static double notNegative(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed is 0 or above, finite");
        }
        return value;
    }

    static int atLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed is " + least + " or above");
        }
        return value;
    }

    /** An index below a count. */
    static int index(String name, int value, int count) {
        if (value < 0 || value >= count) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are 0 to " + (count - 1));
        }
        return value;
    }

    static void sameLength(String names, int first, int second) {
        if (first != second) {
            throw new IllegalArgumentException(names + " have " + first + " and " + second + " elements");
        }
    }
}
