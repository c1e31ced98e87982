package io.github.dl4jaskew.examples.task;

/**
 * The length of a training.
 *
 * @param epochs passes over the data
 * @param iterationsPerEpoch minibatches of a pass
 */
public record Budget(int epochs, int iterationsPerEpoch) {

    /**
     * Steps in total.
     *
     * @return {@code epochs * iterationsPerEpoch}
     */
    public int iterations() {
        return Math.multiplyExact(epochs, iterationsPerEpoch);
    }
}
