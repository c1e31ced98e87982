package io.github.dl4jaskew.margin.latestage;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** A network that is a list of layers. */
record MultiLayerTrainee(MultiLayerNetwork network) implements Trainee {

    @Override
    public Model model() {
        return network;
    }

    @Override
    public int iteration() {
        return network.getLayerWiseConfigurations().getIterationCount();
    }

    @Override
    public Layer[] layers() {
        return network.getLayers();
    }

    @Override
    public Collection<TrainingListener> listeners() {
        return network.getListeners();
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

    @Override
    public int epoch() {
        return network.getLayerWiseConfigurations().getEpochCount();
    }

    @Override
    public void setCounts(int iteration, int epoch) {
        network.getLayerWiseConfigurations().setIterationCount(iteration);
        network.getLayerWiseConfigurations().setEpochCount(epoch);
    }
}
