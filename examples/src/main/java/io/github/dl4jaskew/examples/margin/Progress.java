package io.github.dl4jaskew.examples.margin;

/** Told of every step or epoch. */
@FunctionalInterface
public interface Progress {

    /** One more is done. */
    void step();
}
