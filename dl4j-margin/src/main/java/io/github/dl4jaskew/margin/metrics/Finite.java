package io.github.dl4jaskew.margin.metrics;

import java.util.OptionalDouble;

/** Numbers that may be undefined or beyond double. */
public final class Finite {

    private Finite() {}

    /**
     * Wraps a number.
     *
     * @param value any
     * @return empty for NaN and infinity
     */
    public static OptionalDouble of(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }
}
