package io.github.dl4jaskew.margin.latestage;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** A network as {@link LossBasedTraining} needs it. */
interface Trainee {

    static Trainee of(MultiLayerNetwork network) {
        return new MultiLayerTrainee(network);
    }

    static Trainee of(ComputationGraph network) {
        return new GraphTrainee(network);
    }

    Model model();

    Layer[] layers();

    Collection<TrainingListener> listeners();

    /** Steps done. */
    int iteration();

    /** One pass over the data. */
    void fit(DataSetIterator train);

    /** Hands all data to the output layer's loss, without training. */
    void score(DataSetIterator data);

    /** A view of what the updaters remember, or null if they remember nothing. */
    @Nullable
    INDArray updaterState();

    int epoch();

    void setCounts(int iteration, int epoch);

    default Snapshot snapshot() {
        INDArray state = updaterState();
        return new Snapshot(model().params().dup(), state == null ? null : state.dup(), iteration(), epoch());
    }

    default void restore(Snapshot snapshot) {
        model().params().assign(snapshot.parameters());
        INDArray saved = snapshot.updaterState();
        INDArray state = updaterState();
        if (saved != null && state != null) {
            state.assign(saved);
        }
        setCounts(snapshot.iteration(), snapshot.epoch());
    }
}
