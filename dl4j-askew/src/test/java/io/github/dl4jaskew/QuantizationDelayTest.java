package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.install.GridStep;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.plan.StraightThrough;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import io.github.dl4jaskew.testkit.CapturedLog;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.testkit.Paired;
import io.github.dl4jaskew.testkit.SameDiffs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.linalg.schedule.ScheduleType;

/** Float training in front, and what begins behind it. */
class QuantizationDelayTest {

    private static final int DELAY = 4;
    private static final IUpdater ADAM = new Adam(0.01);

    /** What a user may set to which the delay of a preset gives way. */
    private static final List<UnaryOperator<Askew.Builder>> WITHOUT_PRESET_DELAY = List.of(
            b -> b.quantizationDelay(0),
            b -> b.updater(ADAM),
            b -> b.scale(Scale.unit()),
            b -> b.stage(Stage.GRADIENT),
            b -> b.initialScale(0.1),
            b -> b.projection(ProjectionMode.HULL),
            b -> b.straightThrough(StraightThrough.NEVER));

    private static Askew.Builder recipe() {
        return Askew.builder()
                .grid(Grid.ternary())
                .scale(Scale.mse().perChannel())
                .epsilon(Annealing.hold(8).thenLinear(4).byIteration())
                .straightThrough(StraightThrough.ALWAYS)
                .updater(new Sgd(Nets.resting(0.02)))
                .learningRateUnit(LearningRateUnit.CELL)
                .quantizationDelay(DELAY);
    }

