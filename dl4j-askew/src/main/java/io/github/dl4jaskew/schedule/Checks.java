package io.github.dl4jaskew.schedule;

/** Range checks that NaN fails and that name the argument, its value and what is allowed. */
final class Checks {

    private Checks() {}

    static double within(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are " + low + " to " + high);
        }
        return value;
    }

    static double positive(String name, double value) {
        return within(name, value, Double.MIN_VALUE, Double.MAX_VALUE);
    }
}
