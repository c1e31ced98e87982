package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.dl4jaskew.baseline.AdaSte;
import io.github.dl4jaskew.baseline.BinaryConnect;
import io.github.dl4jaskew.baseline.BinaryRelax;
import io.github.dl4jaskew.baseline.Parq;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.baseline.ProxQuant;
import io.github.dl4jaskew.baseline.ReSte;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.Growth;
import io.github.dl4jaskew.testkit.Nets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What holds for every method: it is installed, saved, resumed, reported, quantized and taken off as AskewSGD is. */
class BaselinesTest {

    static List<QuantizedTraining> methods() {
        List<QuantizedTraining> methods = new ArrayList<>();
        methods.add(BinaryConnect.builder().grid(Grid.ternary()).build());
        methods.add(BinaryConnect.builder()
                .stochastic(5)
                .grid(Grid.of(-1, -0.2, 0.1, 1))
                .scale(Scale.max().perChannel())
                .updater(new Adam(0.1))
                .learningRateUnit(LearningRateUnit.CELL)
                .build());
        methods.add(ProxQuant.builder()
                .grid(Grid.uniform(2))
                .lambda(Growth.linear(0.02).byIteration())
                .updater(new Sgd(0.5))
                .learningRateUnit(LearningRateUnit.CELL)
                .build());
        methods.add(ProxQuant.builder()
                .lambda(Growth.linear(1).byIteration().infiniteFrom(9))
                .timesLearningRate()
                .build());
        methods.add(BinaryRelax.builder()
                .grid(Grid.powersOfTwo(3))
                .lambda(Growth.exponential(1, 1.3).byIteration().infiniteFrom(9))
                .layers(Layers.all().except(Layers.firstAndLast()).or(Layers.all()))
                .build());
        methods.add(Parq.builder()
                .scale(Scale.meanAbs())
                .inverseSlope(Annealing.hold(2).thenLinear(8).byIteration())
                .updater(new Adam(0.05))
                .learningRateUnit(LearningRateUnit.CELL)
                .build());
        methods.add(AdaSte.builder()
                .grid(Grid.uniform(2))
                .mu(Growth.exponential(0.5, 2).byIteration())
                .updater(new Adam(0.05))
                .build());
        methods.add(ReSte.builder()
                .power(Growth.linear(1, 0.2).byIteration())
                .updater(new Adam(0.05))
                .build());
        return methods;
    }

    static Stream<QuantizedTraining> allMethods() {
        return Stream.concat(
                methods().stream(), Stream.of(PostTrainingQuantization.builder().build()));
    }

    private static MultiLayerNetwork install(QuantizedTraining method) {
        MultiLayerNetwork network = Nets.mlp(new Adam(0.01));
        method.install(network);
        return network;
    }

    @ParameterizedTest
    @MethodSource("methods")
    void configurationsSurviveJson(QuantizedTraining method) {
        MultiLayerConfiguration list = Nets.mlpConf(new Sgd(0.1));
        method.install(list);
        assertThat(MultiLayerConfiguration.fromJson(list.toJson())).isEqualTo(list);
        assertThat(list.clone()).isEqualTo(list);
        ComputationGraphConfiguration graph = Nets.graphConf(new Sgd(0.1));
        method.install(graph);
        assertThat(ComputationGraphConfiguration.fromJson(graph.toJson())).isEqualTo(graph);
        assertThat(graph.clone().toJson()).isEqualTo(graph.toJson());
        MultiLayerNetwork network = Nets.init(list);
        Nets.fit(network, 2);
        MultiLayerNetwork same = Nets.mlp(new Sgd(0.1));
        method.install(same);
        Nets.fit(same, 2);
        assertThat(Nets.params(network)).isEqualTo(Nets.params(same));
    }