    /** What DL4J trains here is a copy of what is in the wrapper. */
    private static MultiLayerNetwork wrapped() {
        return Nets.init(Nets.base(ADAM)
                .list()
                .layer(new LastTimeStep(new LSTM.Builder().nOut(4).build()))
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(3))
                .build());
    }

    private static DataSet sequences() {
        return new DataSet(Nets.normal(5, 6, 3, 7), Nets.normal(6, 6, 2));
    }

    private static void fit(MultiLayerNetwork network, DataSet data, int iterations) {
        for (int i = 0; i < iterations; i++) {
            network.fit(data);
        }
    }

    private static MultiLayerNetwork restored(MultiLayerNetwork network) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, true);
        return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes.toByteArray()), true);
    }

    @Test
    void trainsInFloatFirst() {
        MultiLayerNetwork free = Nets.mlp(ADAM);
        MultiLayerNetwork network = Nets.mlp(ADAM);
        AskewPlan plan = recipe().build().install(network);
        assertThat(plan.settings())
                .contains("quantization delay: float for 4 iterations, then scales of least squared error");
        for (int i = 0; i < DELAY; i++) {
            Nets.fit(free, 1);
            Nets.fit(network, 1);
            assertThat(Nets.params(network)).isEqualTo(Nets.params(free));
            assertThat(network.output(Nets.data().getFeatures()))
                    .as("before anything is quantized inference is that of the float network")
                    .isEqualTo(i < DELAY - 1 ? free.output(Nets.data().getFeatures()) : quantized(network));
        }
        Nets.fit(free, 1);
        Nets.fit(network, 1);
        assertThat(Nets.params(network)).isNotEqualTo(Nets.params(free));
    }

    private static INDArray quantized(MultiLayerNetwork network) {
        return recipe().build()
                .quantize(network)
                .toMultiLayerNetwork()
                .output(Nets.data().getFeatures());
    }

    @Test
    void thenEstimatesTheScalesAgain() {
        MultiLayerNetwork network = Nets.mlp(ADAM);
        recipe().build().install(network);
        List<ScaledGrid> first = InstalledParameter.of(network).stream()
                .map(InstalledParameter::grid)
                .toList();
        Nets.fit(network, DELAY);
        List<ScaledGrid> due = InstalledParameter.of(network.clone()).stream()
                .map(p -> Scale.mse()
                        .perChannel()
                        .fit(
                                p.grid().grid(),
                                new ArrayWeights(p.weights()),
                                p.grid().channels()))
                .toList();
        Nets.fit(network, 3);
        assertThat(InstalledParameter.of(network))
                .extracting(InstalledParameter::grid)
                .isEqualTo(due)
                .doesNotContainAnyElementsOf(first);
    }

    @Test
    void endsOnTheLevels() {
        MultiLayerNetwork network = Nets.mlp(ADAM);
        Askew askew = recipe().build();
        askew.install(network);
        Nets.fit(network, 120);
        float[] before = Nets.param(network, "0_W");
        QuantizedModel model = askew.quantize(network);
        assertThat(model.warnings()).noneSatisfy(w -> assertThat(w).contains("float"));
        assertThat(Nets.param(model.toMultiLayerNetwork(), "0_W")).containsExactly(before, offset(1e-6f));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 9})
    void goesOnAfterSavingAnywhere(int saved) throws IOException {
        for (boolean wrapper : new boolean[] {false, true}) {
            DataSet data = wrapper ? sequences() : Nets.data();
            MultiLayerNetwork whole = wrapper ? wrapped() : Nets.mlp(ADAM);
            recipe().build().install(whole);
            fit(whole, data, saved);
            MultiLayerNetwork second = restored(whole);
            assertThat(second.output(data.getFeatures())).isEqualTo(whole.output(data.getFeatures()));
            fit(whole, data, 12 - saved);
            fit(second, data, 12 - saved);
            assertThat(Nets.params(second)).isEqualTo(Nets.params(whole));
            assertThat(second.output(data.getFeatures())).isEqualTo(whole.output(data.getFeatures()));
            assertThat(restored(second).output(data.getFeatures())).isEqualTo(whole.output(data.getFeatures()));
        }
    }

    /** Whoever looks first estimates the scales, from the same weights. */
    @Test
    void reportsChangeNothing() {
        MultiLayerNetwork alone = wrapped();
        MultiLayerNetwork watched = wrapped();
        for (MultiLayerNetwork network : List.of(alone, watched)) {
            recipe().build().install(network);
        }
        watched.setListeners(new AskewListener(1));
        fit(alone, sequences(), 12);
        for (int i = 0; i < 12; i++) {
            fit(watched, sequences(), 1);
            watched.output(sequences().getFeatures());
        }
        assertThat(Nets.params(watched)).isEqualTo(Nets.params(alone));
    }

    /** DL4J's copies share what the forward pass sees. */
    @Test
    void copiesAreIndependent() {
        MultiLayerNetwork alone = Nets.mlp(ADAM);
        MultiLayerNetwork copied = Nets.mlp(ADAM);
        for (MultiLayerNetwork network : List.of(alone, copied)) {
            recipe().build().install(network);
            Nets.fit(network, 2);
        }
        MultiLayerNetwork copy = copied.clone();
        fit(copy, Nets.data(99, 12), 9);
        MultiLayerNetwork kept = copied.clone();
        INDArray before = kept.output(Nets.data().getFeatures());
        Nets.fit(alone, 9);
        Nets.fit(copied, 9);
        assertThat(Nets.params(copied)).isEqualTo(Nets.params(alone));
        assertThat(kept.output(Nets.data().getFeatures())).isEqualTo(before);
    }

    /** DL4J's clone() shares what a wrapper wraps: what is saved of it could be only one network's. */
    @Test
    void copiesOfWrappedLayersAreWarnedOf() throws IOException {
        MultiLayerNetwork alone = wrapped();
        MultiLayerNetwork copied = wrapped();
        for (MultiLayerNetwork network : List.of(alone, copied)) {
            recipe().build().install(network);
            fit(network, sequences(), 2);
        }
        DataSet other = new DataSet(Nets.normal(8, 6, 3, 7), Nets.normal(9, 6, 2));
        try (CapturedLog log = CapturedLog.warningsOf("io.github.dl4jaskew.internal.askewsgd.QuantizationDelay")) {
            fit(restored(copied), other, 9);
            fit(copied, sequences(), 9);
            fit(alone, sequences(), 9);
            assertThat(Nets.params(copied)).isEqualTo(Nets.params(alone));
            assertThat(log.lines()).as("a copy that shares nothing").isEmpty();
            fit(copied.clone(), other, 1);
            assertThat(log.lines())
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("layer 'layer0', parameter '")
                            && line.endsWith(
                                    "': another network than before trains with this quantization delay, which a"
                                            + " clone() of a network shares where a wrapper such as LastTimeStep wraps the layer;"
                                            + " the levels of both will be those of the one that trains last. Copy such a network by"
                                            + " ModelSerializer"));
        }
    }

    @Test
    void iterationsThatBeginAnewAreDelayedAnew() {
        MultiLayerNetwork network = Nets.mlp(ADAM);
        recipe().build().install(network);
        Nets.fit(network, 12);
        MultiLayerNetwork transferred = new TransferLearning.Builder(network).build();
        assertThat(transferred.getIterationCount()).isZero();
        assertThat(transferred.output(Nets.data().getFeatures()))
                .as("inference sees the levels until training begins anew")
                .isEqualTo(network.output(Nets.data().getFeatures()));
        List<ScaledGrid> before = InstalledParameter.of(transferred).stream()
                .map(InstalledParameter::grid)
                .toList();
        fit(transferred, Nets.data(99, 12), 1);
        MultiLayerNetwork free = transferred.clone();
        Askew.uninstall(free);
        assertThat(transferred.output(Nets.data().getFeatures()))
                .isEqualTo(free.output(Nets.data().getFeatures()));
        fit(transferred, Nets.data(99, 12), DELAY);
        assertThat(InstalledParameter.of(transferred))
                .extracting(InstalledParameter::grid)
                .doesNotContainAnyElementsOf(before);
    }

    /** DL4J's clone of a graph drops the iteration count; early stopping keeps its best graph so. */
    @Test
    void aCopyOfAGraphBehindTheDelayIsQuantized() {
        ComputationGraph graph = Nets.graph(ADAM);
        Askew askew = recipe().build();
        askew.install(graph);
        Nets.fit(graph, 120);
        ComputationGraph copy = graph.clone();
        assertThat(copy.getConfiguration().getIterationCount()).isZero();
        INDArray[] features = Nets.graphData(7).getFeatures();
        assertThat(copy.output(features)).isEqualTo(graph.output(features));
        assertThat(askew.quantize(copy).toComputationGraph().output(features))
                .isEqualTo(askew.quantize(graph).toComputationGraph().output(features));
        assertThat(askew.quantize(copy).warnings()).noneMatch(w -> w.contains("float"));
        assertThat(new AskewListener().report(copy, 0, 0).total().maxDistance())
                .isEqualTo(new AskewListener().report(graph, 120, 0).total().maxDistance());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 7})
    void aGraphGoesOnAfterSavingAnywhere(int saved) throws IOException {
        ComputationGraph whole = Nets.graph(ADAM);
        Askew askew = recipe().build();
        askew.install(whole);
        Nets.fit(whole, saved);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(whole, bytes, true);
        ComputationGraph second =
                ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(bytes.toByteArray()), true);
        assertThat(second.getConfiguration()).isEqualTo(whole.getConfiguration());
        Nets.fit(whole, 12 - saved);
        Nets.fit(second, 12 - saved);
        assertThat(Nets.params(second)).isEqualTo(Nets.params(whole));
        assertThat(InstalledParameter.of(second))
                .extracting(p -> p.id() + " " + p.grid())
                .isEqualTo(InstalledParameter.of(whole).stream()
                        .map(p -> p.id() + " " + p.grid())
                        .toList());
        assertThat(Nets.params(askew.quantize(second).toComputationGraph()))
                .isEqualTo(Nets.params(askew.quantize(whole).toComputationGraph()));
    }

    @Test
    void aRestoredStepIsTheSameStep() throws IOException {
        MultiLayerNetwork network = Nets.mlp(ADAM);
        recipe().build().install(network);
        for (int i = 0; i < DELAY + 2; i++) {
            Nets.fit(network, 1);
            assertThat(restored(network).getLayerWiseConfigurations())
                    .as("after iteration %d", i)
                    .isEqualTo(network.getLayerWiseConfigurations());
            GridStep step = InstalledParameter.of(network).get(0).step();
            assertThat(step.clone()).isEqualTo(step).hasSameHashCodeAs(step);
            assertThat(step.layer()).as("computed once").isSameAs(step.layer());
        }
    }

    /** alpha times the network's rate is no restoring rate of anything. */
    @Test
    void alphaIsNotForTheFloatPhase() {
        MultiLayerNetwork free = Nets.mlp(new Sgd(0.5));
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.5));
        recipe().alpha(10).build().install(network);
        Nets.fit(free, DELAY);
        Nets.fit(network, DELAY);
        assertThat(Nets.params(network)).isEqualTo(Nets.params(free));
        Nets.fit(network, 2);
        assertThat(network.params().sumNumber().doubleValue()).isFinite();
    }

    /** DL4J asks for the rate of whoever has one, such as for weight decay. */
    @Test
    void oneUpdaterMayHaveNoLearningRate() {
        for (IUpdater first : List.of(new AdaDelta(), ADAM)) {
            MultiLayerNetwork network = Nets.init(Nets.base(first)
                    .weightDecay(0.01)
                    .list()
                    .layer(Nets.dense("hidden", Nets.IN, Nets.HIDDEN))
                    .layer(Nets.output("output", Nets.HIDDEN, Nets.OUT))
                    .build());
            recipe().updater(first.equals(ADAM) ? new AdaDelta() : ADAM)
                    .learningRateUnit(LearningRateUnit.WEIGHT)
                    .build()
                    .install(network);
            Nets.fit(network, 8);
            assertThat(network.params().sumNumber().doubleValue()).isFinite();
        }
    }

    @Test
    void roundingTooEarlyIsSaid() {
        MultiLayerNetwork network = Nets.mlp(ADAM);
        Askew askew = recipe().build();
        askew.install(network);
        Nets.fit(network, 3);
        assertThat(askew.quantize(network).warnings())
                .anySatisfy(w -> assertThat(w).contains("still trained in float: 3 of the 4 iterations"));
        MultiLayerNetwork mixed = normalized(Nets.output("output", 4, 3));
        Askew scratch = Askew.fromScratch(5, 80).build();
        scratch.install(mixed);
        fit(mixed, new DataSet(Nets.normal(1, 6, 3), Nets.oneHot(2, 6, 3)), 3);
        assertThat(scratch.quantize(mixed).warnings())
                .as("though the intervals of the first layer are open too")
                .anySatisfy(w -> assertThat(w).contains("still trained in float: 3 of the 200 iterations"));
    }

    @Test
    void refusesWhatHasNoFloatTraining() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe().quantizationDelay(-1))
                .withMessage("quantizationDelay is -1 iterations; allowed is 0 (none) and above");
        for (UnaryOperator<Askew.Builder> change : List.<UnaryOperator<Askew.Builder>>of(
                b -> b.scale(Scale.fixed(1)), b -> b.stage(Stage.GRADIENT), b -> b.projection(ProjectionMode.HULL))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> change.apply(recipe()).build())
                    .withMessageStartingWith("quantizationDelay ");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        recipe().straightThrough(StraightThrough.NEVER).build().install(SameDiffs.of(new Sgd(0.1))))
                .withMessageContaining("quantizationDelay is for networks of layers");
        assertThatIllegalArgumentException()
                .as("a preset's delay is not what is in the way")
                .isThrownBy(() -> Askew.fromTrained(2, 500)
                        .straightThrough(StraightThrough.ALWAYS)
                        .build()
                        .install(SameDiffs.of(new Sgd(0.1))))
                .withMessageContaining("straightThrough and weightNoise");
    }

    @Test
    void fromScratchDelaysLayersWhoseScaleNoBatchNormTakesOut() {
        MultiLayerNetwork network = normalized(Nets.output("output", 4, 3));
        assertThat(Askew.fromScratch(5, 80).build().install(network).settings())
                .contains(
                        "quantization delay: float for 200 iterations, then scales of least squared error per channel,"
                                + " in layers without batch norm");
        assertThat(delayed(network)).containsExactly(false, true);
        for (UnaryOperator<Askew.Builder> change : WITHOUT_PRESET_DELAY) {
            MultiLayerNetwork other = Nets.mlp(ADAM);
            change.apply(Askew.fromScratch(5, 80)).build().install(other);
            assertThat(delayed(other)).containsOnly(false);
        }
    }

    /** Updaters, scale and hull are those of the layer's delay, and a reason is given where it is true alone. */
    @Test
    void thePlanSaysWhatEachLayerIsTrainedBy() {
        String closing = "(1.0E-4) over 10.0 by iteration";
        String delayed = "float for 200 iterations by Adam(learningRateSchedule=cosine from " + 0.05 * Math.sqrt(1.5)
                + " to 0 over 392.0 by ITERATION, beta1=0.9, beta2=0.999, epsilon=1.0E-8)"
                + ", then Adam(learningRateSchedule=cosine from " + 0.05 * Math.sqrt(3)
                + " to 0 over 192.0 by ITERATION, beta1=0.9, beta2=0.999, epsilon=1.0E-8), learning rate per CELL,"
                + " scale mse per channel, hull open hold 200.0, then linear over 50.0 by iteration";
        MultiLayerNetwork plain = Nets.of(ADAM, Nets.dense("hidden", 4, 5), Nets.output("output", 5, 3));
        assertThat(Askew.fromScratch(5, 80).build().plan(plain).settings())
                .containsExactly(
                        "eps: hold 390.0, then exponential" + closing,
                        "stage STEP, restoring rate 1.0, at most 0.25 half cells a step",
                        "forward pass: nearest levels (straight-through)",
                        "quantization delay: float for 200 iterations, then scales of least squared error per channel,"
                                + " in layers without batch norm",
                        "layer 'hidden': " + delayed,
                        "layer 'output': " + delayed);
        assertThat(Askew.fromScratch(5, 80)
                        .build()
                        .plan(normalized(Nets.output("output", 4, 3)))
                        .settings())
                .filteredOn(line -> line.startsWith("layer '") || line.startsWith("scale") || line.startsWith("hull"))
                .containsExactly(
                        "scale: mse",
                        "layer 'layer0': batch norm takes out its scale; Adam(learningRateSchedule=cosine from"
                                + " 0.03 to 0 over 392.0 by ITERATION, beta1=0.9, beta2=0.999,"
                                + " epsilon=1.0E-8), learning rate per CELL",
                        "layer 'output': " + delayed);
        assertThat(recipe().build().plan(plain).settings())
                .contains("layer 'output': float for 4 iterations by " + ADAM + ", then "
                        + new Sgd(Nets.resting(0.02)).toString().replace("learningRate=NaN, ", "")
                        + ", learning rate per CELL, scale mse per channel");
        Askew withoutUpdater = Askew.builder()
                .epsilon(Annealing.hold(8).thenLinear(4).byIteration())
                .quantizationDelay(DELAY)
                .build();
        assertThat(withoutUpdater.plan(plain).settings())
                .contains("layer 'output': float for 4 iterations by " + ADAM
                        + ", then on with it, learning rate per WEIGHT, scale mse");
    }

    @Test
    void anUpdaterThatHardlyTrainsInFloatIsWarnedOf() {
        String end = " in the 4 iterations of the quantization delay, which the network's own updater trains in float;"
                + " give the network one such as Adam(1e-3), or set quantizationDelay(0)";
        Map<IUpdater, String> idle = Map.of(
                new Sgd(), "Sgd at a learning rate of 0.001 hardly moves the weights",
                new Sgd(5e-4), "Sgd at a learning rate of 5.0E-4 hardly moves the weights",
                new Adam(0), "Adam at a learning rate of 0 moves no weight",
                new NoOp(), "NoOp moves no weight");
        idle.forEach((updater, what) -> {
            MultiLayerNetwork network = Nets.of(updater, Nets.output("output", 4, 3));
            assertThat(recipe().build().plan(network).warnings()).containsExactly("layer 'output': " + what + end);
            assertThat(recipe().quantizationDelay(0).build().plan(network).warnings())
                    .isEmpty();
            assertThat(Askew.fromScratch(5, 80).build().plan(network).warnings())
                    .as("which trains in float by an updater of its own")
                    .isEmpty();
        });
        for (IUpdater updater : List.of(ADAM, new Sgd(0.01), new AdaDelta(), new Sgd(Nets.resting(0.1)))) {
            MultiLayerNetwork network = Nets.of(updater, Nets.output("output", 4, 3));
            assertThat(recipe().build().plan(network).warnings()).isEmpty();
        }
    }

    @Test
    void aScheduleByEpochBehindTheDelayIsWarnedOf() {
        MultiLayerNetwork network = Nets.of(ADAM, Nets.output("output", 4, 3));
        assertThat(recipe().updater(new Sgd(new CosineSchedule(ScheduleType.EPOCH, 0.1, 10)))
                        .build()
                        .plan(network)
                        .warnings())
                .containsExactly(
                        "layer 'output': the learning rate of Sgd follows a schedule by epoch, which does not begin"
                                + " anew behind the quantization delay, as one by iteration does; let it begin at the epoch in"
                                + " which iteration 4 is, or schedule by iteration");
        assertThat(recipe().build().plan(network).warnings()).isEmpty();
    }

    /** The rate of the float phase is no rate in half cells, nor the other way about. */
    @Test
    void aLearningRateIsSetForThePhase() throws IOException {
        MultiLayerNetwork network = Nets.mlp(ADAM);
        recipe().updater(new Adam(0.3)).build().install(network);
        network.setLearningRate(0.02);
        assertThat(rates(network)).containsExactly(0.02, 0.3);
        Nets.fit(network, DELAY - 1);
        network.setLearningRate(0.03);
        assertThat(rates(network)).containsExactly(0.03, 0.3);
        Nets.fit(network, 1);
        MultiLayerNetwork resumed = restored(network);
        resumed.setLearningRate(0.2);
        assertThat(rates(resumed)).containsExactly(0.03, 0.2);
        Nets.fit(network, 1);
        network.setLearningRate(0.1);
        assertThat(rates(network)).containsExactly(0.03, 0.1);
    }

    /** Of the float phase, and behind the delay. */
    private static List<Double> rates(MultiLayerNetwork network) {
        IUpdater updater = ((BaseLayer) network.getLayer(0).conf().getLayer()).getIUpdater();
        return List.of(updater.getLearningRate(0, 0), updater.getLearningRate(DELAY, 0));
    }

    @Test
    void leavesTimeForTheHoldAndTheClosing() {
        assertThat(delayOf(Askew.fromScratch(1, 1))).isEmpty();
        assertThat(delayOf(Askew.fromScratch(1, 30))).isEmpty();
        assertThat(delayOf(Askew.fromScratch(1, 31))).contains("float for 1 iterations");
        assertThat(delayOf(Askew.fromScratch(1, 50))).contains("float for 20 iterations");
        assertThat(delayOf(Askew.fromScratch(1, 60))).contains("float for 30 iterations");
        assertThat(delayOf(Askew.fromScratch(1, 1000))).contains("float for 500 iterations");
        assertThat(delayOf(Askew.fromScratch(1, 80).restoringRate(0.3))).isEmpty();
        assertThat(delayOf(Askew.fromScratch(1, 100).restoringRate(0.3))).contains("float for 20 iterations");
    }

    @Test
    void fromTrainedDelaysLongTrainings() {
        assertThat(delayOf(Askew.fromTrained(1, 250))).isEmpty();
        assertThat(delayOf(Askew.fromTrained(1, 300)))
                .isEqualTo("quantization delay: float for 50 iterations, then scales of least squared error,"
                        + " in layers without batch norm");
        assertThat(delayOf(Askew.fromTrained(2, 500))).contains("float for 250 iterations");
        assertThat(delayOf(Askew.fromTrained(2, 500).restoringRate(0.3))).contains("float for 250 iterations");
        assertThat(delayOf(Askew.fromTrained(2, 500)
                        .hull(Annealing.hold(0).thenLinear(100).byIteration())))
                .isEmpty();
        for (UnaryOperator<Askew.Builder> change : WITHOUT_PRESET_DELAY) {
            assertThat(delayOf(change.apply(Askew.fromTrained(2, 500)))).isEmpty();
        }
        for (Grid grid : List.of(Grid.ternary(), Grid.uniform(2), Grid.uniform(8))) {
            MultiLayerNetwork network = Nets.mlp(ADAM);
            Askew.fromTrained(2, 500).grid(grid).build().install(network);
            assertThat(delayed(network)).as(grid.toString()).containsOnly(true);
            assertThat(updater(network).getLearningRate(0, 0))
                    .as("the recipe's in float")
                    .isEqualTo(Recipes.fromScratchRate(grid, 2, 500), offset(1e-12));
        }
        MultiLayerNetwork normalized = normalized(Nets.output("output", 4, 3));
        Askew.fromTrained(2, 500).build().install(normalized);
        assertThat(delayed(normalized)).containsExactly(false, true);

        MultiLayerNetwork recurrent = wrapped();
        AskewPlan plan = Askew.fromTrained(2, 500).build().install(recurrent);
        assertThat(plan.warnings()).isEmpty();
        assertThat(updater(recurrent, 0).getLearningRate(0, 0))
                .as("the recipe's from the first iteration")
                .isEqualTo(0.05 * Math.sqrt(0.6));
        assertThat(Askew.fromTrained(2, 500).build().toString())
                .contains("hull: open hold 0.0, then linear over 250.0");
        SameDiff graph = SameDiffs.of(new Sgd(0.1));
        assertThat(Askew.fromTrained(2, 500).build().install(graph).settings())
                .noneSatisfy(line -> assertThat(line).contains("delay"));
    }

    /** Weights that the forward pass cannot see on their levels travel there in the recipe's own way. */
    @Test
    void fromTrainedDelaysNoLayerThatDoesNotSeeLevels() {
        MultiLayerNetwork network = PresetTest.withALayerThatSeesNoLevels();
        Askew.fromTrained(1, 300).build().install(network);
        assertThat(delayed(network)).containsExactly(false, true);
        assertThat(updater(network, 0).getLearningRate(0, 0)).isEqualTo(0.05 * Math.sqrt(2));
    }

    private static String delayOf(Askew.Builder builder) {
        return builder.build().install(Nets.mlp(ADAM)).settings().stream()
                .filter(line -> line.startsWith("quantization delay"))
                .findFirst()
                .orElse("");
    }

    @Test
    void aChosenDelayKeepsWhatElseThePresetChose() {
        MultiLayerNetwork byDefault = Nets.mlp(ADAM);
        Askew.fromScratch(1, 400).build().install(byDefault);
        MultiLayerNetwork chosen = Nets.mlp(ADAM);
        Askew.fromScratch(1, 400).quantizationDelay(200).build().install(chosen);
        assertThat(steps(chosen)).isEqualTo(steps(byDefault));
        assertThat(updater(chosen)).isEqualTo(updater(byDefault));

        MultiLayerNetwork shorter = Nets.mlp(ADAM);
        Askew.fromScratch(1, 400).quantizationDelay(100).build().install(shorter);
        assertThat(updater(shorter).getLearningRate(100, 0)).isEqualTo(0.05 * Math.sqrt(2));
        assertThat(updater(shorter).getLearningRate(400, 0)).isZero();
        assertThat(updater(shorter).getLearningRate(0, 0)).as("also in float").isEqualTo(0.05 * Math.sqrt(1.5));

        MultiLayerNetwork trained = Nets.mlp(ADAM);
        assertThat(Askew.fromTrained(1, 400)
                        .quantizationDelay(100)
                        .build()
                        .install(trained)
                        .settings())
                .anySatisfy(line -> assertThat(line).contains("hold 100.0, then linear over 75.0"));
        assertThat(updater(trained).getLearningRate(99, 0)).as("the network's").isEqualTo(0.01);
        assertThat(updater(trained).getLearningRate(100, 0))
                .as("of 300 iterations")
                .isEqualTo(0.05);
        assertThat(updater(trained).getLearningRate(400, 0)).isZero();
    }

    @Test
    void recurrentLayersAreTrainedInFloatByTheNetworksUpdater() {
        MultiLayerNetwork network = wrapped();
        Askew.fromScratch(1, 400).build().install(network);
        assertThat(updater(network, 0).getLearningRate(0, 0)).isEqualTo(0.01);
        assertThat(updater(network, 1).getLearningRate(0, 0)).isEqualTo(0.05 * Math.sqrt(1.5));

        List<String> settings =
                Askew.fromScratch(1, 400).build().plan(wrapped()).settings();
        assertThat(settings)
                .anySatisfy(line -> assertThat(line).startsWith("layer 'layer0': float for 200 iterations by " + ADAM))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("layer 'layer1': float for 200 iterations by Adam(learningRateSchedule=cosine"));
    }

    @Test
    void withMoreThanFourLevelsTheNetworksUpdaterTrainsInFloat() {
        for (Grid grid : List.of(Grid.ternary(), Grid.uniform(2), Grid.uniform(3))) {
            MultiLayerNetwork network = Nets.mlp(ADAM);
            Askew.fromScratch(1, 400).grid(grid).build().install(network);
            double own = Recipes.fromScratchRate(grid, 1, 400);
            assertThat(updater(network).getLearningRate(0, 0)).isEqualTo(grid.size() <= 4 ? own : 0.01);
        }
    }

    /** Adam's first step is its rate, whatever the gradient, and the rate counts half cells. */
    @Test
    void inAPresetAlsoTheFloatPhaseCountsCells() throws IOException {
        MultiLayerNetwork network = Nets.mlp(ADAM);
        Askew.fromScratch(1, 400).build().install(network);
        InstalledParameter parameter = InstalledParameter.of(network).get(0);
        INDArray before = network.getParam("0_W").dup();
        DataSet data = Nets.data(1, 16);
        fit(network, data, 1);
        INDArray step = Transforms.abs(network.getParam("0_W").sub(before));
        for (int unit = 0; unit < step.columns(); unit++) {
            double cells = step.getColumn(unit).maxNumber().doubleValue()
                    / parameter.grid().scale(unit);
            assertThat(cells).isCloseTo(0.05 * Math.sqrt(1.5), withinPercentage(1));
        }

        MultiLayerNetwork restored = restored(network);
        fit(network, data, 3);
        fit(restored, data, 3);
        assertThat(restored.params()).isEqualTo(network.params());
    }

    @Test
    void biasesBeginAnew() throws IOException {
        MultiLayerNetwork network = Nets.mlp(new Adam(new CosineSchedule(ScheduleType.ITERATION, 0.02, 400)));
        Askew.fromScratch(1, 400).build().install(network);
        for (MultiLayerNetwork each : List.of(network, restored(network))) {
            IUpdater biases = each.getLayer(0).conf().getLayer().getUpdaterByParam("b");
            assertThat(biases.getLearningRate(199, 0)).isGreaterThan(0.01);
            assertThat(biases.getLearningRate(200, 0)).isEqualTo(0.02);
            assertThat(biases.getLearningRate(400, 0)).isCloseTo(0.01, offset(1e-12));
        }
    }

    private static List<GridStep> steps(MultiLayerNetwork network) {
        return InstalledParameter.of(network).stream()
                .map(InstalledParameter::step)
                .toList();
    }

    private static IUpdater updater(MultiLayerNetwork network) {
        return updater(network, 0);
    }

    private static IUpdater updater(MultiLayerNetwork network, int layer) {
        return network.getLayer(layer).conf().getLayer().getUpdaterByParam("W");
    }

    @Test
    void warnsOfWhatIsTooShortBehindIt() {
        Askew.Builder builder = Askew.builder()
                .straightThrough(StraightThrough.ALWAYS)
                .learningRateUnit(LearningRateUnit.CELL)
                .updater(new Adam(0.05))
                .epsilon(Annealing.hold(40).thenExponential(1e-4, 20).byIteration());
        assertThat(builder.build().plan(Nets.mlp(ADAM)).warnings()).isEmpty();
        assertThat(builder.quantizationDelay(39).build().plan(Nets.mlp(ADAM)).warnings())
                .anySatisfy(w -> assertThat(w).contains("0.050 half cells during the hold of 1 iterations"));
        assertThat(builder.quantizationDelay(50).build().plan(Nets.mlp(ADAM)).warnings())
                .anySatisfy(w -> assertThat(w).contains(" half cells during the hold of 0 iterations"));
    }

    @Test
    void thePlanIsSilentWhereNothingIsDelayed() {
        MultiLayerNetwork network = normalized(new LossLayer.Builder(LossFunction.MSE).build());
        assertThat(Askew.fromScratch(5, 80).build().plan(network).settings())
                .noneSatisfy(line -> assertThat(line).contains("delay"));
    }

    /** A layer in front of batch norm, and another. */
    private static MultiLayerNetwork normalized(Layer last) {
        return Nets.of(
                ADAM,
                new DenseLayer.Builder()
                        .nIn(3)
                        .nOut(4)
                        .activation(Activation.IDENTITY)
                        .build(),
                new BatchNormalization.Builder().nOut(4).build(),
                last);
    }

    private static List<Boolean> delayed(MultiLayerNetwork network) {
        return InstalledParameter.of(network).stream()
                .map(p -> p.step().settings().stream().anyMatch(line -> line.startsWith("quantization delay")))
                .toList();
    }

    @Test
    void bidirectionalLayersAreQuantizedAtOnce() {
        MultiLayerNetwork network = Nets.init(Nets.base(ADAM)
                .list()
                .layer(new Bidirectional(new LSTM.Builder().nOut(4).build()))
                .layer(new LastTimeStep(new LSTM.Builder().nOut(4).build()))
                .layer(new OutputLayer.Builder(LossFunction.MSE).nOut(2).build())
                .setInputType(InputType.recurrent(3))
                .build());
        assertThat(recipe().build().install(network).warnings())
                .contains("layer 'layer0' is bidirectional: its weights are quantized from the first iteration,"
                        + " without the quantization delay");
        assertThat(delayed(network)).containsExactly(false, false, false, false, true, true, true);
    }

    /** The first weights are six times too small, and levels that were fitted to them would stay so. */
    @Tag("training")
    @Test
    void learnsTheScaleOfALayerWithoutBatchNorm() {
        int iterations = 400;
        Paired.requireWins("a hundredth of the error without a delay, and the error with one", Paired.seeds(seed -> {
            INDArray features = Nets.normal(seed, 64, 8);
            DataSet data = new DataSet(
                    features,
                    features.mmul(Transforms.sign(Nets.normal(seed + 10L, 8, 1)).mul(3)));
            return new Paired(
                    error(Askew.fromScratch(1, iterations).quantizationDelay(0), data, iterations) / 100,
                    error(Askew.fromScratch(1, iterations), data, iterations));
        }));
    }

    private static double error(Askew.Builder builder, DataSet data, int iterations) {
        MultiLayerNetwork network = Nets.of(
                new Adam(0.05),
                new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(8)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .weightInit(new NormalDistribution(0, 0.6))
                        .build());
        Askew askew = builder.build();
        askew.install(network);
        fit(network, data, iterations);
        return askew.quantize(network).toMultiLayerNetwork().score(data);
    }
}
