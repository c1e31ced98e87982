package io.github.dl4jaskew.internal.network;

import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** What the rest of the library does with a network, the same for both kinds that DL4J has. Not thread safe. */
public sealed interface Network permits LayerList, LayerGraph {

    /**
     * {@return the adapter of a network}
     *
     * @param model a MultiLayerNetwork or ComputationGraph
     * @throws IllegalArgumentException if it is neither
     */
    static Network of(Model model) {
        if (model instanceof MultiLayerNetwork network) {
            return new LayerList(network);
        }
        if (model instanceof ComputationGraph network) {
            return new LayerGraph(network);
        }
        throw new IllegalArgumentException("a MultiLayerNetwork or ComputationGraph is needed, but this is a "
                + (model == null ? "null" : model.getClass().getName()));
    }

    /**
     * {@return a draft that changes the configuration itself} Networks that are built from it afterwards have the change.
     *
     * @param configuration a complete configuration, all sizes known
     */
    static Draft draft(MultiLayerConfiguration configuration) {
        MultiLayerNetwork probe = new MultiLayerNetwork(configuration.clone());
        probe.init();
        MultiLayerConfiguration own = OwnConfiguration.copyOf(configuration);
        return new Draft(probe, LayerList.sites(own, probe), () -> {}, () -> configuration.setConfs(own.getConfs()));
    }

    /**
     * {@return a draft that changes the configuration itself} Networks that are built from it afterwards have the change.
     *
     * @param configuration a complete configuration, all sizes known
     */
    static Draft draft(ComputationGraphConfiguration configuration) {
        ComputationGraph probe = new ComputationGraph(configuration.clone());
        probe.init();
        ComputationGraphConfiguration own = OwnConfiguration.copyOf(configuration);
        return new Draft(
                probe, LayerGraph.sites(own, probe), () -> {}, () -> configuration.setVertices(own.getVertices()));
    }

    /** {@return DL4J's own object} */
    Model model();

    /** Whether it has parameters, by {@code init()} or from a file. */
    boolean isInitialised();

    /**
     * {@return a copy that shares nothing with the original} Configuration and parameters are copied, not updater state and
     * listeners. DL4J's own {@code clone()} shares the layers inside wrappers (last time step, bidirectional, time
     * distributed), and for a graph the listeners, and restarts its iteration count.
     *
     * @throws IllegalStateException if the network is not initialised
     */
    default Network copy() {
        if (!isInitialised()) {
            throw new IllegalStateException("the network has no parameters yet; call init() before");
        }
        Network copy = uninitialisedCopy();
        copy.init(model().params().dup());
        return copy;
    }

    /** {@return a network of the same configuration, without parameters} */
    Network uninitialisedCopy();

    /** Gives an uninitialised network its parameters, which it takes over. */
    void init(INDArray parameters);

    /** {@return a changeable copy of the network's configuration} */
    Draft draft();

    /** {@return all layers, and vertices with parameters, in the order of the parameter vector} */
    List<LayerSite> sites();

    /** {@return the layers that compute, in the order of {@link #configurations}} */
    List<Layer> layers();

    /** {@return the configurations of all layers, as the network's configuration holds and saves them} */
    List<org.deeplearning4j.nn.conf.layers.Layer> configurations();

    /**
     * Whether batch norm takes out the scale of a layer's weights, so that the network computes the same with any multiple of
     * them.
     *
     * @param name the layer's name, as in {@link #sites}
     */
    boolean hasBatchNormBehind(String name);

    /** {@return the whole configuration as DL4J's JSON} */
    String json();

    /** {@return how far training has come} */
    TrainingCounts counts();

    /** Sets how far training has come. */
    void setCounts(TrainingCounts counts);

    /** {@return the network's listeners} */
    Collection<TrainingListener> listeners();

    /** Whether the network has an updater, as one that was trained, or loaded with it. */
    boolean hasUpdater();

    /**
     * Makes the updaters again, which a live network keeps as they were made from its configuration before.
     *
     * @param keepState whether the new ones get the old state, if it has the same length
     */
    default void renewUpdater(boolean keepState) {
        if (!hasUpdater()) {
            return;
        }
        INDArray old = updaterState();
        INDArray state = old == null ? null : old.dup();
        dropUpdater();
        if (keepState && state != null) {
            setUpdaterState(state);
        }
    }

    /** {@return the state of the updater, if it has one} */
    @Nullable
    INDArray updaterState();

    /** Drops the updater; the next one is made from the configuration. */
    void dropUpdater();

    /** Sets the state of a new updater, if it has this length. */
    void setUpdaterState(INDArray state);

    /**
     * Runs something that may drop the network's updater. The updater is made beforehand, as a ParallelWrapper's workers
     * that start to make it while the first of them trains can wait for each other forever.
     */
    void keepUpdaterDuring(Runnable training);

    /** {@return the score of data, with inference activations} */
    double score(DataSet data);

    /** {@return the outputs for a minibatch at inference, an array for each} */
    INDArray[] output(INDArray[] features, INDArray @Nullable [] featureMasks, INDArray @Nullable [] labelMasks);

    /** {@return the names of the inputs} */
    List<String> inputs();

    /** Detaches the network from its clones, if it has layers that DL4J's clone() shares with them. */
    void detach();
}
