package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.dl4jaskew.internal.askewsgd.SkewedStep;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.testkit.Nets;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.transferlearning.TransferLearningHelper;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;

/** DL4J's transfer learning, before and after the installation. */
class TransferLearningTest {

    private static final Askew RECIPE = AskewNets.closing().build();

    private static final Sgd UPDATER = new Sgd(Nets.resting(0.05));

    /** Its rates are in half cells, of an updater of its own. */
    private static final Askew OWN_UPDATER = Askew.fromTrained(4, 10).build();

    private static final FineTuneConfiguration FINE_TUNING = new FineTuneConfiguration.Builder()
            .updater(new Sgd(Nets.resting(0.02)))
            .l2(1e-4)
            .build();

    @Test
    void frozenLayersStayAndTheOthersEndOnTheGrid() {
        MultiLayerNetwork network = new TransferLearning.Builder(pretrained())
                .fineTuneConfiguration(FINE_TUNING)
                .setFeatureExtractor(0)
                .removeOutputLayer()
                .addLayer(Nets.output("new", Nets.HIDDEN, 2))
                .build();
        AskewPlan plan = RECIPE.install(network);
        assertThat(AskewNets.entry(plan, "a", "W").skipped()).isEqualTo("frozen");
        assertThat(plan.constrained()).extracting(AskewPlan.Entry::layer).containsExactly("b", "new");
        assertThat(plan.warnings()).anyMatch(w -> w.startsWith("20 weights are frozen and stay in full precision"));
        float[] frozen = Nets.param(network, "0_W");
        float[] bias = Nets.param(network, "1_b");
        fit(network, 2);
        assertThat(Nets.param(network, "0_W")).isEqualTo(frozen);
        assertThat(Nets.param(network, "1_b")).isNotEqualTo(bias);
        requireOnGrid(network, 2);
    }

    @Test
    void replacedOutputsAreConstrainedToo() {
        MultiLayerNetwork network = new TransferLearning.Builder(pretrained())
                .fineTuneConfiguration(FINE_TUNING)
                .nOutReplace(2, 5, WeightInit.XAVIER)
                .build();
        assertThat(RECIPE.install(network).constrainedWeights()).isEqualTo(20 + 25 + 25);
        fit(network, 5);
        requireOnGrid(network, 3);
    }

    @Test
    void graphsWithFrozenLayersAndNewOutputs() {
        ComputationGraph network = new TransferLearning.GraphBuilder(graph())
                .fineTuneConfiguration(FINE_TUNING)
                .setFeatureExtractor("left")
                .removeVertexAndConnections("second")
                .removeVertexAndConnections("merged")
                .nOutReplace("first", 2, WeightInit.XAVIER)
                .setOutputs("first")
                .build();
        AskewPlan plan = RECIPE.install(network);
        assertThat(plan.constrained()).extracting(AskewPlan.Entry::layer).containsExactlyInAnyOrder("right", "first");
        float[] frozen = Nets.param(network, "left_W");
        for (int i = 0; i < 30; i++) {
            network.fit(data(2));
        }
        assertThat(Nets.param(network, "left_W")).isEqualTo(frozen);
        requireOnGrid(network, 2);
    }

    @Test
    void gradientsReachALayerBelowAFrozenOne() {
        MultiLayerNetwork network = Nets.of(
                new Sgd(Nets.resting(0.02)),
                Nets.dense("below", Nets.IN, 5),
                new FrozenLayerWithBackprop(Nets.dense("frozen", 5, Nets.HIDDEN)),
                Nets.output("output", Nets.HIDDEN, Nets.OUT));
        float[] below = Nets.param(network, "0_W");
        float[] frozen = Nets.param(network, "1_W");
        AskewPlan plan = AskewNets.closing()
                .layers(Layers.exceptFirstAndLast().or(Layers.named("below")))
                .build()
                .install(network);
        assertThat(plan.constrained()).extracting(AskewPlan.Entry::layer).containsExactly("below");
        fit(network, Nets.OUT);
        assertThat(Nets.param(network, "0_W")).isNotEqualTo(below);
        assertThat(Nets.param(network, "1_W")).isEqualTo(frozen);
        requireOnGrid(network, 1);
    }

