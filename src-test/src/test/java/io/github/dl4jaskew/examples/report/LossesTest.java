package io.github.dl4jaskew.examples.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.task.TwoMoonsTask;
import java.util.stream.DoubleStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

class LossesTest {

    /** {@code score()} of the training itself is another number here: what is drawn must be what the table shows. */
    @Test
    void theLossIsTheNetworksOnItsMinibatch() {
        TwoMoonsTask task = new TwoMoonsTask(1);
        MultiLayerNetwork network = new MultiLayerNetwork(task.configuration(new Sgd(0.1), 1));
        network.init();
        Losses losses = new Losses(1);
        network.setListeners(losses);
        DataSet batch = Batches.inOrder(task.split().train(), task.batch()).next();
        network.fit(batch);
        assertThat(losses.iterations()).containsExactly(0.0);
        assertThat(losses.losses()).containsExactly(network.score(batch, true));
    }

    @Test
    void noteTakingChangesNoBitOfTheTraining() {
        assertThat(trained(true).params()).isEqualTo(trained(false).params());
    }

    private static MultiLayerNetwork trained(boolean noted) {
        TwoMoonsTask task = new TwoMoonsTask(1);
        MultiLayerNetwork network = new MultiLayerNetwork(task.configuration(new Sgd(0.1), 1));
        network.init();
        if (noted) {
            network.setListeners(new Losses(10));
        }
        network.fit(Batches.inOrder(task.split().train(), task.batch()), 5);
        return network;
    }

    /** Less far at the ends, so that a curve begins and ends where its losses do. */
    @Test
    void aSmoothedLossIsTheMeanOfAsManyOnBothSides() {
        Losses losses = new Losses(1);
        DoubleStream.of(8, 2, 5, 11, 4).forEach(losses.losses()::add);
        assertThat(losses.smoothed()).containsExactly(8.0, 5.0, 6.0, 20.0 / 3, 4.0);
    }
}
