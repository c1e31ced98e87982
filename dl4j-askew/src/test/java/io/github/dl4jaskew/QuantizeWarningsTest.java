package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.baseline.BinaryConnect;
import io.github.dl4jaskew.baseline.BinaryRelax;
import io.github.dl4jaskew.baseline.Parq;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.baseline.ProxQuant;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.Growth;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.testkit.SameDiffs;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;

/** {@code quantize} says when it rounds weights that were not on their levels yet. */
class QuantizeWarningsTest {

    private static final Sgd UPDATER = new Sgd(0.01);
    private static final Annealing BY_EPOCH = Annealing.hold(5).thenExponential(1e-4, 5);

    private static List<String> warnings(QuantizedTraining method, int iterations) {
        MultiLayerNetwork network = Nets.mlp(UPDATER);
        method.install(network);
        Nets.fit(network, iterations);
        return method.quantize(network).warnings();
    }

    private static Askew askew(ISchedule epsilon) {
        return Askew.builder().epsilon(epsilon).restoringRate(1).build();
    }

    private static void requireWarning(List<String> warnings, String... parts) {
        assertThat(warnings).singleElement().asString().contains(parts);
    }

    @Test
    void fitOfADataSetCountsNoEpochs() {
        requireWarning(
                warnings(askew(BY_EPOCH), 10),
                "the intervals are still open: eps is 1.0 after 10 iterations and 0 epochs (planned: hold 5.0, then"
                        + " exponential(1.0E-4) over 5.0 by epoch, closed at epoch 9)",
                "call net.incrementEpochCount()",
                "Rounding moves ",
                " of 35 weights by more than 0.05 half cells",
                "; the largest move is 0.");
    }

    @Test
    void countedEpochsCloseThem() {
        MultiLayerNetwork network = Nets.mlp(UPDATER);
        Askew askew = askew(BY_EPOCH);
        askew.install(network);
        for (int epoch = 0; epoch < 12; epoch++) {
            Nets.fit(network, 3);
            network.incrementEpochCount();
        }
        assertThat(askew.quantize(network).warnings()).isEmpty();
        for (int epoch = 12; epoch < 16; epoch++) {
            network.incrementEpochCount();
        }
        requireWarning(
                askew.quantize(network).warnings(),
                "closed since epoch 9, but training went on to 16",
                "Plan as many epochs as you train");
    }

    @Test
    void anEarlyEndIsReportedInIterations() {
        Annealing closing = Annealing.hold(5).thenLinear(40).byIteration();
        requireWarning(
                warnings(askew(closing), 10),
                "eps is 0.88 after 10 iterations and 0 epochs",
                "closed at iteration 45)",
                "iterationsPerEpoch");
        assertThat(warnings(askew(closing), 60)).isEmpty();
    }

    @Test
    void aTrainingLongerThanItsPlanIsReported() {
        Annealing closing = Annealing.hold(5).thenLinear(15).byIteration();
        assertThat(warnings(askew(closing), 30)).isEmpty();
        requireWarning(
                warnings(askew(closing), 31),
                "the intervals have been closed since iteration 20, but training went on to 31",
                "iterationsPerEpoch");
        requireWarning(
                warnings(Askew.fromScratch(2, 10).build(), 100), "closed since iteration ", "training went on to 100");
        assertThat(warnings(Askew.builder().epsilon(closing).crossing().build(), 100))
                .as("weights that go on to choose")
                .isEmpty();
        requireWarning(
                warnings(
                        Askew.builder()
                                .epsilon(closing)
                                .restoringRate(1)
                                .quantizationDelay(40)
                                .build(),
                        61),
                "closed since iteration 40, but training went on to 61");
        for (Annealing slow : List.of(
                Annealing.hold(0).thenExponential(1e-6, 30),
                Annealing.hold(0).thenPolynomial(30, 10),
                Annealing.hold(0).thenExponential(1e-4, 30).inTau())) {
            assertThat(warnings(askew(slow.byIteration()), 30))
                    .as("as long as planned, %s", slow)
                    .isEmpty();
        }
        SameDiff graph = SameDiffs.of(UPDATER);
        askew(closing).install(graph);
        SameDiffs.fit(graph, 31);
        requireWarning(askew(closing).quantize(graph).warnings(), "training went on to 31");
    }

    @Test
    void aPlateauNeedsScores() {
        requireWarning(warnings(askew(new PlateauAnnealing(0.5)), 5), "Continue training with a PlateauListener");
        requireWarning(warnings(askew(Nets.epsilon(0.5)), 1), "Train until eps is 0.001 or below");
        assertThat(warnings(askew(Nets.epsilon(1)), 0))
                .as("rounding without training")
                .isEmpty();
    }

    @Test
    void weightsMovedBySomethingElse() {
        MultiLayerNetwork network = Nets.mlp(UPDATER);
        Askew askew = askew(Nets.epsilon(1e-4));
        askew.install(network);
        requireWarning(
                askew.quantize(network).warnings(), "far from their levels although eps is 1.0E-4", "Askew.project");
        Askew.project(network);
        assertThat(askew.quantize(network).warnings()).isEmpty();
    }

    @Test
    void graphs() {
        ComputationGraph graph = Nets.graph(UPDATER);
        Askew askew = askew(BY_EPOCH);
        askew.install(graph);
        Nets.fit(graph, 3);
        requireWarning(askew.quantize(graph).warnings(), "eps is 1.0 after 3 iterations and 0 epochs");
    }

    @Test
    void sameDiff() {
        SameDiff graph = SameDiffs.of(UPDATER);
        Askew askew = askew(Annealing.hold(100).thenLinear(40).byIteration());
        askew.install(graph);
        SameDiffs.fit(graph, 3);
        requireWarning(
                askew.quantize(graph).warnings(), "eps is 1.0 after 3 iterations", "variable '", "Rounding moves ");
        assertThat(askew.quantize(graph).memoryReport().toString()).contains("WARNING: the intervals are still open");
    }

    @Test
    void baselinesWhoseScheduleIsNotOver() {
        requireWarning(
                warnings(ProxQuant.builder().lambda(Growth.linear(1e-4)).build(), 3),
                "ProxQuant's regularizer has not put all weights onto their levels: lambda is 0.0 after 3 iterations",
                "call net.incrementEpochCount()");
        assertThat(warnings(ProxQuant.builder().lambda(Nets.epsilon(5)).build(), 3))
                .isEmpty();
        requireWarning(
                warnings(BinaryRelax.builder().lambda(Nets.epsilon(1)).build(), 3), "BinaryRelax's lambda is 1.0");
        assertThat(warnings(BinaryRelax.builder().lambda(Nets.epsilon(100)).build(), 3))
                .isEmpty();
        requireWarning(
                warnings(Parq.builder().inverseSlope(Nets.epsilon(0.5)).build(), 3), "PARQ's inverse slope is 0.5");
        assertThat(warnings(Parq.builder().inverseSlope(Nets.epsilon(0)).build(), 3))
                .isEmpty();
    }

    @Test
    void methodsThatRoundAnywayWarnOfNothing() {
        assertThat(warnings(BinaryConnect.builder().build(), 3)).isEmpty();
        MultiLayerNetwork network = Nets.mlp(UPDATER);
        assertThat(PostTrainingQuantization.builder().build().quantize(network).warnings())
                .isEmpty();
    }
}