    @ParameterizedTest
    @MethodSource("allMethods")
    void quantizesOntoLevelsAndLeavesTheNetworkAlone(QuantizedTraining method) {
        MultiLayerNetwork network = Nets.mlp(new Adam(0.01));
        AskewPlan plan = method.install(network);
        Nets.fit(network, 11);
        String configuration = Nets.configuration(network);
        float[] params = Nets.params(network);

        QuantizedModel model = method.quantize(network, Nets.iterator(4));

        assertThat(model.parameters()).hasSameSizeAs(plan.constrained());
        MultiLayerNetwork served = model.toMultiLayerNetwork();
        assertThat(Nets.isConstrained(served)).isFalse();
        assertThat(served.getIterationCount()).isEqualTo(11);
        model.parameters().forEach(p -> {
            float[] levels =
                    new float[p.grid().grid().size() * p.grid().channels().count()];
            for (int i = 0; i < levels.length; i++) {
                levels[i] = (float) p.grid()
                        .level(i / p.grid().grid().size(), i % p.grid().grid().size());
            }
            for (float w :
                    served.getLayer(p.layer()).getParam(p.name()).dup().data().asFloat()) {
                assertThat(levels).contains(w);
            }
        });
        Nets.requireSameConfiguration(network, configuration);
        assertThat(Nets.params(network)).isEqualTo(params);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void listenersReportDistancesAndFlips(QuantizedTraining method) {
        MultiLayerNetwork network = install(method);
        AskewListener listener = new AskewListener(1);
        network.setListeners(listener);
        Nets.fit(network, 5);
        AskewReport report = listener.lastReport();
        assertThat(report).isNotNull();
        assertThat(report.epsilon()).isEqualTo(1);
        assertThat(report.tau()).isZero();
        assertThat(report.total().flips()).isNotNegative();
        assertThat(report.total().meanDistance()).isPositive();
        assertThat(report.parameters()).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void trainsTheSameWithoutWorkspaces(QuantizedTraining method) {
        MultiLayerNetwork with = install(method);
        MultiLayerConfiguration conf = Nets.mlpConf(new Adam(0.01));
        conf.setTrainingWorkspaceMode(WorkspaceMode.NONE);
        conf.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        MultiLayerNetwork without = Nets.init(conf);
        method.install(without);
        Nets.fit(with, 4);
        Nets.fit(without, 4);
        assertThat(Nets.params(with)).isEqualTo(Nets.params(without));
        assertThat(with.output(Nets.data().getFeatures()))
                .isEqualTo(without.output(Nets.data().getFeatures()));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void scoringAndForwardPassesInTrainingModeLeaveNoStaleWeights(QuantizedTraining method) {
        MultiLayerNetwork plain = install(method);
        MultiLayerNetwork watched = install(method);
        for (int i = 0; i < 4; i++) {
            plain.fit(Nets.data());
            watched.fit(Nets.data());
            watched.score(Nets.data(), true);
            watched.score(Nets.data());
            watched.output(Nets.data().getFeatures());
            watched.feedForward(Nets.data().getFeatures(), false);
        }
        assertThat(Nets.params(watched)).isEqualTo(Nets.params(plain));
    }

    /** DL4J keeps the weights that a forward pass in training mode saw for a backward pass that never comes. */
    @ParameterizedTest
    @MethodSource("methods")
    void outputInTrainingModeLeavesNoStaleWeights(QuantizedTraining method) {
        MultiLayerNetwork plain = install(method);
        MultiLayerNetwork watched = install(method);
        for (int i = 0; i < 4; i++) {
            plain.fit(Nets.data());
            watched.fit(Nets.data());
            watched.output(Nets.data().getFeatures(), true);
        }
        assertThat(Nets.params(watched)).isEqualTo(Nets.params(plain));
    }

    @Test
    void proxQuantWithInfiniteLambdaHoldsWeightsOnLevels() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        ProxQuant.builder().lambda(Growth.linear(0.01).infiniteFrom(0)).build().install(network);
        Nets.fit(network, 1);
        AskewReport report = new AskewListener().report(network, 1, 0);
        assertThat(report.total().maxDistance()).isLessThan(1e-6);
        String text = network.getLayer(0).conf().getLayer().toString();
        assertThat(text).contains("ProxStep(hidden, lambda: 0.01 * k by EPOCH, infinite from 0.0)");
    }

    @Test
    void plansNameMethodAndNumbers() {
        for (QuantizedTraining method : methods()) {
            String plan = method.install(Nets.mlp(new Sgd(0.1))).toString();
            assertThat(plan)
                    .containsIgnoringCase(method.getClass().getSimpleName() + ": ")
                    .contains("scale: ");
        }
        assertThat(methods().toString()).contains("stochastic 5", "times learning rate", "inverse slope");
    }

    /** As in networks that DL4J imports from Keras without their training. */
    @Test
    void postTrainingNeedsNoUpdater() {
        PostTrainingQuantization method =
                PostTrainingQuantization.builder().grid(Grid.uniform(2)).build();
        MultiLayerNetwork with = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Sgd(0.1))
                .list()
                .layer(new Bidirectional(new LSTM.Builder().nIn(3).nOut(4).build()))
                .layer(new RnnOutputLayer.Builder(LossFunction.MSE)
                        .nIn(8)
                        .nOut(2)
                        .build())
                .build());
        with.init();
        MultiLayerNetwork without = with.clone();
        Bidirectional layer = (Bidirectional) without.getLayer(0).conf().getLayer();
        ((BaseLayer) layer.getFwd()).setIUpdater(null);
        ((BaseLayer) layer.getBwd()).setIUpdater(null);
        assertThat(method.quantize(without).toMultiLayerNetwork().params())
                .isEqualTo(method.quantize(with).toMultiLayerNetwork().params());
    }

