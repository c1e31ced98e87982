package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.baseline.BinaryConnect;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.ForwardWeights;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.internal.rule.LevelMap;
import io.github.dl4jaskew.internal.rule.SkewRule;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import io.github.dl4jaskew.testkit.LayerCase;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.testkit.SameDiffs;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;

/** Straight-through hold, weight noise and crossing, each against what its formula says. */
class AskewOptionsTest {

    private static final int HOLD = 5;

    static Stream<Grid> grids() {
        return Stream.of(Grid.binary(), Grid.ternary(), Grid.uniform(3), Grid.of(-1, -0.2, 0.1, 1));
    }

    private static Askew.Builder recipe(Grid grid) {
        return Askew.builder()
                .grid(grid)
                .epsilon(Annealing.hold(HOLD).thenLinear(20).byIteration())
                .updater(new Adam(0.2))
                .learningRateUnit(LearningRateUnit.CELL);
    }

    private static INDArray seen(MultiLayerNetwork network, int layer, int iteration, boolean train) {
        IWeightNoise noise = ((BaseLayer) network.getLayer(layer).conf().getLayer()).getWeightNoise();
        return noise.getParameter(network.getLayer(layer), "W", iteration, 0, train, LayerWorkspaceMgr.noWorkspaces());
    }

    @ParameterizedTest
    @MethodSource("grids")
    void straightThroughHoldIsBinaryConnectAndThenAskewSgd(Grid grid) {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        recipe(grid).straightThroughHold().build().install(network);
        MultiLayerNetwork binaryConnect = Nets.mlp(new Sgd(0.1));
        BinaryConnect.builder().grid(grid).updater(new Adam(0.2)).build().install(binaryConnect);
        MultiLayerNetwork plain = Nets.mlp(new Sgd(0.1));
        recipe(grid).build().install(plain);

        Nets.fit(network, HOLD + 1);
        Nets.fit(binaryConnect, HOLD + 1);
        assertThat(Nets.params(network)).isEqualTo(Nets.params(binaryConnect));
        assertThat(network.output(Nets.data().getFeatures()))
                .isNotEqualTo(binaryConnect.output(Nets.data().getFeatures()));

        Nets.fit(plain, HOLD + 1);
        plain.params().assign(network.params());
        plain.getUpdater().getStateViewArray().assign(network.getUpdater().getStateViewArray());
        Nets.fit(network, 6);
        Nets.fit(plain, 6);
        assertThat(Nets.params(network)).isEqualTo(Nets.params(plain));
    }

