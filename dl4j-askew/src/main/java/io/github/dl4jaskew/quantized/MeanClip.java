package io.github.dl4jaskew.quantized;

import java.io.Serializable;

/** The mean of the minibatches' clips. */
final class MeanClip implements Serializable {

    private static final long serialVersionUID = 1L;

    private double sum;
    private long count;

    void add(double clip) {
        sum += clip;
        count++;
    }

    boolean isEmpty() {
        return count == 0;
    }

    double value() {
        return sum / count;
    }
}
