package io.github.dl4jaskew.margin.earlystopping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.margin.MarginListener;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.metrics.MarginProgress;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.List;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.termination.EpochTerminationCondition;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;

/** Logistic regression on four points, whose largest normalized margin is sqrt 2. */
@Tag("training")
class EarlyStoppingTest {

    private final DataSet data = new DataSet(
            Nd4j.createFromArray(new double[][] {{.5, 1.5}, {1.5, .5}, {-.5, -1.5}, {-1.5, -.5}}),
            Nd4j.createFromArray(new double[][] {{1}, {1}, {0}, {0}}));
    private final DataSetIterator iterator = new ExistingDataSetIterator(List.of(data));

    private MultiLayerNetwork net(double learningRate, boolean bias) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(learningRate))
                .list()
                .layer(new OutputLayer.Builder(new LossBinaryXENT(0))
                        .nIn(2)
                        .nOut(1)
                        .hasBias(bias)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        net.init();
        net.params().putScalar(0, -1);
        net.params().putScalar(1, 2);
        return net;
    }

    private EarlyStoppingResult<MultiLayerNetwork> train(
            MultiLayerNetwork net, MarginTracker tracker, EpochTerminationCondition... conditions) {
        var configuration = new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
                .scoreCalculator(new MarginScoreCalculator<>(tracker))
                .modelSaver(new InMemoryModelSaver<>())
                .epochTerminationConditions(conditions)
                .build();
        return new EarlyStoppingTrainer(configuration, net, iterator).fit();
    }

    private MarginTracker tracker() {
        return MarginTracker.builder(iterator).every(1).epochs().build();
    }

    @Test
    void stopsAtATarget() {
        MarginTracker tracker = tracker();
        var result = train(
                net(0.5, false),
                tracker,
                MarginTermination.target(tracker, 1.2),
                new MaxEpochsTerminationCondition(500));
        assertThat(result.getTerminationDetails()).contains("at least 1.2");
        double margin = tracker.history().last().normalizedMargin().orElseThrow();
        assertThat(margin).isBetween(1.2, Math.sqrt(2));
        assertThat(tracker.history().snapshots())
                .filteredOn(s -> s.normalizedMargin().orElseThrow() >= 1.2)
                .hasSize(1);
        assertThat(result.getBestModelEpoch()).isEqualTo(result.getTotalEpochs() - 1);
    }

    @Test
    void stopsOnAPlateau() {
        MarginTracker tracker = tracker();
        var result = train(
                net(0.5, false),
                tracker,
                MarginTermination.plateau(tracker, 5, 0.01),
                new MaxEpochsTerminationCondition(500));
        assertThat(result.getTerminationDetails()).contains("5 measurements");
        List<MarginSnapshot> all = tracker.history().snapshots();
        double before = all.get(all.size() - 6).normalizedMargin().orElseThrow();
        assertThat(all.get(all.size() - 1).normalizedMargin().orElseThrow()).isBetween(before, before * 1.01);
        assertThat(all.size()).isGreaterThan(6);
    }

    /** Near the limit, sqrt 2; the plateau is met long before. */
    @Test
    void stopsNearThePredictedLimit() {
        MarginTracker tracker = tracker();
        var result = train(
                net(0.5, false),
                tracker,
                MarginTermination.progress(tracker, 0.85),
                new MaxEpochsTerminationCondition(5000));
        assertThat(result.getTerminationDetails()).contains("0.85 of its predicted limit");
        List<MarginSnapshot> all = tracker.history().snapshots();
        MarginProgress last = all.get(all.size() - 1).progress().orElseThrow();
        assertThat(last.share().orElseThrow()).isBetween(.85, 1.0);
        assertThat(last.predictedLimit().orElseThrow()).isBetween(Math.sqrt(2), 1.6);
        assertThat(all.subList(0, all.size() - 1))
                .allMatch(s -> s.progress().orElseThrow().share().orElse(0) < .85);
        assertThat(MarginTermination.plateau(tracker, 20, 0.01).terminate(0, 0, false))
                .isTrue();
    }

    /** The weights of the largest margin are 1/sqrt(2) in each of three layers: it is sqrt 2 over 3^(3/2). */
    @Test
    void stopsNearThePredictedLimitOfThreeLayersFromSmallWeights() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.5))
                .weightInit(new NormalDistribution(0, .1))
                .activation(Activation.IDENTITY)
                .list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(4).hasBias(false).build())
                .layer(new DenseLayer.Builder().nIn(4).nOut(4).hasBias(false).build())
                .layer(new OutputLayer.Builder(new LossBinaryXENT(0))
                        .nIn(4)
                        .nOut(1)
                        .hasBias(false)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        net.init();
        MarginTracker tracker = tracker();
        double limit = Math.sqrt(2) / Math.pow(3, 1.5);

        var result =
                train(net, tracker, MarginTermination.progress(tracker, .95), new MaxEpochsTerminationCondition(3000));

        assertThat(result.getTerminationDetails()).contains("0.95 of its predicted limit");
        MarginProgress last = tracker.history().last().progress().orElseThrow();
        assertThat(last.share().orElseThrow()).isBetween(.95, 1.0);
        assertThat(last.predictedLimit().orElseThrow()).isBetween(limit, 1.05 * limit);
        assertThat(tracker.history().last().normalizedMargin().orElseThrow()).isBetween(.95 * limit, limit);
    }

    @Test
    void stopsWhenTheLateStageIsLeft() {
        MarginTracker tracker = tracker();
        MultiLayerNetwork net = net(0.5, false);
        MarginTermination left = MarginTermination.lateStageLeft(tracker);
        assertThat(left.terminate(0, 0, false)).as("nothing measured").isFalse();
        net.params().assign(Nd4j.createFromArray(1.0, 1.0));
        tracker.measure(net, 1, 0);
        assertThat(left.terminate(0.5)).isFalse();
        net.params().assign(Nd4j.createFromArray(-1.0, 2.0));
        tracker.measure(net, 2, 1);
        assertThat(left.terminate(0.5)).isTrue();
        assertThat(left.terminate(1, 0, false)).isTrue();
    }

    @Test
    void takesTheMeasurementOfTheListener() {
        MarginTracker tracker = tracker();
        MultiLayerNetwork net = net(0.5, false);
        net.addListeners(new MarginListener(tracker));
        train(net, tracker, new MaxEpochsTerminationCondition(4));
        assertThat(tracker.history().size()).isEqualTo(4);
    }

    @Test
    void refusesANetworkWithoutNormalizedMargin() {
        MarginTracker tracker = tracker();
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(2)
                        .nOut(2)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(new LossBinaryXENT(0))
                        .nIn(2)
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        net.init();
        assertThatThrownBy(() -> new MarginScoreCalculator<MultiLayerNetwork>(tracker).calculateScore(net))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("anh");
    }

    @Test
    void badArguments() {
        MarginTracker tracker = tracker();
        assertThatThrownBy(() -> MarginTermination.target(tracker, Double.NaN)).hasMessageContaining("margin is NaN");
        assertThatThrownBy(() -> MarginTermination.plateau(tracker, 0, 0)).hasMessageContaining("measurements is 0");
        assertThatThrownBy(() -> MarginTermination.progress(tracker, 1)).hasMessageContaining("share is 1.0");
        assertThatThrownBy(() -> MarginTermination.plateau(tracker, 1, -1)).hasMessageContaining("share is -1");
        for (Object part : List.of(new MarginScoreCalculator<>(tracker), MarginTermination.target(tracker, 1))) {
            assertThatThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(part))
                    .isInstanceOf(NotSerializableException.class);
        }
    }
}