    @Test
    void inferenceSeesLevelsInAStraightThroughHoldAndWeightsAfterIt() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        Askew askew =
                recipe(Grid.binary()).straightThroughHold().weightNoise(0.2, 1).build();
        askew.install(network);
        Nets.fit(network, 2);
        INDArray features = Nets.data().getFeatures();
        assertThat(network.output(features)).isEqualTo(askew.quantize(network).output(features));
        Nets.fit(network, HOLD);
        INDArray output = network.output(features);
        Askew.uninstall(network);
        assertThat(network.output(features)).isEqualTo(output);
    }

    @ParameterizedTest
    @MethodSource("grids")
    void noiseIsAsWideAsTheIntervals(Grid grid) {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        recipe(grid).weightNoise(0.25, 9).build().install(network);
        InstalledParameter p = InstalledParameter.of(network).get(1);
        assertThat(p.id().layer()).isEqualTo("output");
        float[] w = p.weights().dup(p.weights().ordering()).data().asFloat();
        for (int iteration : new int[] {0, HOLD, HOLD + 7, HOLD + 20}) {
            double eps = Math.min(1, 1 - (iteration - HOLD) / 20.0);
            double deviation = 0.25 * (1 - Math.sqrt(1 - Math.sqrt(eps)));
            RandomGenerator random = new SplittableRandom(ForwardWeights.seedOf(9, "output/W", iteration));
            INDArray seen = seen(network, 2, iteration, true);
            float[] x = seen.dup(p.weights().ordering()).data().asFloat();
            for (int i = 0; i < w.length; i++) {
                assertThat(x[i]).isEqualTo((float)
                        (w[i] + deviation * SkewRule.meanHalfCell(p.grid(), 0) * random.nextGaussian()));
            }
            assertThat(seen(network, 2, iteration, false)).isSameAs(p.weights());
        }
        assertThat(seen(network, 2, HOLD, true)).isNotEqualTo(seen(network, 2, HOLD - 1, true));
    }

    @Test
    void noiseOfAStraightThroughHoldIsAddedToTheLevels() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        recipe(Grid.ternary())
                .straightThroughHold()
                .weightNoise(0.25, 9)
                .build()
                .install(network);
        InstalledParameter p = InstalledParameter.of(network).get(0);
        INDArray wanted = p.weights().dup(p.weights().ordering());
        LevelMap.nearest(p.grid(), wanted, wanted);
        assertThat(seen(network, 0, 3, false)).isEqualTo(wanted);
        LevelMap.addNoise(p.grid(), wanted, wanted, 0.25, ForwardWeights.seedOf(9, "hidden/W", 3));
        assertThat(seen(network, 0, 3, true)).isEqualTo(wanted);
    }

    @Test
    void noiseChangesWhatTrainingFindsAndFollowsTheSeed() {
        List<float[]> ends = Stream.of(1L, 1L, 2L)
                .map(seed -> {
                    MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
                    recipe(Grid.binary()).weightNoise(0.2, seed).build().install(network);
                    Nets.fit(network, 4);
                    return Nets.params(network);
                })
                .toList();
        assertThat(ends.get(0)).isEqualTo(ends.get(1)).isNotEqualTo(ends.get(2));
    }

    /** BinaryRelax, with a clip to the hull: y is trained with the gradients of its blend, in plain Java. */
    @ParameterizedTest
    @MethodSource("grids")
    void crossingTrainsTheLatentWeightsOfBinaryRelax(Grid grid) {
        ISchedule epsilon = Annealing.hold(2).thenExponential(0.02, 30).byIteration();
        // in units of the cell steps are as the square of its width: the same for all grids
        double rate = 20 * Math.pow(grid.size() - 1, 2);
        MultiLayerNetwork crossing = SameDiffs.network(new Sgd(1)).convertDataType(DataType.DOUBLE);
        crossing.params().muli(0.3);
        MultiLayerNetwork relaxed = crossing.clone();
        recipe(grid).epsilon(epsilon).updater(new Sgd(rate)).crossing().build().install(crossing);
        List<InstalledParameter> parameters = InstalledParameter.of(crossing);
        INDArray[] y = parameters.stream().map(p -> p.weights().dup('f')).toArray(INDArray[]::new);
        int crossed = 0;
        for (int k = 0; k < 25; k++) {
            // the network computes with what the step before has left
            double tau = k == 0 ? 0 : Interval.tau(epsilon.valueAt(k - 1, 0));
            relaxed.params().assign(crossing.params());
            for (int i = 0; i < y.length; i++) {
                INDArray weights = relaxed.getLayer(i).getParam("W");
                LevelMap.relax(parameters.get(i).grid(), y[i], weights, tau / (1 - tau));
                assertThat(weights.distance2(parameters.get(i).weights())).isLessThan(1e-9);
            }
            DataSet data = new DataSet(
                    Nets.normal(k, 12, Nets.IN).castTo(DataType.DOUBLE),
                    Nets.oneHot(k, 12, Nets.OUT).castTo(DataType.DOUBLE));
            INDArray[] before = Stream.of(0, 1)
                    .map(i -> relaxed.getLayer(i).getParam("W").dup('f'))
                    .toArray(INDArray[]::new);
            relaxed.fit(data);
            for (int i = 0; i < y.length; i++) {
                ScaledGrid g = parameters.get(i).grid();
                double half = SkewRule.meanHalfCell(g, 0);
                INDArray gradient = before[i].subi(relaxed.getLayer(i).getParam("W"));
                double low = g.level(0, 0);
                double high = g.level(0, grid.size() - 1);
                for (long e = 0; e < y[i].length(); e++) {
                    double old = y[i].getDouble(e);
                    double moved = old - rate * half * half * gradient.getDouble(e);
                    moved = Math.max(low, Math.min(high, moved));
                    y[i].putScalar(e, moved);
                    crossed += g.code(0, old) != g.code(0, moved) ? 1 : 0;
                }
            }
            crossing.fit(data);
        }
        assertThat(crossed).isPositive();
    }

    @Test
    void crossingLeavesNoWeightOutsideItsInterval() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        recipe(Grid.ternary()).crossing().build().install(network);
        AskewListener listener = new AskewListener(1);
        network.setListeners(listener);
        Nets.fit(network, HOLD + 15);
        int last = network.getIterationCount() - 1;
        assertThat(listener.report(network, last, 0).total().maxDistance())
                .isLessThanOrEqualTo(1 - Interval.tau(1 - (last - HOLD) / 20.0) + 1e-5);
    }

    @Test
    void crossingInAGraphMovesEachVariableByTheFormula() {
        SameDiff graph = SameDiff.create();
        SDVariable in = graph.placeHolder("in", DataType.DOUBLE, 4, 5);
        SDVariable labels = graph.placeHolder("labels", DataType.DOUBLE, 4, 5);
        SDVariable w = graph.var("w", Nets.normal(1, 4, 5).castTo(DataType.DOUBLE));
        w.mul(in).add(labels).sum("loss");
        graph.setLossVariables("loss");
        graph.setTrainingConfig(SameDiffs.config(new Sgd(1)).build());
        ISchedule epsilon = Annealing.hold(1).thenLinear(8).byIteration();
        AskewPlan plan = Askew.builder()
                .epsilon(epsilon)
                .crossing()
                .updater(new Sgd(0.25))
                .build()
                .install(graph);
        double s = plan.constrained().get(0).grid().scale(0);
        double[] t = SameDiffs.array(graph, "w").dup('c').data().asDouble();
        double before = 0;
        for (int k = 0; k < 6; k++) {
            INDArray data = Nets.normal(10 + k, 4, 5).castTo(DataType.DOUBLE);
            graph.fit(new DataSet(data, data));
            double tau = Interval.tau(epsilon.valueAt(k, 0));
            for (int i = 0; i < t.length; i++) {
                // in the first iteration weights may be beyond the hull, which the step clips
                double start = k == 0 ? t[i] / s : t[i];
                double d = -0.25 * data.getDouble(i) / s;
                t[i] = k == 0 ? Math.max(-1, Math.min(1, start + d)) : Interval.cross(start, d, before, tau);
                assertThat(SameDiffs.array(graph, "w").getDouble(i) / s).isEqualTo(t[i], within(1e-9));
            }
            before = tau;
        }
    }

    @Test
    void theForwardPassOfAGraphCannotBeChanged() {
        for (Askew.Builder builder : List.of(
                recipe(Grid.binary()).straightThroughHold(),
                recipe(Grid.binary()).weightNoise(0.1, 1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.build().install(SameDiffs.of(new Sgd(0.1))))
                    .withMessageContaining("straightThrough and weightNoise");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyLayerIsConstrainedAndThePlanSaysWhereTheForwardPassStays(LayerCase type) {
        MultiLayerNetwork network = Nets.init(type.configuration(new Sgd(0.01), Activation.TANH));
        String before = Nets.configuration(network);
        AskewPlan plain = recipe(Grid.ternary()).build().plan(network);
        AskewPlan plan = recipe(Grid.ternary()).straightThroughHold().build().install(network);
        assertThat(plan.constrained()).isEqualTo(plain.constrained());
        boolean skipped = BinaryConnect.builder()
                .grid(Grid.ternary())
                .build()
                .plan(Nets.init(type.configuration(new Sgd(0.01), Activation.TANH)))
                .toString()
                .contains("has no weight noise");
        assertThat(plan.warnings().stream().anyMatch(line -> line.contains("without straightThrough")))
                .isEqualTo(skipped);
        Askew.uninstall(network);
        Nets.requireSameConfiguration(network, before);
    }

    @Test
    void anotherWeightNoiseIsRefused() {
        MultiLayerNetwork network = Nets.init(Nets.base(new Sgd(0.1))
                .weightNoise(new DropConnect(0.5))
                .list()
                .layer(Nets.dense("hidden", Nets.IN, Nets.HIDDEN))
                .layer(Nets.output("output", Nets.HIDDEN, Nets.OUT))
                .build());
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> recipe(Grid.binary()).weightNoise(0.1, 1).build().install(network))
                .withMessageContaining("'hidden' has a weight noise already");
    }

    @Test
    void refusesWhatDoesNotGoTogether() {
        for (double deviation : new double[] {0, -1, 1.5, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> recipe(Grid.binary()).weightNoise(deviation, 1))
                    .withMessageContaining("weightNoise is " + deviation);
        }
        requireRefused(recipe(Grid.binary()).alpha(0.1), "alpha is 0.1");
        requireRefused(recipe(Grid.binary()).restoringRate(0.1), "restoringRate is 0.1");
        requireRefused(recipe(Grid.binary()).maxStep(0.1), "maxStep is 0.1");
        requireRefused(recipe(Grid.binary()).projection(ProjectionMode.HULL), "projection is HULL");
        requireRefused(recipe(Grid.binary()).stage(Stage.GRADIENT), "stage is GRADIENT");
        requireRefused(recipe(Grid.binary()).epsilon(Annealing.hold(2).thenLinear(3)), "crossing needs the eps");
        requireRefused(recipe(Grid.binary()).epsilon(new PlateauAnnealing(0.5)), "crossing needs the eps");
    }

    private static void requireRefused(Askew.Builder builder, String message) {
        builder.build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.crossing().build())
                .withMessageContaining(message);
    }

    @Test
    void thePlanNamesThem() {
        Askew askew = recipe(Grid.binary())
                .straightThroughHold()
                .weightNoise(0.15, 3)
                .crossing()
                .build();
        assertThat(askew.plan(Nets.mlp(new Sgd(0.1))).settings())
                .contains("stage STEP, crossing: weights are carried along with their intervals")
                .contains(
                        "forward pass: nearest levels while eps is 1 (straight-through), noise of 0.15 half cells, seed 3");
        assertThat(recipe(Grid.binary()).build().toString()).doesNotContain("crossing", "forward pass");
    }
}
