package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.askewsgd.GridConstraint;
import io.github.dl4jaskew.internal.askewsgd.SkewedStep;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.testkit.Nets;
import io.github.dl4jaskew.updater.AskewSgd;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class InstallTest {

    private static final Askew BINARY = AskewNets.closing().build();

    @Test
    void changesNoWeightAndNoOtherSetting() {
        MultiLayerNetwork network = Nets.mlp(new Adam(0.01));
        float[] before = Nets.params(network);
        BINARY.install(network);
        assertThat(Nets.params(network)).isEqualTo(before);
        assertThat(settings(network, 0).getIUpdater()).isEqualTo(new Adam(0.01));
    }

    @Test
    void planTellsWhatHappensToEachParameter() {
        AskewPlan plan = AskewNets.closing().scale(Scale.fixed(0.5)).build().install(Nets.mlp(new Sgd(0.1)));
        assertThat(plan.entries())
                .extracting(AskewPlan.Entry::layer, AskewPlan.Entry::parameter, AskewPlan.Entry::skipped)
                .containsExactly(
                        tuple("hidden", "W", null),
                        tuple("hidden", "b", "bias"),
                        tuple("norm", "gamma", "batch norm"),
                        tuple("norm", "beta", "batch norm"),
                        tuple("norm", "mean", "batch norm"),
                        tuple("norm", "log10stdev", "batch norm"),
                        tuple("output", "W", null),
                        tuple("output", "b", "bias"));
        AskewPlan.Entry hidden = AskewNets.entry(plan, "hidden", "W");
        assertThat(hidden.grid()).isEqualTo(ScaledGrid.perTensor(Grid.binary(), 0.5));
        assertThat(hidden.shape()).containsExactly(4L, 5L);
        assertThat(hidden.size()).isEqualTo(20);
        assertThat(plan.constrainedWeights()).isEqualTo(35);
        assertThat(plan.constrained()).hasSize(2);
        assertThat(plan.skipped()).hasSize(6);
    }

    @Test
    void planPrintsAsATable() {
        AskewPlan plan = AskewNets.closing()
                .scale(Scale.max().perChannel())
                .perturbation(0.1, 3)
                .updater(new Adam(1e-4))
                .projection(ProjectionMode.INTERVAL)
                .build()
                .install(Nets.mlp(new Sgd(0.1)));
        assertThat(plan.toString())
                .contains("layer   parameter", "hidden  W", "[4, 5]", "binary", "5 channels", "skipped: batch norm")
                .contains("35 of 63 parameters constrained", "eps: hold 2.0, then linear")
                .contains("stage STEP, restoring rate 1.0, at most 0.5 half cells", "projection INTERVAL")
                .contains("scale: ", "per channel", "Adam", "WARNING: layer 'hidden'");
    }

    @Test
    void alphaIsPrintedWithThePlan() {
        AskewPlan plan =
                Askew.builder().epsilon(Nets.epsilon(0.5)).alpha(0.5).build().install(Nets.mlp(new Sgd(0.1)));
        assertThat(plan.settings()).anyMatch(line -> line.contains("alpha 0.5 times the learning rate"));
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void warnsOfASmallLearningRateOnly() {
        assertThat(Askew.fromScratch(10, 50)
                        .build()
                        .install(Nets.mlp(new Sgd(0.1)))
                        .warnings())
                .isEmpty();
        assertThat(Askew.fromScratch(200, 600)
                        .build()
                        .install(Nets.mlp(new Sgd(0.1)))
                        .warnings())
                .as("small steps, but many of them")
                .isEmpty();
        assertThat(Askew.fromScratch(1, 2)
                        .build()
                        .install(Nets.mlp(new Sgd(0.1)))
                        .warnings())
                .anyMatch(w -> w.contains("during the hold of 1 iterations"));
        assertThat(Askew.fromTrained(2, 50)
                        .build()
                        .install(Nets.mlp(new Sgd(0.1)))
                        .warnings())
                .as("trained weights have less far to go")
                .isEmpty();
        assertThat(Askew.fromTrained(1, 2)
                        .build()
                        .install(Nets.mlp(new Sgd(0.1)))
                        .warnings())
                .anyMatch(w -> w.contains("during the hold of 1 iterations"));
        Askew slow = Askew.builder().epsilon(Nets.epsilon(1)).build();
        assertThat(slow.install(Nets.mlp(new Adam(1e-3))).warnings())
                .hasSize(2)
                .allMatch(w -> w.contains("half cells a step") && w.contains("larger learning rate"));
        assertThat(slow.install(Nets.mlp(new Adam(0.3))).warnings()).isEmpty();
        assertThat(slow.install(Nets.mlp(new Sgd(1e-6))).warnings()).isEmpty();
    }

    @Test
    void warnsOfWeightsThatShareTheUpdater() {
        MultiLayerNetwork network = Nets.of(
                new Sgd(0.1),
                new DenseLayer.Builder().nIn(4).nOut(5).hasLayerNorm(true).build(),
                out());
        AskewPlan plan = AskewNets.closing().updater(new Adam(0.3)).build().install(network);
        assertThat(AskewNets.entry(plan, "layer0", "g").skipped()).isEqualTo("gain");
        assertThat(plan.warnings()).anyMatch(w -> w.contains("'layer0' has weights that are not constrained"));
    }

    @Test
    void skipsWhatIsNoWeight() {
        MultiLayerNetwork network = Nets.of(
                new Sgd(Nets.resting(0.1)),
                new DenseLayer.Builder().nIn(4).nOut(5).hasLayerNorm(true).build(),
                new PReLULayer.Builder().inputShape(5).nIn(5).nOut(5).build(),
                new ElementWiseMultiplicationLayer.Builder().nIn(5).nOut(5).build(),
                new FrozenLayerWithBackprop(Nets.dense("frozen", 5, 5)),
                out());
        AskewPlan plan = BINARY.install(network);
        assertThat(AskewNets.entry(plan, "layer0", "W").skipped()).isNull();
        assertThat(AskewNets.entry(plan, "layer0", "g").skipped()).isEqualTo("gain");
        assertThat(AskewNets.entry(plan, "layer1", "W").skipped()).isEqualTo("slope of an activation");
        assertThat(AskewNets.entry(plan, "layer2", "W").skipped()).isEqualTo("gain");
        assertThat(AskewNets.entry(plan, "layer2", "b").skipped()).isEqualTo("bias");
        assertThat(AskewNets.entry(plan, "layer3", "W").skipped()).isEqualTo("frozen");
        assertThat(AskewNets.entry(plan, "layer4", "W").skipped()).isNull();
        assertThat(plan.constrained()).hasSize(2);
        float[] slopes = Nets.param(network, "1_W");
        float[] frozen = Nets.param(network, "3_W");
        Nets.fit(network, 30);
        assertThat(Nets.param(network, "3_W")).isEqualTo(frozen);
        assertThat(Nets.param(network, "1_W")).hasSameSizeAs(slopes);
        AskewNets.requireDrawn(network);
    }

    @Test
    void skipsFrozenLayersOfTransferLearning() {
        MultiLayerNetwork network = new TransferLearning.Builder(Nets.mlp(new Sgd(0.05)))
                .setFeatureExtractor(0)
                .build();
        AskewPlan plan = BINARY.install(network);
        assertThat(plan.entries())
                .filteredOn(e -> e.layer().equals("hidden"))
                .isNotEmpty()
                .allMatch(e -> "frozen".equals(e.skipped()));
        float[] frozen = Nets.param(network, "0_W");
        Nets.fit(network, 30);
        assertThat(Nets.param(network, "0_W")).isEqualTo(frozen);
        assertThat(BINARY.quantize(network).parameters()).hasSize(1);
    }

    /** DL4J takes the biases of such a layer for its first weights. */
    @Test
    void skipsDepthwiseConvolutionWithBias() {
        MultiLayerNetwork network = Nets.init(Nets.base(new Sgd(0.1))
                .list()
                .layer(new DepthwiseConvolution2D.Builder(2, 2)
                        .name("depthwise")
                        .depthMultiplier(2)
                        .nOut(4)
                        .build())
                .layer(new GlobalPoolingLayer())
                .layer(new OutputLayer.Builder(LossFunction.MSE).nOut(2).build())
                .setInputType(InputType.convolutional(4, 4, 2))
                .build());
        AskewPlan plan = BINARY.install(network);
        assertThat(AskewNets.entry(plan, "depthwise", "W").skipped()).contains("hasBias(false)");
        assertThat(plan.constrained()).hasSize(1);
    }

    @Test
    void keepsConvolutionBiasesFree() {
        MultiLayerNetwork network = Nets.init(Nets.base(new Sgd(Nets.resting(0.01)))
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(3).biasInit(0.3).build())
                .layer(new GlobalPoolingLayer())
                .layer(new OutputLayer.Builder(LossFunction.MSE).nOut(2).build())
                .setInputType(InputType.convolutional(4, 4, 2))
                .build());
        BINARY.install(network);
        DataSet data = new DataSet(Nets.normal(1, 6, 2, 4, 4), Nets.oneHot(2, 6, 2));
        for (int i = 0; i < 15; i++) {
            network.fit(data);
        }
        float[] biases = Nets.param(network, "0_b");
        assertThat(biases).doesNotContain(0.3f);
        for (int i = 0; i < 15; i++) {
            network.fit(data);
        }
        AskewNets.requireDrawn(network);
        assertThat(Nets.param(network, "0_b")).isEqualTo(biases);
    }

    @Test
    void installsOnGraphs() {
        ComputationGraph network = Nets.graph(new Sgd(Nets.resting(0.01)));
        AskewPlan plan = BINARY.install(network);
        assertThat(plan.constrained())
                .extracting(AskewPlan.Entry::layer)
                .containsExactlyInAnyOrder("left", "right", "first", "second");
        Nets.fit(network, 30);
        AskewNets.requireDrawn(network);
        assertThat(BINARY.quantize(network).toComputationGraph().getListeners()).isNullOrEmpty();
    }

    @Test
    void graphConfigurationAndGraphAgree() {
        ComputationGraphConfiguration configuration = Nets.graphConf(new Sgd(0.1));
        AskewPlan onConfiguration = BINARY.install(configuration);
        ComputationGraph fromConfiguration = Nets.init(configuration);
        ComputationGraph network = Nets.graph(new Sgd(0.1));
        assertThat(BINARY.install(network)).isEqualTo(onConfiguration);
        Nets.requireSameConfiguration(fromConfiguration, Nets.configuration(network));
        Nets.fit(fromConfiguration, 5);
        Nets.fit(network, 5);
        assertThat(Nets.params(fromConfiguration)).isEqualTo(Nets.params(network));
        assertThatIllegalStateException().isThrownBy(() -> BINARY.install(configuration));
    }

    @Test
    void leavesVerticesWithParametersAlone() {
        for (boolean onConfiguration : new boolean[] {true, false}) {
            ComputationGraphConfiguration configuration = attention(new AskewSgd(Nets.resting(0.01)));
            AskewPlan plan = onConfiguration ? BINARY.install(configuration) : null;
            ComputationGraph network = Nets.init(configuration);
            if (plan == null) {
                plan = BINARY.install(network);
                assertThat(configuration.toJson())
                        .as("the configuration that other networks may have")
                        .doesNotContain("SkewedStep", "\"constrained\" : true");
            }
            assertThat(plan.skipped())
                    .filteredOn(e -> e.layer().equals("attention"))
                    .hasSize(4)
                    .allMatch(e -> "a graph vertex, not a layer".equals(e.skipped()));
            float[] before = Nets.param(network, "attention_Wq");
            for (int i = 0; i < 30; i++) {
                network.fit(new DataSet(Nets.normal(1, 6, 3, 4), Nets.oneHot(2, 6, 2)));
            }
            assertThat(Nets.param(network, "attention_Wq")).isNotEqualTo(before);
            AskewNets.requireDrawn(network);
            assertThat(Askew.uninstall(network)).isTrue();
            assertThat(Nets.configuration(network)).doesNotContain("SkewedStep", "\"constrained\" : true");
        }
    }

    private static ComputationGraphConfiguration attention(IUpdater updater) {
        return Nets.base(updater)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.recurrent(3, 4))
                .addLayer("lstm", new LSTM.Builder().nOut(3).build(), "in")
                .addVertex(
                        "attention",
                        new AttentionVertex.Builder()
                                .nInQueries(3)
                                .nInKeys(3)
                                .nInValues(3)
                                .nOut(4)
                                .nHeads(2)
                                .projectInput(true)
                                .build(),
                        "lstm",
                        "lstm",
                        "lstm")
                .addLayer("pool", new GlobalPoolingLayer(), "attention")
                .addLayer("output", Nets.output("output", 4, 2), "pool")
                .setOutputs("output")
                .build();
    }

    @Test
    void standsBehindOtherRegularization() {
        MultiLayerNetwork network = Nets.init(Nets.base(new Sgd(0.1))
                .l1(0.1)
                .l2(0.01)
                .list()
                .layer(Nets.dense("hidden", 4, 5))
                .layer(Nets.output("output", 5, 3))
                .build());
        BINARY.install(network);
        assertThat(settings(network, 0).getRegularization())
                .hasSize(3)
                .anyMatch(r -> r instanceof L1Regularization)
                .anyMatch(r -> r instanceof L2Regularization)
                .last()
                .isInstanceOf(SkewedStep.class);
    }

    @Test
    void refusesASecondTimeAndTakesItOff() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        BINARY.install(network);
        String installed = Nets.configuration(network);
        assertThatIllegalStateException()
                .isThrownBy(() -> BINARY.install(network))
                .withMessageContaining("layer 'hidden'")
                .withMessageContaining("uninstall");
        Nets.requireSameConfiguration(network, installed);
        assertThat(Askew.uninstall(network)).isTrue();
        BINARY.install(network);
        Nets.requireSameConfiguration(network, installed);
    }

    @Test
    void refusesNetworksThatAreNotInitialised() {
        assertThatIllegalStateException()
                .isThrownBy(() -> BINARY.install(new MultiLayerNetwork(Nets.mlpConf(new Sgd(0.1)))))
                .withMessageContaining("init()");
        assertThatIllegalStateException()
                .isThrownBy(() -> BINARY.install(new ComputationGraph(Nets.graphConf(new Sgd(0.1)))))
                .withMessageContaining("init()");
    }

    @Test
    void refusesUnknownLayersAndEmptySelections() {
        requireUnchanged(AskewNets.closing().layers(Layers.named("hiden")), new Sgd(0.1), "hiden", "hidden");
        requireUnchanged(AskewNets.closing().layers(Layers.all().except("outptu")), new Sgd(0.1), "outptu");
        requireUnchanged(AskewNets.closing().layers(Layers.named("norm")), new Sgd(0.1), "select no weight", "norm");
        requireUnchanged(AskewNets.closing().layers(Layers.matching(l -> false)), new Sgd(0.1), "select no weight");
    }

    @Test
    void refusesLearningRatesThatOvershoot() {
        Askew.builder().epsilon(Nets.epsilon(1)).alpha(10).build().install(Nets.mlp(new Sgd(0.1)));
        requireUnchanged(
                Askew.builder().epsilon(Nets.epsilon(1)).alpha(11), new Sgd(0.1), "layer 'hidden'", "11", "0.1", "1");
        requireUnchanged(
                Askew.builder().epsilon(Nets.epsilon(1)).alpha(1), new AdaDelta(), "AdaDelta", "restoringRate");
    }

    @Test
    void refusesUpdatersOfUnknownKindInCells() {
        requireUnchanged(
                AskewNets.closing().learningRateUnit(LearningRateUnit.CELL), new AdaDelta(), "AdaDelta", "WEIGHT");
    }

    @Test
    void refusesWeightsWithoutScale() {
        for (Scale scale : List.of(Scale.max(), Scale.mse().perChannel())) {
            MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
            network.getParam("2_W").assign(0);
            requireUnchanged(AskewNets.closing().scale(scale), network, "layer 'output', parameter 'W'", "positive");
        }
    }

    @Test
    void refusesWeightsThatAreNotFinite() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        network.getParam("2_W").putScalar(3, Double.NaN);
        requireUnchanged(AskewNets.closing(), network, "layer 'output', parameter 'W'", "NaN");
    }

    @Test
    void updaterStateIsKeptWithoutOwnUpdater() {
        MultiLayerNetwork network = Nets.mlp(new Adam(0.01));
        Nets.fit(network, 3);
        INDArray state = network.getUpdater().getStateViewArray().dup();
        BINARY.install(network);
        assertThat(network.getUpdater().getStateViewArray()).isEqualTo(state);
        Askew.uninstall(network);
        assertThat(network.getUpdater().getStateViewArray()).isEqualTo(state);
    }

    /** Its layout depends on which parameters share an updater: kept, first moments would be taken for second ones. */
    @Test
    void updaterStateStartsAnewWithOwnUpdater() {
        Askew own = AskewNets.closing().updater(new Adam(0.3)).build();
        MultiLayerNetwork network = Nets.mlp(new Adam(0.01));
        Nets.fit(network, 3);
        own.install(network);
        assertThat(network.getUpdater().getStateViewArray().norm1Number().doubleValue())
                .isZero();
        Nets.fit(network, 3);
        Askew.uninstall(network);
        Nets.fit(network, 3);
        assertThat(Nets.params(network)).doesNotContain(Float.NaN);

        ComputationGraph graph = Nets.graph(new Adam(0.01));
        Nets.fit(graph, 3);
        own.install(graph);
        Nets.fit(graph, 3);
        Askew.uninstall(graph);
        Nets.fit(graph, 3);
        assertThat(Nets.params(graph)).doesNotContain(Float.NaN);
    }

    @Test
    void graphKeepsItsUpdaterState() {
        ComputationGraph graph = Nets.graph(new Adam(0.01));
        Nets.fit(graph, 3);
        INDArray state = graph.getUpdater().getStateViewArray().dup();
        BINARY.install(graph);
        assertThat(graph.getUpdater().getStateViewArray()).isEqualTo(state);
        Nets.fit(graph, 1);
        assertThat(Askew.uninstall(graph)).isTrue();
        assertThat(Askew.uninstall(graph)).isFalse();
        assertThat(Nets.isConstrained(graph)).isFalse();
    }

    @Test
    void uninstallKeepsConstraintsAndBiasUpdatersOfOthers() {
        MultiLayerConfiguration configuration = Nets.base(new AskewSgd(0.1))
                .biasUpdater(new Sgd(0.3))
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(4)
                        .nOut(5)
                        .constrainWeights(GridConstraint.hull(ScaledGrid.perTensor(Grid.binary(), 3)))
                        .build())
                .layer(out())
                .build();
        MultiLayerNetwork network = Nets.init(configuration);
        String before = Nets.configuration(network);
        AskewNets.closing()
                .updater(new AskewSgd(0.2))
                .stage(io.github.dl4jaskew.interval.Stage.GRADIENT)
                .build()
                .install(network);
        assertThat(settings(network, 0).getConstraints())
                .filteredOn(GridConstraint.class::isInstance)
                .hasSize(2);
        Askew.uninstall(network);
        Nets.requireSameConfiguration(network, before);
    }

    @Test
    void schedulesAreCheckedWhenTheyRun() {
        Askew recipe = Askew.builder().epsilon(Nets.epsilon(0.5)).alpha(1).build();
        MultiLayerNetwork network = Nets.mlp(new Sgd(new MapSchedule.Builder(ScheduleType.ITERATION)
                .add(0, 0.5)
                .add(3, 1.5)
                .add(4, 0.5)
                .build()));
        recipe.install(network);
        Nets.fit(network, 3);
        float[] before = Nets.params(network);
        assertThatThrownBy(() -> Nets.fit(network, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 'hidden', parameter 'W', iteration 3")
                .hasMessageContaining("rho")
                .hasMessageContaining("1.5");
        assertThat(Nets.params(network)).isEqualTo(before);
    }

    @Test
    void schedulesAreProbedAtInstall() {
        Askew recipe = Askew.builder().epsilon(Nets.epsilon(0.5)).alpha(1).build();
        MultiLayerNetwork network = Nets.mlp(new Sgd(new MapSchedule.Builder(ScheduleType.EPOCH)
                .add(0, 0.5)
                .add(4, 2)
                .build()));
        assertThatThrownBy(() -> recipe.install(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("epoch 5")
                .hasMessageContaining("1.0 * 2.0 = 2.0");
    }

    private static OutputLayer out() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(5)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static BaseLayer settings(MultiLayerNetwork network, int layer) {
        return (BaseLayer) network.getLayer(layer).conf().getLayer();
    }

    private static void requireUnchanged(Askew.Builder recipe, IUpdater updater, String... message) {
        requireUnchanged(recipe, Nets.mlp(updater), message);
    }

    private static void requireUnchanged(Askew.Builder recipe, MultiLayerNetwork network, String... message) {
        String configuration = Nets.configuration(network);
        float[] params = Nets.params(network);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe.build().install(network))
                .satisfies(e -> assertThat(e.getMessage()).contains(message));
        Nets.requireSameConfiguration(network, configuration);
        assertThat(Nets.params(network)).isEqualTo(params);
    }
}
