package io.github.dl4jaskew.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import io.github.dl4jaskew.testkit.Quadrants;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.parallelism.ParallelWrapper.TrainingMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/** The running clip of a layer is a parameter, so averaging workers averages it. */
@Tag("training")
class ParallelActivationsTest {

    private static final String CLIP = "1_clip";

    private static final List<DataSet> TRAIN = Quadrants.batches(24, 1);

    private static MultiLayerNetwork network() {
        return network(new Adam(0.01));
    }

    private static MultiLayerNetwork network(IUpdater updater) {
        int inputs = Math.toIntExact(TRAIN.get(0).getFeatures().size(1));
        int classes = Math.toIntExact(TRAIN.get(0).getLabels().size(1));
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(updater)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(inputs)
                        .nOut(12)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new QuantizedActivationLayer(QuantizedActivation.unsigned(4)))
                .layer(new OutputLayer.Builder()
                        .nIn(12)
                        .nOut(classes)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static void train(MultiLayerNetwork network, int workers, int frequency, List<DataSet> batches) {
        ParallelWrapper wrapper = new ParallelWrapper.Builder<>(network)
                .workers(2)
                .averagingFrequency(frequency)
                .prefetchBuffer(0)
                .trainingMode(TrainingMode.AVERAGING)
                .build();
        wrapper.setWorkers(workers);
        wrapper.fit(Quadrants.iterator(batches));
    }

    private static double clip(MultiLayerNetwork network) {
        return network.getParam(CLIP).getDouble(0);
    }

    @Test
    void oneWorkerDoesWhatFitDoes() {
        MultiLayerNetwork alone = network();
        TRAIN.forEach(alone::fit);
        MultiLayerNetwork wrapped = network();
        train(wrapped, 1, 2, TRAIN);
        assertThat(wrapped.params()).isEqualTo(alone.params());
        assertThat(clip(wrapped)).isPositive();
    }

    /**
     * One minibatch for each of two workers, and weights that do not move. A clip without averaging is that of one of the
     * minibatches; the average is between them, also where the second worker begins as a copy of the trained first one.
     */
    @Test
    void averagingWorkersAveragesTheirClips() {
        List<DataSet> two = TRAIN.subList(0, 2);
        double[] alone = two.stream()
                .mapToDouble(batch -> {
                    MultiLayerNetwork network = network(new NoOp());
                    network.fit(batch);
                    return clip(network);
                })
                .sorted()
                .toArray();
        MultiLayerNetwork wrapped = network(new NoOp());
        train(wrapped, 2, 1, two);
        assertThat(alone[0]).isLessThan(alone[1]);
        assertThat(clip(wrapped)).isStrictlyBetween(alone[0], alone[1]);
    }
}
