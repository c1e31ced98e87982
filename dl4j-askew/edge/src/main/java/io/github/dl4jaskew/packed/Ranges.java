package io.github.dl4jaskew.packed;

/** Checks of numbers that name value and allowed range. */
final class Ranges {

    private Ranges() {}

    static void size(String name, int value) {
        check(name, value, 1, PortableLayer.MAXIMUM_SIZE);
    }

    static void parameter(String name, int index, int from) {
        check("parameter " + name, index, from, Integer.MAX_VALUE);
    }

    static void check(String name, int value, int from, int to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are " + from + " to " + to);
        }
    }
}
