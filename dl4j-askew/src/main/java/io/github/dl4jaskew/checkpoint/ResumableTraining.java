package io.github.dl4jaskew.checkpoint;

import java.util.function.IntFunction;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * DL4J's {@code fit} up to a number of epochs, from wherever a network stands: a fresh one from the start, a restored one in
 * the middle of its epoch, where the minibatches that it has seen are passed over.
 *
 * <p>The same numbers to the bit come out only if the minibatches of an epoch are the same in every process: shuffle by the
 * number of the epoch, not by how often an iterator was reset. Dropout and weight noise are drawn from ND4J's generator, whose
 * state is not saved; seed it by the iteration, if you have them. A {@code CheckpointListener} should be the last listener.
 */
public final class ResumableTraining {

    private ResumableTraining() {}

    /**
     * Trains a network until it has seen so many epochs.
     *
     * @param network fresh, or restored by {@link SavedCheckpoint}
     * @param epochs epochs in all, counted from the network's epoch 0
     * @param iterationsPerEpoch minibatches of each epoch; at least 1
     * @param data the minibatches of an epoch, from the first one on; the epoch is counted from 0
     * @throws IllegalArgumentException if a number is out of range
     * @throws IllegalStateException if the network's counts do not fit to {@code iterationsPerEpoch}
     */
    public static void fit(
            MultiLayerNetwork network,
            int epochs,
            int iterationsPerEpoch,
            IntFunction<? extends DataSetIterator> data) {
        while (network.getEpochCount() < epochs) {
            int epoch = network.getEpochCount();
            int seen = seen(network.getIterationCount(), epoch, iterationsPerEpoch);
            DataSetIterator all = data.apply(epoch);
            network.fit(seen == 0 ? all : new RemainingBatches(all, seen));
        }
    }

    /**
     * Trains a graph of one input and one output until it has seen so many epochs.
     *
     * @param network fresh, or restored by {@link SavedCheckpoint}
     * @param epochs epochs in all, counted from the network's epoch 0
     * @param iterationsPerEpoch minibatches of each epoch; at least 1
     * @param data the minibatches of an epoch, from the first one on; the epoch is counted from 0
     * @throws IllegalArgumentException as for a MultiLayerNetwork
     * @throws IllegalStateException as for a MultiLayerNetwork
     */
    public static void fit(
            ComputationGraph network, int epochs, int iterationsPerEpoch, IntFunction<? extends DataSetIterator> data) {
        while (network.getEpochCount() < epochs) {
            int epoch = network.getEpochCount();
            int seen = seen(network.getIterationCount(), epoch, iterationsPerEpoch);
            DataSetIterator all = data.apply(epoch);
            network.fit(seen == 0 ? all : new RemainingBatches(all, seen));
        }
    }

    /**
     * Trains a graph of several inputs or outputs until it has seen so many epochs.
     *
     * @param network fresh, or restored by {@link SavedCheckpoint}
     * @param epochs epochs in all, counted from the network's epoch 0
     * @param iterationsPerEpoch minibatches of each epoch; at least 1
     * @param data the minibatches of an epoch, from the first one on; the epoch is counted from 0
     * @throws IllegalArgumentException as for a MultiLayerNetwork
     * @throws IllegalStateException as for a MultiLayerNetwork
     */
    public static void fitMulti(
            ComputationGraph network,
            int epochs,
            int iterationsPerEpoch,
            IntFunction<? extends MultiDataSetIterator> data) {
        while (network.getEpochCount() < epochs) {
            int epoch = network.getEpochCount();
            int seen = seen(network.getIterationCount(), epoch, iterationsPerEpoch);
            MultiDataSetIterator all = data.apply(epoch);
            network.fit(seen == 0 ? all : new RemainingMultiBatches(all, seen));
        }
    }

    private static int seen(int iteration, int epoch, int iterationsPerEpoch) {
        if (iterationsPerEpoch < 1) {
            throw new IllegalArgumentException(
                    "iterationsPerEpoch is " + iterationsPerEpoch + "; allowed is at least 1");
        }
        long seen = iteration - (long) epoch * iterationsPerEpoch;
        if (seen < 0 || seen > iterationsPerEpoch) {
            throw new IllegalStateException("the network is at iteration " + iteration + ", which is not in epoch "
                    + epoch + " of " + iterationsPerEpoch + " iterations; an epoch must have as many minibatches as"
                    + " iterationsPerEpoch says");
        }
        return (int) seen;
    }
}
