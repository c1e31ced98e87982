package io.github.dl4jaskew.margin.latestage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.margin.MarginListener;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.loss.LogDomainLoss;
import io.github.dl4jaskew.margin.metrics.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** All networks here are of float32. */
@Tag("training")
class LossBasedTrainingTest {

    private static final DataSetIterator BATCHES = Clusters.batches(8);

    @Test
    void goesOnWherePlainSgdHasNoGradientLeft() {
        MultiLayerNetwork network = Clusters.network(new Sgd(0.1), new LossMCXENT());
        LateStageReport first = LossBasedTraining.builder()
                .epochs(1000)
                .untilLogLoss(-40)
                .build()
                .fit(network, BATCHES);
        assertThat(first.logLoss()).isLessThan(-40);
        assertThat(Clusters.smallestMargin(network)).isGreaterThan(leastMargin(first));

        MultiLayerNetwork plain = network.clone();
        org.deeplearning4j.util.NetworkUtils.setLearningRate(plain, 1e6);
        INDArray stuck = plain.params().dup();
        plain.fit(BATCHES, 3);
        assertThat(plain.params()).as("DL4J's gradient is exactly 0").isEqualTo(stuck);

        LateStageReport report = LossBasedTraining.builder()
                .epochs(1000)
                .untilLogLoss(-300)
                .build()
                .fit(network, BATCHES);
        assertThat(report.logLoss()).isLessThan(-300);
        assertThat(Clusters.smallestMargin(network)).isGreaterThan(leastMargin(report));
    }

    /** The sum of all losses is at least the largest one, exp(-margin); a thousandth is for the rounding of logits. */
    private static double leastMargin(LateStageReport report) {
        return -report.logLoss() - Math.log(Clusters.POINTS) - 1e-3;
    }

    @Test
    void trackerSeesTheEpochsThatAreKept() {
        MultiLayerNetwork network = Clusters.network(new Sgd(0.1), new LossMCXENT());
        MarginTracker tracker = MarginTracker.builder(Clusters.batches(8)).build();
        LateStageReport report = LossBasedTraining.builder()
                .epochs(60)
                .initialRate(5)
                .tracker(tracker)
                .build()
                .fit(network, BATCHES);
        assertThat(report.rejected()).isPositive();
        List<LateStageEpoch> kept =
                report.epochs().stream().filter(LateStageEpoch::accepted).toList();
        assertThat(tracker.history().size()).isEqualTo(kept.size());
        for (int i = 0; i < kept.size(); i++) {
            MarginSnapshot s = tracker.history().snapshots().get(i);
            assertThat(s.iteration()).isEqualTo(3 * (i + 1));
            assertThat(s.epoch()).isEqualTo(kept.get(i).number());
            assertThat(s.logLossSum().orElseThrow() - Math.log(Clusters.POINTS))
                    .isCloseTo(kept.get(i).logLossAfter(), within(1e-6));
        }
        assertThat(tracker.history().last().minimumMargin()).isCloseTo(Clusters.smallestMargin(network), within(1e-4));
    }

    /** Until the first epoch is taken back the order is the iterator's, and afterwards another. */
    @Test
    void aRetryTakesAnotherOrder() {
        List<LateStageEpoch> same = shuffled(LossBasedTraining.builder());
        List<LateStageEpoch> other = shuffled(LossBasedTraining.builder().reshuffle(1));
        assertThat(shuffled(LossBasedTraining.builder().reshuffle(1))).isEqualTo(other);
        assertThat(shuffled(LossBasedTraining.builder().reshuffle(2))).isNotEqualTo(other);
        int retry = 1 + same.stream().map(LateStageEpoch::accepted).toList().indexOf(false);
        assertThat(retry).isPositive();
        assertThat(other.subList(0, retry)).isEqualTo(same.subList(0, retry));
        assertThat(other.get(retry).rate()).isEqualTo(same.get(retry).rate());
        assertThat(other.get(retry).logLossAfter()).isNotEqualTo(same.get(retry).logLossAfter());
    }

    private static List<LateStageEpoch> shuffled(LossBasedTraining.Builder training) {
        MultiLayerNetwork network = Clusters.network(new Sgd(0.1), new LossMCXENT());
        return training.epochs(6).initialRate(30).build().fit(network, BATCHES).epochs();
    }

