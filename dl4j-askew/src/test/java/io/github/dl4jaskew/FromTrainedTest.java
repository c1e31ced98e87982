package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.internal.network.Network;
import io.github.dl4jaskew.internal.rule.SkewRule;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.plan.StraightThrough;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.testkit.Paired;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** A trained network is taken over without a shock. */
@Tag("training")
class FromTrainedTest {

    private static final DataSet ALL = DataSet.merge(PresetTest.TRAIN);

    private static MultiLayerNetwork trained;

    @BeforeAll
    static void train() {
        trained = PresetTest.trained(5);
    }

    private static Askew.Builder preset() {
        return Askew.fromTrained(PresetTest.EPOCHS, PresetTest.EXAMPLES / PresetTest.BATCH);
    }

    /** Adam's first step is at most its rate, here in half cells. */
    @Test
    void installationKeepsTheWeightsAndTheFirstIterationMovesNoneFurtherThanItsUpdater() {
        for (int bits : new int[] {1, 2, 4, 8}) {
            MultiLayerNetwork network = trained.clone();
            preset().grid(Grid.uniform(bits)).build().install(network);
            assertThat(network.params()).as("%d bits, installed", bits).isEqualTo(trained.params());
            network.fit(PresetTest.TRAIN.get(0));
            for (InstalledParameter p : InstalledParameter.of(network)) {
                // the output layer alone is not in front of batch norm
                boolean slow = bits > 1 && !p.id().layer().equals("layer6");
                requireSmallSteps(
                        trained.getLayer(p.id().layer()).getParam(p.id().key()), p, (slow ? 0.1 : 1) * rate(bits));
            }
        }
    }

    /** Half cells a step, for 200 iterations. */
    private static double rate(int bits) {
        int levels = 1 << bits;
        // which is short for more than four levels
        double careful = bits > 2 ? Math.pow(200 / 300.0, bits / 4.0) : 1;
        return bits == 1 ? 0.05 : 0.06 * (levels - 1) / bits * careful;
    }

    private static void requireSmallSteps(INDArray before, InstalledParameter p, double rate) {
        for (int c = 0; c < p.grid().channels().count(); c++) {
            float[] from = before.getColumn(c).toFloatVector();
            float[] to = p.weights().getColumn(c).toFloatVector();
            double step = rate * SkewRule.meanHalfCell(p.grid(), c);
            for (int i = 0; i < from.length; i++) {
                assertThat((double) to[i]).isCloseTo(from[i], within(step * (1 + 1e-5) + Math.ulp(from[i])));
            }
            assertThat(to).isNotEqualTo(from);
        }
    }

    @Test
    void aHullThatIsClosedAtOnceIsAShock() {
        Paired.requireWins("loss after an iteration with the hull closed and open", Paired.seeds(seed -> {
            MultiLayerNetwork network = PresetTest.trained(seed);
            return new Paired(
                    lossAfterAnIteration(plain().hull(Nets.epsilon(0)), network),
                    lossAfterAnIteration(plain(), network));
        }));
    }

    /** The network computes with the weights themselves, and not with the levels that they are near to. */
    private static Askew.Builder plain() {
        return preset().straightThrough(StraightThrough.NEVER);
    }

    private static double lossAfterAnIteration(Askew.Builder recipe, MultiLayerNetwork start) {
        MultiLayerNetwork network = start.clone();
        recipe.build().install(network);
        network.fit(PresetTest.TRAIN.get(0));
        return network.score(ALL, false);
    }

    @Test
    void scalesAreThoseOfLeastSquaredErrorOfTheWeights() {
        MultiLayerNetwork network = trained.clone();
        AskewPlan plan = preset().build().install(network);
        INDArray weights = network.getLayer(0).getParam("W");
        ScaledGrid grid = plan.constrained().get(0).grid();
        assertThat(grid).isNotNull();
        assertThat(grid.channels().count()).isEqualTo(48);
        for (int c = 0; c < 48; c++) {
            assertThat(grid.scale(c))
                    .isEqualTo(weights.getColumn(c).ameanNumber().doubleValue(), within(1e-6));
        }
    }

