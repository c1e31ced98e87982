package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.internal.network.Network;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** The minibatches that an estimate reads, as a network takes them. */
final class Minibatches {

    private final MultiDataSetIterator data;
    private final String purpose;
    private final List<String> inputs;

    /**
     * Data for a network.
     *
     * @param purpose what is estimated, for messages
     */
    Minibatches(Model network, MultiDataSetIterator data, String purpose) {
        this.data = data;
        this.purpose = purpose;
        inputs = Network.of(network).inputs();
    }

    /**
     * A minibatch.
     *
     * @param features one array for each input, copies: an ActivationLayer overwrites its input
     * @param featureMasks null if no input has one
     * @param labelMasks null if no output has one
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Minibatch(INDArray[] features, INDArray @Nullable [] featureMasks, INDArray @Nullable [] labelMasks) {

        @Nullable
        INDArray featureMask() {
            return featureMasks == null ? null : featureMasks[0];
        }

        @Nullable
        INDArray labelMask() {
            return labelMasks == null ? null : labelMasks[0];
        }

        long examples() {
            return features[0].size(0);
        }
    }

    /**
     * Refuses data that cannot be read so often.
     *
     * @throws IllegalArgumentException if it is to be read more than once and cannot be reset
     */
    void requireReadable(int times) {
        if (times > 1 && !data.resetSupported()) {
            throw new IllegalArgumentException("the data for " + purpose + " is read " + times
                    + " times, but this iterator cannot be reset; pass one that can, such as a ListDataSetIterator");
        }
    }

    /**
     * Reads all, from the beginning if the data can be reset.
     *
     * @throws IllegalArgumentException if there is none, not one array for each input, or a feature is not finite
     */
    void forEach(Consumer<Minibatch> use) {
        if (data.resetSupported()) {
            data.reset();
        }
        if (!data.hasNext()) {
            throw new IllegalArgumentException("the data for " + purpose + " is empty"
                    + (data.resetSupported() ? "" : ", or was read before and cannot be reset"));
        }
        List<FiniteFeatures> finite = inputs.stream()
                .map(input ->
                        new FiniteFeatures(inputs.size() == 1 ? "the data" : "the data for input '" + input + "'"))
                .toList();
        while (data.hasNext()) {
            use.accept(minibatch(data.next(), finite));
        }
    }

    private Minibatch minibatch(MultiDataSet batch, List<FiniteFeatures> finite) {
        INDArray[] features = batch.getFeatures();
        if (features.length != inputs.size()) {
            throw new IllegalArgumentException("the data for " + purpose + " has " + features.length
                    + " arrays of features, but the network has the inputs " + inputs
                    + "; pass a MultiDataSetIterator with an array for each");
        }
        return new Minibatch(
                IntStream.range(0, features.length)
                        .mapToObj(i -> finite.get(i).require(features[i]).dup())
                        .toArray(INDArray[]::new),
                batch.getFeaturesMaskArrays(),
                batch.getLabelsMaskArrays());
    }
}