    @Test
    void anotherOrderHasTheSameExamples() {
        TrainingOrder order = new TrainingOrder(BATCHES, new Random(3));
        List<DataSet> before = examples(order.current());
        order.reshuffle();
        assertThat(order.current().next().numExamples()).isEqualTo(8);
        List<DataSet> after = examples(order.current());
        assertThat(after).isNotEqualTo(before).containsExactlyInAnyOrderElementsOf(before);
    }

    private static List<DataSet> examples(DataSetIterator batches) {
        List<DataSet> examples = new ArrayList<>();
        batches.reset();
        batches.forEachRemaining(batch -> examples.addAll(batch.asList()));
        return examples;
    }

    /** The gradient is that of the scaled loss: the step is {@code exp(logLearningRate)} times the gradient of the loss. */
    @Test
    void theEffectiveStepIsThatOfTheScaledLoss() {
        MultiLayerNetwork network = Clusters.network(new Sgd(0.1), new LossMCXENT());
        MarginTracker tracker =
                MarginTracker.builder(Clusters.batches(8)).gradients().build();
        LateStageReport report = LossBasedTraining.builder()
                .epochs(400)
                .untilLogLoss(-40)
                .tracker(tracker)
                .build()
                .fit(network, BATCHES);
        List<LateStageEpoch> kept =
                report.epochs().stream().filter(LateStageEpoch::accepted).toList();
        MarginSnapshot last = tracker.history().last();
        double degree = last.degree().orElseThrow();
        // so late, the sum of |l'| is the sum of the losses
        double logStep = kept.get(kept.size() - 1).logLearningRate()
                - Math.log(Clusters.POINTS)
                + (degree - 2) * Math.log(last.norm())
                + last.logLossSum().orElseThrow();
        assertThat(last.logLossSum().orElseThrow()).isLessThan(-30);
        assertThat(Math.log(last.gradient().orElseThrow().effectiveStep().orElseThrow()))
                .isCloseTo(logStep, within(1e-9));
    }

    @Test
    void trainingGoesOnIfTheReceiverOfEpochsThrows() {
        MultiLayerNetwork network = Clusters.network(new Sgd(0.1), new LossMCXENT());
        LateStageReport report = LossBasedTraining.builder()
                .epochs(5)
                .onEpoch(epoch -> {
                    throw new IllegalStateException("disk full");
                })
                .build()
                .fit(network, BATCHES);
        assertThat(report.epochs()).hasSize(5);
    }

    @Test
    void lossNeverRises() {
        MultiLayerNetwork network = Clusters.network(new Sgd(0.1), new LossMCXENT());
        List<Double> margins = new ArrayList<>();
        LateStageReport report = LossBasedTraining.builder()
                .epochs(60)
                .initialRate(5)
                .onEpoch(epoch -> margins.add(Clusters.smallestMargin(network)))
                .build()
                .fit(network, BATCHES);
        assertThat(report.rejected()).isPositive();
        assertThat(report.accepted()).isPositive();
        assertThat(report.accepted() + report.rejected()).isEqualTo(60);
        assertThat(margins).hasSize(60);
        for (int i = 1; i < 60; i++) {
            LateStageEpoch before = report.epochs().get(i - 1);
            LateStageEpoch epoch = report.epochs().get(i);
            assertThat(epoch.number()).isEqualTo(i);
            assertThat(epoch.logLossBefore()).isEqualTo(before.logLoss());
            assertThat(epoch.logLoss()).isLessThanOrEqualTo(epoch.logLossBefore());
            assertThat(epoch.rate() / before.rate())
                    .isCloseTo(Math.pow(2, before.accepted() ? 0.2 : -0.1), within(1e-9));
            assertThat(epoch.logLearningRate())
                    .isCloseTo(Math.log(epoch.rate()) - epoch.logLossBefore(), within(1e-12));
            if (!epoch.accepted()) {
                assertThat(margins.get(i)).as("epoch %s is taken back", i).isEqualTo(margins.get(i - 1));
            }
        }
        assertThat(report.logLoss()).isEqualTo(report.epochs().get(59).logLoss());
    }