    @Test
    void aFrozenLayerCanBeTheFirstOne() {
        MultiLayerNetwork network = new TransferLearning.Builder(pretrained())
                .setFeatureExtractor(0)
                .build();
        AskewPlan plan =
                AskewNets.closing().layers(Layers.exceptFirstAndLast()).build().install(network);
        assertThat(plan.constrained()).extracting(AskewPlan.Entry::layer).containsExactly("b");
        assertThat(plan.warnings()).isEmpty();
    }

    @Test
    void weightsOfAHelpersPartComeBackToTheWhole() {
        MultiLayerNetwork whole = pretrained();
        TransferLearningHelper helper = new TransferLearningHelper(whole, 0);
        RECIPE.install(helper.unfrozenMLN());
        float[] frozen = Nets.param(whole, "0_W");
        DataSet features = helper.featurize(data(Nets.OUT));
        for (int i = 0; i < 30; i++) {
            helper.fitFeaturized(features);
        }
        assertThat(Nets.param(whole, "0_W")).isEqualTo(frozen);
        assertThat(Nets.param(whole, "1_W")).isEqualTo(Nets.param(helper.unfrozenMLN(), "0_W"));
        QuantizedModel part = RECIPE.quantize(helper.unfrozenMLN());
        QuantizedModel model = Askew.mergeInto(whole, part);
        assertThat(model.parameters()).hasSize(2);
        assertThat(Nets.isConstrained(model.toNetwork())).isFalse();
        assertThat(Nets.param(model.toNetwork(), "1_W")).isEqualTo(Nets.param(part.toNetwork(), "0_W"));
        assertThat(model.output(data(Nets.OUT).getFeatures())).isEqualTo(part.output(features.getFeatures()));
        assertThatIllegalStateException().isThrownBy(() -> RECIPE.quantize(whole));
    }

    @Test
    void weightsOfAHelpersPartComeBackToTheGraph() {
        ComputationGraph whole = new TransferLearning.GraphBuilder(graph())
                .removeVertexAndConnections("second")
                .removeVertexAndConnections("merged")
                .setOutputs("first")
                .build();
        TransferLearningHelper helper = new TransferLearningHelper(whole, "sum");
        RECIPE.install(helper.unfrozenGraph());
        float[] before = Nets.param(whole, "first_W");
        DataSet features = helper.featurize(data(Nets.OUT));
        for (int i = 0; i < 30; i++) {
            helper.fitFeaturized(features);
        }
        assertThat(Nets.param(whole, "first_W"))
                .isNotEqualTo(before)
                .isEqualTo(Nets.param(helper.unfrozenGraph(), "first_W"));
        assertThatIllegalStateException().isThrownBy(() -> RECIPE.quantize(whole));
        QuantizedModel part = RECIPE.quantize(helper.unfrozenGraph());
        QuantizedModel model = Askew.mergeInto(whole, part);
        assertThat(Nets.param(model.toNetwork(), "first_W")).isEqualTo(Nets.param(part.toNetwork(), "first_W"));
        assertThat(Nets.param(model.toNetwork(), "left_W")).isEqualTo(Nets.param(whole, "left_W"));
        assertThat(model.output(data(Nets.OUT).getFeatures())).isEqualTo(part.output(features.getFeatures()));
    }

