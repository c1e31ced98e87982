package io.github.dl4jaskew.margin;

import java.util.OptionalDouble;

/** Numbers that may be undefined or beyond double. */
final class Finite {

    private Finite() {}

    /** Empty for NaN and infinity. */
    static OptionalDouble of(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }
}