    @Test
    void noWeightIsClippedAtFirstAndAllAreInTheHullWhenItHasClosed() {
        MultiLayerNetwork network = trained.clone();
        preset().build().install(network);
        InstalledParameter first = InstalledParameter.of(network).get(0);
        double before = beyond(first);
        network.fit(PresetTest.TRAIN.get(0));
        assertThat(beyond(first)).isGreaterThan(before - rate(1) - 0.001).isPositive();
        network.fit(PresetTest.iterator(PresetTest.TRAIN), PresetTest.EPOCHS / 4 + 1);
        // the end of the hull, rounded to float32
        assertThat(beyond(first)).isLessThan(1e-6);
    }

    /** How far the outermost weight is beyond the hull, in half cells of a binary grid. */
    private static double beyond(InstalledParameter p) {
        double farthest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < p.grid().channels().count(); c++) {
            double largest = p.weights().getColumn(c).amaxNumber().doubleValue();
            farthest = Math.max(farthest, largest / p.grid().scale(c) - 1);
        }
        return farthest;
    }

    /** At two bits; at one bit it is {@link PresetTest}'s. */
    @Test
    void beatsRounding() {
        requireBeatsRounding(PresetTest.EPOCHS);
    }

    /** In which large steps would do more harm than can be repaired. */
    @Test
    void beatsRoundingInOneEpochToo() {
        requireBeatsRounding(1);
    }

    private static void requireBeatsRounding(int epochs) {
        Paired.requireWins("fromTrained and rounded", Paired.seeds(seed -> {
            Askew recipe = Askew.fromTrained(epochs, PresetTest.EXAMPLES / PresetTest.BATCH)
                    .grid(Grid.uniform(2))
                    .build();
            MultiLayerNetwork network = PresetTest.trained(seed);
            recipe.install(network);
            double rounded = accuracy(recipe, network);
            network.fit(PresetTest.iterator(PresetTest.TRAIN), epochs);
            return new Paired(accuracy(recipe, network), rounded);
        }));
    }

    private static double accuracy(Askew recipe, MultiLayerNetwork network) {
        return recipe.quantize(network, PresetTest.iterator(PresetTest.TRAIN))
                .evaluate(PresetTest.iterator(PresetTest.TEST))
                .accuracy();
    }

    @Test
    void theHullIsSavedWithTheNetwork() {
        MultiLayerNetwork network = trained.clone();
        AskewPlan plan = preset().build().install(network);
        assertThat(plan.settings()).anyMatch(line -> line.startsWith("hull: open hold 0.0, then linear over 50.0"));
        MultiLayerNetwork copy = (MultiLayerNetwork) Network.of(network).copy().model();
        Nets.requireSameConfiguration(copy, Nets.configuration(network));
        assertThat(InstalledParameter.of(copy).get(0).step())
                .isEqualTo(InstalledParameter.of(network).get(0).step());
    }

    @Test
    void theHullBelongsToStageStep() {
        assertThat(preset().stage(Stage.GRADIENT)
                        .build()
                        .install(Nets.mlp(new Sgd(0.1)))
                        .settings())
                .noneMatch(line -> line.startsWith("hull"));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        preset().hull(Nets.epsilon(1)).stage(Stage.GRADIENT).build())
                .withMessageContaining("stage STEP");
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        AskewNets.closing().scale(Scale.mse()).hull(Nets.epsilon(1.5)).build().install(network);
        assertThatThrownBy(() -> Nets.fit(network, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 'hidden'")
                .hasMessageContaining("hull is 1.5; allowed is 0 to 1");
    }

    @Test
    void aProjectionLeavesNoHullToClose() {
        assertThat(preset().projection(ProjectionMode.INTERVAL)
                        .build()
                        .install(Nets.mlp(new Sgd(0.1)))
                        .settings())
                .contains("projection INTERVAL")
                .noneMatch(line -> line.startsWith("hull"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> preset().projection(ProjectionMode.INTERVAL)
                        .hull(Nets.epsilon(1))
                        .build())
                .withMessageContaining("projection is INTERVAL, which clips to the hull");
    }

    @Test
    void aHullThatWaitsForScoresIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> preset().hull(new PlateauAnnealing(0.5, 1, 0)))
                .withMessageContaining("hull is a PlateauAnnealing");
    }
}
