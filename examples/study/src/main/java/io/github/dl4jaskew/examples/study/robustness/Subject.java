package io.github.dl4jaskew.examples.study.robustness;

import java.util.List;
import java.util.function.Function;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A network and its data.
 *
 * @param name of both
 * @param metric what it is judged by
 * @param layers completes a configuration that has seed and updater
 * @param train examples in random order
 * @param test others
 * @param batch examples of a minibatch
 * @param epochs length of a training
 */
record Subject(
        String name,
        Metric metric,
        Function<NeuralNetConfiguration.Builder, MultiLayerConfiguration> layers,
        DataSet train,
        DataSet test,
        int batch,
        int epochs) {

    /** The last fifth of the training data is what learning rates are judged on. */
    private static final int HELD_OUT_SHARE = 5;

    MultiLayerNetwork network(IUpdater updater, long seed) {
        NeuralNetConfiguration.Builder start =
                new NeuralNetConfiguration.Builder().seed(seed).updater(updater);
        MultiLayerNetwork network = new MultiLayerNetwork(layers.apply(start));
        network.init();
        return network;
    }

    int iterationsPerEpoch() {
        return batches().size();
    }

    double iterations() {
        return (double) epochs * iterationsPerEpoch();
    }

    void fit(MultiLayerNetwork network) {
        network.fit(trainingData(), epochs);
    }

    DataSetIterator trainingData() {
        return new ExistingDataSetIterator(batches());
    }

    private List<DataSet> batches() {
        return train.batchBy(batch);
    }

    /** On the test data; the worst there is if the training diverged. */
    double value(MultiLayerNetwork network) {
        boolean finite = Double.isFinite(network.params().sumNumber().doubleValue());
        return finite ? metric.of(network, test) : metric.worst();
    }

    /** The same without the test data: a part of the training data is in its place. */
    Subject heldOut() {
        int all = train.numExamples();
        int seen = all - all / HELD_OUT_SHARE;
        return new Subject(name, metric, layers, rows(train, 0, seen), rows(train, seen, all), batch, epochs);
    }

    Subject withEpochs(int length) {
        return new Subject(name, metric, layers, train, test, batch, length);
    }

    static DataSet rows(DataSet data, int from, int to) {
        return new DataSet(
                data.getFeatures().get(NDArrayIndex.interval(from, to)).dup(),
                data.getLabels().get(NDArrayIndex.interval(from, to)).dup());
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
