package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.quantized.NetworkCopy;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** A trained network is taken over without a shock. */
class FromTrainedTest {

    private static final int EPOCHS = 10;
    private static final DataSet ALL = DataSet.merge(PresetTest.TRAIN);

    private static MultiLayerNetwork trained;

    @BeforeAll
    static void train() {
        trained = PresetTest.network();
        trained.fit(PresetTest.iterator(PresetTest.TRAIN), EPOCHS);
    }

    private static AskewBuilder preset() {
        return Askew.fromTrained(EPOCHS, PresetTest.EXAMPLES / PresetTest.BATCH);
    }

    @Test
    void installationAndFirstIterationDoNotRaiseTheLoss() {
        double before = trained.score(ALL, false);
        for (int bits : new int[] {1, 2, 4}) {
            MultiLayerNetwork network = trained.clone();
            preset().grid(Grid.uniform(bits)).build().install(network);
            assertThat(network.score(ALL, false)).as("%d bits, installed", bits).isEqualTo(before);
            network.fit(PresetTest.TRAIN.get(0));
            assertThat(network.score(ALL, false))
                    .as("%d bits, 1 iteration", bits)
                    .isLessThan(1.05 * before);
            for (int i = 1; i < PresetTest.TRAIN.size(); i++) {
                network.fit(PresetTest.TRAIN.get(i));
            }
            assertThat(network.score(ALL, false)).as("%d bits, 1 epoch", bits).isLessThan(2 * before);
        }
    }

    @Test
    void aHullThatIsClosedAtOnceIsTheShock() {
        double before = trained.score(ALL, false);
        MultiLayerNetwork network = trained.clone();
        preset().hull(Nets.epsilon(0)).build().install(network);
        network.fit(PresetTest.TRAIN.get(0));
        assertThat(network.score(ALL, false)).isGreaterThan(3 * before);
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
    void allWeightsAreInTheHullWhenItHasClosed() {
        MultiLayerNetwork network = trained.clone();
        preset().build().install(network);
        InstalledParameter first = InstalledParameter.of(network).get(0);
        network.fit(PresetTest.iterator(PresetTest.TRAIN), 1);
        assertThat(beyond(first)).isGreaterThan(0.01);
        network.fit(PresetTest.iterator(PresetTest.TRAIN), EPOCHS / 4 + 1);
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

    @Test
    void beatsRounding() {
        for (int bits : new int[] {1, 2}) {
            Askew recipe = preset().grid(Grid.uniform(bits)).build();
            MultiLayerNetwork network = trained.clone();
            recipe.install(network);
            double rounded = accuracy(recipe, network);
            network.fit(PresetTest.iterator(PresetTest.TRAIN), EPOCHS);
            assertThat(accuracy(recipe, network)).as("%d bits", bits).isGreaterThan(rounded + 0.01);
        }
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
        assertThat(plan.settings()).anyMatch(line -> line.startsWith("hull: open hold 0.0, then linear over 100.0"));
        MultiLayerNetwork copy = NetworkCopy.of(network);
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
        Nets.closing().scale(Scale.mse()).hull(Nets.epsilon(1.5)).build().install(network);
        assertThatThrownBy(() -> Nets.fit(network, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 'hidden'")
                .hasMessageContaining("hull is 1.5; allowed is 0 to 1");
    }

    @Test
    void aProjectionLeavesNoHullToClose() {
        assertThat(preset().projection(GridConstraint.Mode.INTERVAL)
                        .build()
                        .install(Nets.mlp(new Sgd(0.1)))
                        .settings())
                .contains("projection INTERVAL")
                .noneMatch(line -> line.startsWith("hull"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> preset().projection(GridConstraint.Mode.INTERVAL)
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
