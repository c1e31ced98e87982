package io.github.dl4jaskew.internal.askewsgd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.AskewNets;
import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ConstrainedLayer;
import io.github.dl4jaskew.internal.install.ConstrainedParameter;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.StraightThrough;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.updater.AskewSgd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.Regularization;

/** The rule as a network trains with it. */
class SkewedStepTest {

    private static final double EPSILON = 0.3;
    private static final double RHO = 0.2;
    private static final double RATE = 0.5;
    private static final float TOLERANCE = 2e-6f;

    private static Askew.Builder recipe() {
        return Askew.builder()
                .grid(Grid.binary())
                .scale(Scale.fixed(0.7))
                .epsilon(Nets.epsilon(EPSILON))
                .restoringRate(RHO)
                .maxStep(0.1);
    }

    @ParameterizedTest
    @EnumSource
    void oneIterationIsTheRule(Stage stage) {
        MultiLayerNetwork free = Nets.mlp(new Sgd(RATE));
        MultiLayerNetwork network = Nets.mlp(new Sgd(RATE));
        recipe().stage(stage).build().install(network);
        float[] start = Nets.param(network, "0_W");
        Nets.fit(free, 1);
        Nets.fit(network, 1);
        float[] plain = Nets.param(free, "0_W");
        float[] skewed = Nets.param(network, "0_W");
        for (int i = 0; i < start.length; i++) {
            double t = start[i] / 0.7;
            double d = (plain[i] - start[i]) / 0.7;
            double expected = Math.max(-0.7, Math.min(0.7, start[i] + 0.7 * Interval.skew(t, d, EPSILON, RHO, 0.1)));
            assertThat((double) skewed[i]).isCloseTo(expected, within(1e-6));
        }
        assertThat(skewed).isNotEqualTo(plain);
        assertThat(Nets.param(network, "0_b")).isEqualTo(Nets.param(free, "0_b"));
        assertThat(Nets.param(network, "1_mean")).isEqualTo(Nets.param(free, "1_mean"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stagesAgreeForPlainSgd(boolean cells) {
        for (IUpdater updater : List.of(new Sgd(0.3), new AskewSgd(0.3))) {
            MultiLayerNetwork step = Nets.mlp(updater);
            MultiLayerNetwork gradient = Nets.mlp(updater);
            Askew.Builder recipe = recipe().scale(Scale.max().perChannel())
                    .learningRateUnit(cells ? LearningRateUnit.CELL : LearningRateUnit.WEIGHT);
            recipe.build().install(step);
            recipe.stage(Stage.GRADIENT).build().install(gradient);
            Nets.fit(step, 6);
            Nets.fit(gradient, 6);
            assertThat(Nets.params(gradient)).containsExactly(Nets.params(step), within(1e-4f));
            MultiLayerNetwork free = Nets.mlp(new Sgd(0.3));
            Nets.fit(free, 6);
            assertThat(Nets.param(step, "0_W")).isNotEqualTo(Nets.param(free, "0_W"));
        }
    }

    /** d' K >= min(|K|, m)^2 for every infeasible weight, whatever the updater proposes. */
    @Test
    void velocityBoundHoldsForEveryUpdater() {
        for (IUpdater updater : List.of(new Adam(0.05), new Nesterovs(0.2, 0.9), new AskewSgd(0.3, 0.9))) {
            for (double decay : new double[] {0, 0.5}) {
                MultiLayerNetwork network = Nets.init(conf(updater, decay));
                recipe().build().install(network);
                for (int i = 0; i < 10; i++) {
                    float[] before = Nets.param(network, "0_W");
                    Nets.fit(network, 1);
                    float[] after = Nets.param(network, "0_W");
                    for (int w = 0; w < before.length; w++) {
                        double t = before[w] / 0.7;
                        double k = Math.max(-0.1, Math.min(0.1, Interval.restoring(t, EPSILON, RHO)));
                        double moved = (after[w] - before[w]) / 0.7 * Math.signum(k);
                        assertThat(moved).isGreaterThanOrEqualTo(Math.min(Math.abs(k), 1 - Math.abs(t)) - TOLERANCE);
                        assertThat(Math.abs(after[w])).isLessThanOrEqualTo((float) 0.7 + TOLERANCE);
                    }
                }
            }
        }
    }

    @Test
    void weightDecayStillActsOnFeasibleWeights() {
        MultiLayerNetwork with = Nets.init(conf(new Sgd(0.1), 0.5));
        MultiLayerNetwork without = Nets.init(conf(new Sgd(0.1), 0));
        Askew loose = recipe().epsilon(Nets.epsilon(0.9)).build();
        loose.install(with);
        loose.install(without);
        Nets.fit(with, 3);
        Nets.fit(without, 3);
        assertThat(Nets.param(with, "0_W")).isNotEqualTo(Nets.param(without, "0_W"));
    }

    private static MultiLayerConfiguration conf(IUpdater updater, double decay) {
        return Nets.base(updater)
                .weightDecay(decay)
                .list()
                .layer(Nets.dense("hidden", Nets.IN, Nets.HIDDEN))
                .layer(Nets.output("output", Nets.HIDDEN, Nets.OUT))
                .build();
    }

    /** In units of the cell, training does not see the scale of a tensor that is normalized behind it. */
    @Test
    void cellUnitsMakeTrainingIndependentOfTheScale() {
        for (IUpdater updater : List.of(new Adam(0.2), new Sgd(2), new AskewSgd(1, 0.5))) {
            for (Stage stage : Stage.values()) {
                double[] small = trajectory(updater, stage, 0.25);
                double[] large = trajectory(updater, stage, 4);
                assertThat(small).containsExactly(large, within(2e-3));
                assertThat(small).isNotEqualTo(trajectory(updater, stage, null, 1));
            }
        }
    }

    private static double[] trajectory(IUpdater updater, Stage stage, double factor) {
        return trajectory(updater, stage, LearningRateUnit.CELL, factor);
    }

    private static double[] trajectory(IUpdater updater, Stage stage, LearningRateUnit unit, double factor) {
        MultiLayerNetwork network = Nets.init(Nets.base(updater)
                .list()
                .layer(new org.deeplearning4j.nn.conf.layers.DenseLayer.Builder()
                        .nIn(Nets.IN)
                        .nOut(Nets.HIDDEN)
                        .hasBias(false)
                        .activation(org.nd4j.linalg.activations.Activation.IDENTITY)
                        .build())
                // Its eps would be seen next to a small variance
                .layer(new BatchNormalization.Builder()
                        .nIn(Nets.HIDDEN)
                        .nOut(Nets.HIDDEN)
                        .eps(1e-12)
                        .build())
                .layer(Nets.output("output", Nets.HIDDEN, Nets.OUT))
                .build());
        INDArray weights = network.getLayer(0).getParam("W");
        weights.muli(factor);
        Askew.Builder builder =
                recipe().stage(stage).scale(Scale.max()).restoringRate(0.1).layers(Layers.named("layer0"));
        (unit == null ? builder : builder.learningRateUnit(unit)).build().install(network);
        double scale = InstalledParameter.of(network).get(0).grid().scale(0);
        Nets.fit(network, 5);
        double[] t = new double[(int) weights.length()];
        for (int i = 0; i < t.length; i++) {
            t[i] = weights.getDouble(i) / scale;
        }
        return t;
    }

    @Test
    void ownUpdaterLeavesTheRestToTheNetwork() {
        MultiLayerNetwork plain = Nets.mlp(new Adam(0.01));
        MultiLayerNetwork network = Nets.mlp(new Adam(0.01));
        recipe().updater(new Sgd(0.3))
                .learningRateUnit(LearningRateUnit.CELL)
                .layers(Layers.named("hidden"))
                .build()
                .install(network);
        Nets.fit(plain, 1);
        Nets.fit(network, 1);
        for (String same : List.of("0_b", "1_gamma", "1_beta", "1_mean", "1_log10stdev", "2_W", "2_b")) {
            assertThat(Nets.param(network, same)).as(same).isEqualTo(Nets.param(plain, same));
        }
        assertThat(Nets.param(network, "0_W")).isNotEqualTo(Nets.param(plain, "0_W"));
    }

    /** DL4J adds what is set on its global builder twice. */
    @Test
    void twiceIsOnce() {
        for (Stage stage : Stage.values()) {
            MultiLayerNetwork once = Nets.mlp(new Adam(0.05));
            MultiLayerNetwork twice = Nets.mlp(new Adam(0.05));
            Askew recipe = recipe().stage(stage).build();
            recipe.install(once);
            recipe.install(twice);
            for (int i : new int[] {0, 2}) {
                BaseLayer layer = (BaseLayer) twice.getLayer(i).conf().getLayer();
                List<Regularization> doubled = new ArrayList<>(layer.getRegularization());
                doubled.addAll(layer.getRegularization());
                layer.setRegularization(doubled);
            }
            Nets.fit(once, 8);
            Nets.fit(twice, 8);
            assertThat(Nets.params(twice)).containsExactly(Nets.params(once), within(1e-5f));
        }
    }

    @Test
    void noConstraintAtFirst() {
        MultiLayerNetwork plain = Nets.mlp(new Adam(0.01));
        MultiLayerNetwork network = Nets.mlp(new Adam(0.01));
        recipe().epsilon(Nets.epsilon(1)).scale(Scale.fixed(5)).build().install(network);
        Nets.fit(plain, 5);
        Nets.fit(network, 5);
        assertThat(Nets.params(network)).isEqualTo(Nets.params(plain));
    }

    @Test
    void noiseIsSeededAndOfTheGivenSize() {
        for (Stage stage : Stage.values()) {
            float[] quiet = noisy(stage, 0, 0);
            float[] noise = noisy(stage, 0.05, 1);
            assertThat(noisy(stage, 0.05, 1)).isEqualTo(noise);
            assertThat(noisy(stage, 0.05, 2)).isNotEqualTo(noise);
            double sum = 0;
            for (int i = 0; i < noise.length; i++) {
                sum += Math.pow((noise[i] - quiet[i]) / 5, 2);
            }
            assertThat(Math.sqrt(sum / noise.length)).isBetween(0.03, 0.07);
        }
    }

    /** Weights of a hidden layer after one step inside a hull that is far away. */
    private static float[] noisy(Stage stage, double deviation, long seed) {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        Askew.Builder builder = recipe().stage(stage).epsilon(Nets.epsilon(1)).scale(Scale.fixed(5));
        if (deviation > 0) {
            builder.perturbation(deviation, seed);
        }
        builder.build().install(network);
        Nets.fit(network, 1);
        return Nets.param(network, "0_W");
    }

    @Test
    void isAValue() {
        SkewedStep step = AskewNets.steps(installed()).get(0);
        SkewedStep same = AskewNets.steps(installed()).get(0);
        assertThat(step).isEqualTo(same).hasSameHashCodeAs(same).isEqualTo(step.clone());
        assertThat(step)
                .isNotEqualTo(InstalledParameter.of(installed()).get(1).step())
                .isNotEqualTo("step");
        assertThat(step.score(Nets.normal(1, 3), 0, 0)).isZero();
        assertThat(step.toString()).contains("hidden", "STEP");
        CellLearningRate rate = new CellLearningRate(step.layer(), 1);
        assertThat(rate)
                .isEqualTo(new CellLearningRate(step.layer(), 1))
                .hasSameHashCodeAs(new CellLearningRate(step.layer(), 1))
                .isEqualTo(rate.clone())
                .isNotEqualTo(new CellLearningRate(step.layer(), 2))
                .isNotEqualTo(step);
        assertThat(rate.score(Nets.normal(1, 3), 0, 0)).isZero();
    }

    private static MultiLayerNetwork installed() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        recipe().build().install(network);
        return network;
    }

    @Test
    void tellsParametersOfEqualLengthByTheirOffset() {
        ScaledGrid one = ScaledGrid.perTensor(Grid.binary(), 1);
        ScaledGrid two = ScaledGrid.perTensor(Grid.binary(), 2);
        ConstrainedLayer layer = new ConstrainedLayer(
                "layer",
                List.of(
                        new ConstrainedParameter("W", 0, 6, one),
                        new ConstrainedParameter("RW", 6, 6, two),
                        new ConstrainedParameter("Q", 12, 4, one)));
        INDArray all = Nets.normal(1, 40);
        assertThat(layer.parameterOf(slice(all, 6, 6)).name()).isEqualTo("RW");
        assertThat(layer.parameterOf(slice(all, 0, 6)).name()).isEqualTo("W");
        // Moved, as after transfer learning: its length is still unique
        assertThat(layer.parameterOf(slice(all, 20, 4)).name()).isEqualTo("Q");
        org.assertj.core.api.Assertions.assertThatIllegalStateException()
                .isThrownBy(() -> layer.parameterOf(slice(all, 20, 6)))
                .withMessageContaining("layer 'layer'")
                .withMessageContaining("install the recipe again on the network as it is now");
        org.assertj.core.api.Assertions.assertThatIllegalStateException()
                .isThrownBy(() -> layer.parameterOf(slice(all, 0, 5)));
    }

    private static INDArray slice(INDArray all, long from, long length) {
        return all.get(org.nd4j.linalg.indexing.NDArrayIndex.interval(from, from + length));
    }

    /** Float training has put no weight into an interval, whatever eps was meanwhile. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void crossingFindsTheWeightsFreeAtFirst(int delay) {
        ScaledGrid grid = Scale.fixed(1)
                .fit(Grid.binary(), new ArrayWeights(Nd4j.createFromArray(1.0, -1.0)), Channels.perTensor());
        ConstrainedLayer layer = new ConstrainedLayer("a", List.of(new ConstrainedParameter("W", 0, 2, grid)));
        SkewSettings skew = new SkewSettings(
                Annealing.hold(0).thenLinear(8).byIteration(),
                null,
                Stage.STEP,
                null,
                RHO,
                0.1,
                null,
                StraightThrough.NEVER,
                null,
                true);
        INDArray weights = Nd4j.createFromArray(0.5, -0.25);
        INDArray update = Nd4j.createFromArray(0.125, 0.125);
        QuantizationDelay delayed = delay == 0 ? null : new QuantizationDelay(delay, false, Map.of("W", grid));
        new SkewedStep(layer, skew, 0, null, delayed).apply(weights, update, 1, delay, 0);
        double width = 1 - Interval.tau(skew.epsilon().valueAt(delay, 0));
        assertThat(weights.sub(update).toDoubleVector())
                .containsExactly(new double[] {1 - (1 - 0.375) * width, -1 + (1 - 0.375) * width}, within(1e-12));
    }
}
