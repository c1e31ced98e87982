package io.github.dl4jaskew.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;

/**
 * A complete checkpoint of DL4J's {@code CheckpointListener}.
 *
 * <p>DL4J calls its listeners inside of an iteration: the step is done, but the iteration is not yet counted and the layers'
 * constraints have not yet been applied; at the end of an epoch, that epoch is not yet counted. A network that is merely
 * loaded repeats an iteration's number, with which learning rates, eps and Adam's corrections are one step behind. Here both are
 * made up for, and the network is as an uninterrupted one is at that point.
 *
 * @param file a zip file of {@code ModelSerializer}
 */
public record SavedCheckpoint(Path file) {

    /**
     * Restores a network with its updater state, counts, and constraint.
     *
     * @param iterationsPerEpoch updates of each epoch: its minibatches; at least 1
     * @return the network as it was when the iteration or epoch was over; {@link ResumableTraining#fit} resumes from there
     * @throws IllegalArgumentException if the number is below 1
     * @throws IllegalStateException if the counts do not fit to the number, or it was saved inside of an epoch with truncated
     *     backpropagation through time, whose state between two segments no checkpoint holds
     * @throws UncheckedIOException if the file cannot be read, is damaged, or lacks the updaters' state
     */
    public MultiLayerNetwork restoreMultiLayerNetwork(int iterationsPerEpoch) {
        requireComplete();
        try {
            MultiLayerNetwork network = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
            BackpropType type = network.getLayerWiseConfigurations().getBackpropType();
            Counts now = countsAfter(
                    new Counts(network.getIterationCount(), network.getEpochCount()),
                    iterationsPerEpoch,
                    type,
                    network);
            network.setIterationCount(now.iteration());
            network.setEpochCount(now.epoch());
            return network;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /**
     * Restores a graph with its updater state, counts, and constraint.
     *
     * @param iterationsPerEpoch updates of each epoch: its minibatches; at least 1
     * @return the graph as it was when the iteration or epoch was over
     * @throws IllegalArgumentException as for a MultiLayerNetwork
     * @throws IllegalStateException as for a MultiLayerNetwork
     * @throws UncheckedIOException if the file cannot be read, is damaged, or lacks the updaters' state
     */
    public ComputationGraph restoreComputationGraph(int iterationsPerEpoch) {
        requireComplete();
        try {
            ComputationGraph network = ModelSerializer.restoreComputationGraph(file.toFile(), true);
            BackpropType type = network.getConfiguration().getBackpropType();
            Counts now = countsAfter(
                    new Counts(network.getIterationCount(), network.getEpochCount()),
                    iterationsPerEpoch,
                    type,
                    network);
            network.getConfiguration().setIterationCount(now.iteration());
            network.getConfiguration().setEpochCount(now.epoch());
            return network;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** ModelSerializer itself restores a damaged file without its updater state, and says nothing. */
    private void requireComplete() {
        String fault = CompleteZip.fault(file);
        if (fault != null) {
            throw new UncheckedIOException(new IOException(file + " is no complete checkpoint: " + fault));
        }
    }

    private record Counts(int iteration, int epoch) {}

    private Counts countsAfter(Counts saved, int iterationsPerEpoch, BackpropType type, Model network) {
        if (iterationsPerEpoch < 1) {
            throw new IllegalArgumentException(
                    "iterationsPerEpoch is " + iterationsPerEpoch + "; allowed is at least 1");
        }
        long inEpoch = saved.iteration() - (long) saved.epoch() * iterationsPerEpoch;
        if (inEpoch < 0 || inEpoch > iterationsPerEpoch) {
            throw new IllegalStateException(file + ": iteration " + saved.iteration() + " is not in epoch "
                    + saved.epoch()
                    + " of " + iterationsPerEpoch + " iterations; was the network trained with other minibatches, or"
                    + " without fit(iterator)?");
        }
        if (inEpoch == iterationsPerEpoch) {
            return new Counts(saved.iteration(), saved.epoch() + 1);
        }
        if (type == BackpropType.TruncatedBPTT) {
            throw new IllegalStateException(file + " was saved inside of epoch " + saved.epoch()
                    + " with truncated backpropagation through time; save at the end of epochs: saveEveryEpoch()");
        }
        int done = saved.iteration() + 1;
        network.applyConstraints(done, saved.epoch());
        return new Counts(done, saved.epoch());
    }
}