    @Test
    void postTrainingChangesNothingAtItsInstallation() {
        PostTrainingQuantization method =
                PostTrainingQuantization.builder().grid(Grid.uniform(2)).build();
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        String before = Nets.configuration(network);
        AskewPlan plan = method.install(network);
        Nets.requireSameConfiguration(network, before);
        assertThat(plan.toString()).contains("uniform(2)", "post-training quantization (PTQ)");
        MultiLayerConfiguration conf = Nets.mlpConf(new Sgd(0.1));
        String untouched = conf.toJson();
        assertThat(method.install(conf)).isEqualTo(plan);
        assertThat(conf.toJson()).isEqualTo(untouched);
        ComputationGraph graph = Nets.graph(new Sgd(0.1));
        assertThat(method.install(graph)).isEqualTo(method.install(Nets.graphConf(new Sgd(0.1))));
        assertThat(Nets.isConstrained(graph)).isFalse();
        assertThat(method)
                .hasToString("PostTrainingQuantization(uniform(2), scale mse, layers all, the network's updater,"
                        + " learning rate per WEIGHT)");
    }

    @Test
    void refusesWhatCannotWork() {
        assertThatIllegalStateException().isThrownBy(() -> ProxQuant.builder().build());
        assertThatIllegalStateException().isThrownBy(() -> BinaryRelax.builder().build());
        assertThatIllegalStateException().isThrownBy(() -> Parq.builder().build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BinaryConnect.builder().scale(Scale.sawb()).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxQuant.builder()
                        .lambda(Growth.linear(1))
                        .timesLearningRate()
                        .build()
                        .install(Nets.mlp(new AdaDelta())))
                .withMessageContaining("AdaDelta has none");
        MultiLayerConfiguration noisy = Nets.mlpConf(new Sgd(0.1));
        ((org.deeplearning4j.nn.conf.layers.BaseLayer) noisy.getConf(0).getLayer())
                .setWeightNoise(new DropConnect(0.5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BinaryConnect.builder().build().install(noisy))
                .withMessageContaining("layer 'hidden' has a weight noise already");
        MultiLayerNetwork raw = new MultiLayerNetwork(Nets.mlpConf(new Sgd(0.1)));
        assertThatIllegalStateException()
                .isThrownBy(() -> PostTrainingQuantization.builder().build().install(raw));
        assertThatIllegalStateException()
                .isThrownBy(() -> PostTrainingQuantization.builder().build().quantize(raw));
        ComputationGraph rawGraph = new ComputationGraph(Nets.graphConf(new Sgd(0.1)));
        assertThatIllegalStateException()
                .isThrownBy(() -> PostTrainingQuantization.builder().build().install(rawGraph));
        assertThatIllegalStateException()
                .isThrownBy(() -> PostTrainingQuantization.builder().build().quantize(rawGraph));
    }

    @Test
    void namesTheWeightThatIsNotFinite() {
        for (QuantizedTraining method : methods()) {
            MultiLayerNetwork network = install(method);
            network.getLayer("hidden").getParam("W").putScalar(3, Double.NaN);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.fit(Nets.data()))
                    .withMessageContaining("layer 'hidden', parameter 'W', iteration 0")
                    .withMessageContaining("NaN");
        }
    }
}