    @Test
    void rejectedEpochLeavesWeightsStateAndCountsAsTheyWere() {
        MultiLayerNetwork network = Clusters.network(new Nesterovs(0.1, 0.9), new LossMCXENT());
        LossBasedTraining.builder().epochs(5).build().fit(network, Clusters.contradiction());
        INDArray weights = network.params().dup();
        INDArray state = network.getUpdater().getStateViewArray().dup();
        int iterations = network.getIterationCount();
        LateStageReport report = tooFar().fit(network, Clusters.contradiction());
        assertThat(report.rejected()).isEqualTo(1);
        assertThat(report.epochs().get(0).logLossAfter()).isGreaterThan(report.logLoss());
        assertThat(network.params()).isEqualTo(weights);
        assertThat(network.getUpdater().getStateViewArray()).isEqualTo(state);
        assertThat(state.norm2Number().doubleValue()).isPositive();
        assertThat(network.getIterationCount()).isEqualTo(iterations);
        assertThat(report.alpha()).isCloseTo(1e3 / Math.pow(2, 0.1), within(1e-3));
    }

    @Test
    void rejectedEpochLeavesAGraphAsItWas() {
        ComputationGraph graph =
                Clusters.network(new Nesterovs(0.1, 0.9), new LossMCXENT()).toComputationGraph();
        graph.fit(Clusters.contradiction());
        INDArray weights = graph.params().dup();
        INDArray state = graph.getUpdater().getStateViewArray().dup();
        int iterations = graph.getConfiguration().getIterationCount();
        assertThat(tooFar().fit(graph, Clusters.contradiction()).rejected()).isEqualTo(1);
        assertThat(graph.params()).isEqualTo(weights);
        assertThat(graph.getUpdater().getStateViewArray()).isEqualTo(state);
        assertThat(graph.getConfiguration().getIterationCount()).isEqualTo(iterations);
    }

    private static LossBasedTraining tooFar() {
        return LossBasedTraining.builder().epochs(1).initialRate(1e3).build();
    }

    @Test
    void anEpochThatOverflowsIsTakenBack() {
        MultiLayerNetwork network = Clusters.network(new Sgd(0.1), new LossMCXENT());
        INDArray weights = network.params().dup();
        LateStageReport report =
                LossBasedTraining.builder().epochs(1).initialRate(1e38).build().fit(network, BATCHES);
        assertThat(report.rejected()).isEqualTo(1);
        assertThat(report.epochs().get(0).logLossAfter()).isNaN();
        assertThat(network.params()).isEqualTo(weights);
    }

    @Test
    void firstStepIsThatOfSgdWithTheSameLearningRate() {
        MultiLayerNetwork network = Clusters.network(new Sgd(0.1), new LossMCXENT());
        MultiLayerNetwork plain = network.clone();
        double loss = plain.score(Clusters.data());
        LateStageReport report = LossBasedTraining.builder()
                .epochs(1)
                .initialRate(0.3)
                .build()
                .fit(network, Clusters.batches(Clusters.POINTS));
        assertThat(report.epochs().get(0).logLossBefore()).isCloseTo(Math.log(loss), within(1e-6));
        assertThat(Math.exp(report.epochs().get(0).logLearningRate())).isCloseTo(0.3 / loss, within(1e-6));
        org.deeplearning4j.util.NetworkUtils.setLearningRate(plain, 0.3 / loss);
        plain.fit(Clusters.data());
        assertThat(network.params().sub(plain.params()).norm2Number().doubleValue())
                .isLessThan(1e-6);
    }

    @Test
    void dampedRateFallsWithTheMargin() {
        LateStageReport early = damped(Clusters.network(new Sgd(0.1), new LossMCXENT()));
        assertThat(early.epochs().get(0).rate()).isEqualTo(0.1);
        LateStageReport late = damped(Clusters.separated(10));
        assertThat(late.epochs().get(0).logLossBefore())
                .as("where the rate is damped")
                .isLessThan(-1);
    }

    private static LateStageReport damped(MultiLayerNetwork network) {
        LateStageReport report =
                LossBasedTraining.builder().epochs(30).damped().build().fit(network, BATCHES);
        assertThat(report.rejected()).as("nothing oscillates").isZero();
        assertThat(report.alpha()).isEqualTo(0.1);
        for (LateStageEpoch epoch : report.epochs()) {
            assertThat(epoch.rate()).isCloseTo(0.1 / Math.max(1, -epoch.logLossBefore()), within(1e-12));
        }
        return report;
    }

