package io.github.dl4jaskew.margin.latestage;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
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

    Snapshot snapshot();

    void restore(Snapshot snapshot);
}
