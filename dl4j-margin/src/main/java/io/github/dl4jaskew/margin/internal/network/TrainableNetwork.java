package io.github.dl4jaskew.margin.internal.network;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** A MultiLayerNetwork or a ComputationGraph in training, whichever it is. */
public sealed interface TrainableNetwork {

    /**
     * Wraps a network.
     *
     * @throws IllegalArgumentException if it is of another kind
     */
    static TrainableNetwork of(Model network) {
        if (network instanceof MultiLayerNetwork multiLayer) {
            return new MultiLayer(multiLayer);
        } else if (network instanceof ComputationGraph graph) {
            return new Graph(graph);
        }
        throw new IllegalArgumentException(
                "the margin is measured of a MultiLayerNetwork or a ComputationGraph; this is a "
                        + network.getClass().getName());
    }

    Model network();

    Layer[] layers();

    /** The configuration as JSON, with its counts of iterations and epochs. */
    String configuration();

    Collection<TrainingListener> listeners();

    /** Steps done. */
    int iteration();

    int epoch();

    void setCounts(int iteration, int epoch);

    /** One pass over the data. */
    void fit(DataSetIterator train);

    /** Hands all data to the output layer's loss, without training. */
    void score(DataSetIterator data);

    /** A view of the updaters' state, or null if they have none. */
    @Nullable
    INDArray updaterState();

    /**
     * What an epoch changes.
     *
     * @param parameters a copy, batch-norm statistics included
     * @param updaterState a copy; null if the updaters have none
     * @param iteration iteration count
     * @param epoch epoch count
     */
    record State(INDArray parameters, @Nullable INDArray updaterState, int iteration, int epoch) {}

    default State state() {
        INDArray state = updaterState();
        return new State(network().params().dup(), state == null ? null : state.dup(), iteration(), epoch());
    }

    default void restore(State saved) {
        network().params().assign(saved.parameters());
        INDArray before = saved.updaterState();
        INDArray now = updaterState();
        if (before != null && now != null) {
            now.assign(before);
        }
        setCounts(saved.iteration(), saved.epoch());
    }

    /** A network that is a list of layers. */
    record MultiLayer(MultiLayerNetwork network) implements TrainableNetwork {

        @Override
        public Layer[] layers() {
            return network.getLayers();
        }

        @Override
        public String configuration() {
            return network.getLayerWiseConfigurations().toJson();
        }

        @Override
        public Collection<TrainingListener> listeners() {
            return network.getListeners();
        }

        @Override
        public int iteration() {
            return network.getIterationCount();
        }

        @Override
        public int epoch() {
            return network.getEpochCount();
        }

        @Override
        public void setCounts(int iteration, int epoch) {
            network.getLayerWiseConfigurations().setIterationCount(iteration);
            network.getLayerWiseConfigurations().setEpochCount(epoch);
        }

        @Override
        public void fit(DataSetIterator train) {
            train.reset();
            network.fit(train);
        }

        @Override
        public void score(DataSetIterator data) {
            data.reset();
            while (data.hasNext()) {
                network.score(data.next(), false);
            }
        }

        @Override
        public @Nullable INDArray updaterState() {
            return network.getUpdater().getStateViewArray();
        }
    }

    /** A network that is a graph of layers. */
    record Graph(ComputationGraph network) implements TrainableNetwork {

        @Override
        public Layer[] layers() {
            return network.getLayers();
        }

        @Override
        public String configuration() {
            return network.getConfiguration().toJson();
        }

        @Override
        public Collection<TrainingListener> listeners() {
            return network.getListeners();
        }

        @Override
        public int iteration() {
            return network.getConfiguration().getIterationCount();
        }

        @Override
        public int epoch() {
            return network.getConfiguration().getEpochCount();
        }

        @Override
        public void setCounts(int iteration, int epoch) {
            network.getConfiguration().setIterationCount(iteration);
            network.getConfiguration().setEpochCount(epoch);
        }

        @Override
        public void fit(DataSetIterator train) {
            train.reset();
            network.fit(train);
        }

        @Override
        public void score(DataSetIterator data) {
            data.reset();
            while (data.hasNext()) {
                network.score(data.next(), false);
            }
        }

        @Override
        public @Nullable INDArray updaterState() {
            return network.getUpdater().getStateViewArray();
        }
    }
}
