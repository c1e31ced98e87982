package io.github.dl4jaskew.internal.install;

import java.util.Optional;

/**
 * Part of a method of quantized training that brings weights to their levels along a schedule: its step, or what its forward
 * pass sees. Rounding before the schedule has run its course changes what the network computes.
 */
public interface Annealed {

    /**
     * Whether the schedule is still far from its end.
     *
     * @param iteration iteration count of the network
     * @param epoch epoch count of the network
     * @return what is still open, in figures, and the remedy; empty if weights are on their levels now, or the method rounds them
     *     whenever they are used
     */
    Optional<String> unfinishedAt(int iteration, int epoch);

    /**
     * Whether training went on long after the schedule's end.
     *
     * @param iteration iteration count of the network
     * @param epoch epoch count of the network
     * @return how long, and the remedy; empty if it did not, or weights move behind the end, too
     */
    default Optional<String> restingAt(int iteration, int epoch) {
        return Optional.empty();
    }

    /**
     * Whether the weights are still trained in float, before anything is quantized.
     *
     * @param iteration iteration count of the network
     */
    default boolean isFloatAt(int iteration) {
        return false;
    }
}
