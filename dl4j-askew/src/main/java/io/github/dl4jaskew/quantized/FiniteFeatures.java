package io.github.dl4jaskew.quantized;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Refuses data with features that are not finite, of which one makes all statistics NaN. Counts the examples on the way. */
final class FiniteFeatures {

    private final String data;
    private long examples;

    /**
     * A count from 0.
     *
     * @param data what the features are of, for the message
     */
    FiniteFeatures(String data) {
        this.data = data;
    }

    /**
     * Looks at the next minibatch.
     *
     * @param features of any shape, with examples along the first axis
     * @return the same
     * @throws IllegalArgumentException naming example, feature and value; both count from 0, features in c order
     */
    INDArray require(INDArray features) {
        long index = FiniteNumbers.firstOther(features, 'c');
        if (index >= 0) {
            long width = features.length() / features.size(0);
            throw new IllegalArgumentException("feature " + index % width + " of example "
                    + (examples + index / width) + " of " + data + " is "
                    + features.dup('c').data().getDouble(index) + "; allowed are finite numbers");
        }
        examples += features.size(0);
        return features;
    }
}