    @Test
    void lossAndRatesOfTheNetwork() {
        MultiLayerNetwork network = Clusters.network(new Sgd(0.1), new LossMCXENT());
        ILossFunction before = ((OutputLayer) network.getLayer(1).conf().getLayer()).getLossFn();
        LateStageReport report = LossBasedTraining.builder().epochs(3).build().fit(network, BATCHES);
        assertThat(((OutputLayer) network.getLayer(1).conf().getLayer()).getLossFn())
                .as("is put back")
                .isSameAs(before);
        double rate = report.epochs().get(2).rate();
        assertThat(network.getLayer(0).conf().getLayer().getUpdaterByParam("W").getLearningRate(0, 0))
                .isEqualTo(rate);
        assertThat(network.getLayer(1).conf().getLayer().getUpdaterByParam("W").getLearningRate(0, 0))
                .isEqualTo(rate);
    }

    @Test
    void graphsAreTrainedAlike() {
        MultiLayerNetwork network = Clusters.network(new Sgd(0.1), new LogDomainLoss(Loss.CROSS_ENTROPY));
        ComputationGraph graph = network.toComputationGraph();
        LossBasedTraining training = LossBasedTraining.builder().epochs(40).build();
        LateStageReport ofNetwork = training.fit(network, BATCHES);
        LateStageReport ofGraph = training.fit(graph, BATCHES);
        assertThat(ofGraph.logLoss()).isCloseTo(ofNetwork.logLoss(), within(1e-4));
        assertThat(ofGraph.logLoss()).isLessThan(ofGraph.epochs().get(0).logLossBefore());
        assertThat(graph.params().sub(network.params()).norm2Number().doubleValue())
                .isLessThan(1e-3);
    }

    @Test
    void refusesNetworksThatItCannotTrain() {
        LossBasedTraining training = LossBasedTraining.builder().epochs(1).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> training.fit(Clusters.network(new Sgd(0.1), new LossMSE()), BATCHES))
                .withMessageContaining("LossMSE", "softmax", "MCXENT with softmax");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> training.fit(Clusters.network(new NoOp(), new LossMCXENT()), BATCHES))
                .withMessageContaining("no updater of the network has a learning rate");
        MultiLayerNetwork broken = Clusters.network(new Sgd(0.1), new LossMCXENT());
        broken.params().putScalar(0, Float.NaN);
        assertThatIllegalStateException()
                .isThrownBy(() -> training.fit(broken, BATCHES))
                .withMessageContaining("NaN before the first epoch");
    }

    @Test
    void refusesAListenerThatWouldMeasureWhatIsTakenBack() {
        MultiLayerNetwork network = Clusters.network(new Sgd(0.1), new LossMCXENT());
        ComputationGraph graph = network.toComputationGraph();
        MarginTracker tracker = MarginTracker.builder(Clusters.batches(5)).build();
        network.addListeners(new MarginListener(tracker));
        graph.addListeners(new MarginListener(tracker));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossBasedTraining.builder().build().fit(network, BATCHES))
                .withMessageContaining("tracker(...)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossBasedTraining.builder().build().fit(graph, BATCHES))
                .withMessageContaining("tracker(...)");
    }

    @Test
    void refusesRatesThatDifferWhereThereIsState() {
        MultiLayerNetwork network = Clusters.network(new Adam(0.1), new LossMCXENT());
        network.getLayer(1).conf().getLayer().getUpdaterByParam("W").setLrAndSchedule(0.2, null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossBasedTraining.builder().build().fit(network, BATCHES))
                .withMessageContaining("[0.1, 0.2]");
    }

    @Test
    void refusesBadSettings() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossBasedTraining.builder().epochs(0))
                .withMessageContaining("epochs is 0; allowed is at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossBasedTraining.builder().initialRate(Double.NaN))
                .withMessageContaining("initialRate is NaN; allowed is above 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossBasedTraining.builder().growth(0.5))
                .withMessageContaining("growth is 0.5; allowed is at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossBasedTraining.builder().shrink(1))
                .withMessageContaining("shrink is 1.0; allowed is above 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossBasedTraining.builder().untilLogLoss(Double.NaN))
                .withMessageContaining("untilLogLoss is NaN");
    }
}