    @Test
    void aPartOfAnotherNetworkIsRefused() {
        MultiLayerNetwork network = pretrained();
        RECIPE.install(network);
        QuantizedModel model = RECIPE.quantize(network);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Askew.mergeInto(Nets.mlp(new Sgd(0.1)), model))
                .withMessageContaining("no layer 'a'");
        MultiLayerNetwork wider = new TransferLearning.Builder(pretrained())
                .nOutReplace(0, 7, WeightInit.XAVIER)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Askew.mergeInto(wider, model))
                .withMessageContaining("layer 'a', parameter 'W' has shape [4, 5] in the part")
                .withMessageContaining("[4, 7]");
    }

    @Test
    void theInstallationKeepsWhatAFineTuneConfigurationHasSet() {
        MultiLayerNetwork network = new TransferLearning.Builder(pretrained())
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Adam(1e-3))
                        .l2(0.01)
                        .build())
                .build();
        OWN_UPDATER.install(network);
        for (int i = 0; i < 3; i++) {
            List<Regularization> regularization = settings(network, i).getRegularization();
            assertThat(regularization).hasSize(2);
            assertThat(regularization.get(0)).isEqualTo(new L2Regularization(0.01));
            assertThat(((SkewedStep) regularization.get(1)).layer().name())
                    .isEqualTo(settings(network, i).getLayerName());
            assertThat(settings(network, i).getBiasUpdater()).isEqualTo(new Adam(1e-3));
        }
        fit(network, Nets.OUT);
        requireOnGrid(network, 3);
    }

    @Test
    void aConstraintThatAFineTuneConfigurationRemovesIsMissed() {
        for (Askew recipe : new Askew[] {RECIPE, OWN_UPDATER}) {
            MultiLayerNetwork installed = pretrained();
            recipe.install(installed);
            MultiLayerNetwork network = new TransferLearning.Builder(installed)
                    .fineTuneConfiguration(
                            new FineTuneConfiguration.Builder().l2(1e-4).build())
                    .build();
            assertThatIllegalStateException()
                    .isThrownBy(() -> recipe.quantize(network))
                    .withMessageContaining("layer 'a' has lost its constraint");
            assertThatIllegalStateException()
                    .isThrownBy(() -> recipe.install(network))
                    .withMessageContaining("call Askew.uninstall(network)");
            assertThatIllegalStateException()
                    .isThrownBy(() -> fit(network, Nets.OUT))
                    .withMessageContaining("layer 'a' has lost its constraint")
                    .withMessageContaining("Askew.uninstall(network)");
            assertThat(Askew.uninstall(network)).isTrue();
            assertThat(Nets.isConstrained(network)).isFalse();
            assertThat(settings(network, 0).getIUpdater()).isEqualTo(UPDATER);
            assertThat(settings(network, 0).getBiasUpdater()).isNull();
            assertThat(settings(network, 0).getRegularization()).containsExactly(new L2Regularization(1e-4));
            recipe.install(network);
            fit(network, Nets.OUT);
            requireOnGrid(network, 3);
        }
    }

    @Test
    void aConstraintThatIsLostInAGraphIsMissed() {
        ComputationGraph installed = graph();
        RECIPE.install(installed);
        ComputationGraph network = new TransferLearning.GraphBuilder(installed)
                .fineTuneConfiguration(
                        new FineTuneConfiguration.Builder().weightDecay(1e-4).build())
                .build();
        assertThatIllegalStateException()
                .isThrownBy(() -> Nets.fit(network, 1))
                .withMessageContaining("has lost its constraint");
        assertThat(Askew.uninstall(network)).isTrue();
        RECIPE.install(network);
        Nets.fit(network, 30);
        requireOnGrid(network, 4);
    }

    @Test
    void anUpdaterThatReplacesTheRecipesIsRefused() {
        MultiLayerNetwork installed = pretrained();
        OWN_UPDATER.install(installed);
        MultiLayerNetwork network = new TransferLearning.Builder(installed)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Nesterovs(0.01))
                        .build())
                .build();
        assertThatIllegalStateException()
                .isThrownBy(() -> fit(network, Nets.OUT))
                .withMessageContaining("layer 'a': the recipe was installed with Adam")
                .withMessageContaining("replaced it by Nesterovs");
        assertThat(Askew.uninstall(network)).isTrue();
        assertThat(settings(network, 0).getIUpdater()).isEqualTo(new Nesterovs(0.01));
        OWN_UPDATER.install(network);
        fit(network, Nets.OUT);
        requireOnGrid(network, 3);
    }

    @Test
    void anyUpdaterWillDoForARecipeWithoutOne() {
        MultiLayerNetwork installed = pretrained();
        RECIPE.install(installed);
        MultiLayerNetwork network = new TransferLearning.Builder(installed)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Adam(Nets.resting(1e-3)))
                        .build())
                .build();
        fit(network, Nets.OUT);
        requireOnGrid(network, 3);
    }

    @Test
    void layersThatAreKeptKeepTheConstraint() {
        MultiLayerNetwork installed = pretrained();
        RECIPE.install(installed);
        MultiLayerNetwork network = new TransferLearning.Builder(installed)
                .fineTuneConfiguration(
                        new FineTuneConfiguration.Builder().seed(3).build())
                .removeOutputLayer()
                .addLayer(Nets.output("new", Nets.HIDDEN, 2))
                .build();
        assertThat(network.getIterationCount()).isZero();
        fit(network, 2);
        requireOnGrid(network, 2);
    }

    @Test
    void aConstraintDoesNotFitALayerOfAnotherShape() {
        MultiLayerNetwork installed = pretrained();
        RECIPE.install(installed);
        MultiLayerNetwork network = new TransferLearning.Builder(installed)
                .nOutReplace(2, 2, WeightInit.XAVIER)
                .build();
        assertThatIllegalStateException()
                .isThrownBy(() -> fit(network, 2))
                .withMessageContaining("layer 'output'")
                .withMessageContaining("call Askew.uninstall(network) and install");
        assertThat(Askew.uninstall(network)).isTrue();
        RECIPE.install(network);
        fit(network, 2);
        requireOnGrid(network, 3);
    }

    @Test
    void layersThatWereTrainedAndThenFrozenAreQuantized() {
        MultiLayerNetwork trained = pretrained();
        RECIPE.install(trained);
        fit(trained, Nets.OUT);
        MultiLayerNetwork network =
                new TransferLearning.Builder(trained).setFeatureExtractor(1).build();
        fit(network, Nets.OUT);
        requireOnGrid(network, 3);
        assertThat(Askew.uninstall(network)).isTrue();
        assertThat(Nets.isConstrained(network)).isFalse();
    }

    private static void requireOnGrid(Model network, int parameters) {
        assertThat(InstalledParameter.of(network)).hasSize(parameters);
        AskewNets.requireDrawn(network);
        QuantizedModel model = network instanceof MultiLayerNetwork mln
                ? RECIPE.quantize(mln)
                : RECIPE.quantize((ComputationGraph) network);
        assertThat(model.parameters()).hasSize(parameters);
    }

    private static void fit(MultiLayerNetwork network, int classes) {
        for (int i = 0; i < 60; i++) {
            network.fit(data(classes));
        }
    }

    private static DataSet data(int classes) {
        INDArray features = Nets.normal(7, 12, Nets.IN);
        return new DataSet(features, Nets.oneHot(8, 12, classes));
    }

    private static BaseLayer settings(MultiLayerNetwork network, int layer) {
        return (BaseLayer) network.getLayer(layer).conf().getLayer();
    }

    /** a, b, output. */
    private static MultiLayerNetwork pretrained() {
        MultiLayerNetwork network = Nets.of(
                UPDATER,
                Nets.dense("a", Nets.IN, Nets.HIDDEN),
                Nets.dense("b", Nets.HIDDEN, Nets.HIDDEN),
                Nets.output("output", Nets.HIDDEN, Nets.OUT));
        Nets.fit(network, 5);
        return network;
    }

    private static ComputationGraph graph() {
        ComputationGraph network = Nets.graph(UPDATER);
        Nets.fit(network, 5);
        return network;
    }
}
