package io.github.dl4jaskew.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import example.Twice;
import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.testkit.CapturedLog;
import io.github.dl4jaskew.updater.AskewSgd;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.UnitNormConstraint;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Every symptom that the guide to dl4j-askew names is provoked, and says what the guide quotes. */
@Tag("training")
class AskewSymptomsTest {

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> everySymptomSaysWhatTheGuideQuotes() {
        Map<String, Symptom> known = new LinkedHashMap<>();
        known.put("The plan warns that the updater is too slow", this::slowUpdater);
        known.put("The plan warns of a recurrent layer", this::recurrent);
        known.put("The plan warns of small first weights", this::smallWeights);
        known.put("The weights are still trained in float", this::stillFloat);
        known.put("The plan warns that the float phase trains next to nothing", this::idleInFloat);
        known.put("The plan warns of a schedule by epoch", this::scheduleByEpoch);
        known.put("Training says that it begins anew below the quantization delay", this::delayedAnew);
        known.put("Accuracy collapses when eps starts to fall", this::collapse);
        known.put("`quantize` loses accuracy", this::staleStatistics);
        known.put("Weights are not on the grid after training", this::closeButNotOnTheGrid);
        known.put("The last report still shows a large distance to the grid", this::tooEarly);
        known.put("`quantize` says that the intervals closed long ago", this::tooLong);
        known.put("Nearly all weights are on one level", this::oneLevel);
        known.put("`fromScratch` refuses a trained network", this::trained);
        known.put("`fit` says that AskewSgd has no interval constraint", this::unconstrained);
        known.put("`quantize` says that no constraint is installed", this::notInstalled);
        known.put("`install` selects no weight, or does not know a layer", this::nothingClaimed);
        known.put("`install` says that a layer has a constraint already", this::installedTwice);
        known.put("`install` refuses alpha", this::overshoot);
        known.put("`install` finds no scale", this::noScale);
        known.put("`install` refuses a constraint of DL4J's", this::unitNorm);
        known.put("A layer is skipped", this::skipped);
        known.put("After `TransferLearning`, the first step fails", this::lostConstraint);
        known.put("Training stops at a number that is not finite", this::diverged);
        known.put("A loaded SameDiff graph does not train", this::notResumed);
        known.put("`save` refuses my layer", this::notPacked);
        known.put("`load` refuses a file", this::damaged);
        known.put("The edge predictor refuses a file", this::notForEdge);
        return Symptom.tests(Pages.ASKEW, known);
    }

    private static String message(ThrowingCallable code) {
        Throwable thrown = catchThrowable(code);
        assertThat(thrown).isNotNull();
        return thrown.getMessage();
    }

    private List<String> slowUpdater() {
        AskewPlan slow = recipe(5).updater(new Adam(0.001)).build().install(Given.network());
        AskewPlan brief = Askew.builder()
                .epsilon(Annealing.hold(10).thenExponential(1e-4, 100).byIteration())
                .updater(new Adam(0.01))
                .build()
                .install(Given.network());
        return List.of(slow.warnings().get(0), brief.warnings().get(0));
    }

    private List<String> recurrent() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new LSTM.Builder().name("lstm").nOut(4).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.recurrent(3))
                .build());
        net.init();
        return Askew.fromScratch(6, 100).quantizationDelay(0).build().plan(net).warnings();
    }

    private List<String> smallWeights() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new DenseLayer.Builder()
                        .name("hidden")
                        .nOut(64)
                        .weightInit(new NormalDistribution(0, 0.01))
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(784))
                .build());
        net.init();
        return List.of(Askew.fromScratch(6, 100).build().plan(net).warnings().get(0));
    }

    private List<String> stillFloat() {
        MultiLayerNetwork net = Given.network();
        Askew askew = recipe(5).quantizationDelay(4).build();
        askew.install(net);
        DataSet batch = Given.train().next();
        for (int i = 0; i < 3; i++) {
            net.fit(batch);
        }
        String warning = askew.quantize(net).warnings().get(0);
        return List.of(warning.substring(0, warning.indexOf(". Rounding moves")));
    }

    private List<String> idleInFloat() {
        return recipe(5)
                .quantizationDelay(300)
                .build()
                .plan(Given.homogeneous(new Sgd()))
                .warnings()
                .subList(0, 1);
    }

    private List<String> scheduleByEpoch() {
        return recipe(5)
                .quantizationDelay(4)
                .updater(new Adam(new ExponentialSchedule(ScheduleType.EPOCH, 0.3, 0.9)))
                .build()
                .plan(Given.homogeneous(new Adam(0.01)))
                .warnings()
                .subList(0, 1);
    }

    private List<String> delayedAnew() {
        MultiLayerNetwork net = Given.homogeneous(new Adam(0.01));
        recipe(5).quantizationDelay(4).build().install(net);
        net.fit(Given.train(), 1);
        net.output(Given.test());
        net.setIterationCount(0);
        try (CapturedLog log = CapturedLog.warningsOf("io.github.dl4jaskew.internal.askewsgd.QuantizationDelay")) {
            net.fit(Given.train().next());
            assertThat(log.lines()).hasSameSizeAs(List.of("hidden", "output"));
            return log.lines().subList(0, 1);
        }
    }

    private static Askew.Builder recipe(int hold) {
        return Askew.builder().epsilon(Annealing.hold(hold).thenExponential(0.1));
    }

    private List<String> collapse() {
        Askew slow = recipe(2).scale(Scale.unit()).updater(new Adam(0.001)).build();
        double[] shown =
                overFiveSeeds(seed -> report(afterTheHold(slow, seed)).total().meanDistance());
        assertThat(shown[1])
                .as("what the listener shows of four networks of five")
                .isGreaterThan(0.5);
        double[] rise = overFiveSeeds(seed -> riseInTheFirstStep(slow, seed));
        assertThat(rise[1])
                .as("loss after eps fell, over loss before, for four networks of five")
                .isGreaterThan(1);
        assertThat(rise[2]).as("median").isGreaterThan(1.5);
        return slow.install(Given.network()).warnings().stream()
                .map(w -> w.substring(w.indexOf("so that"), w.indexOf(" cell;")))
                .toList();
    }

    private static MultiLayerNetwork afterTheHold(Askew slow, long seed) {
        MultiLayerNetwork net = Given.network(new Adam(0.01), seed);
        net.fit(Given.train(), 40);
        slow.install(net);
        net.fit(Given.train(), 3);
        return net;
    }

    private static double riseInTheFirstStep(Askew slow, long seed) {
        MultiLayerNetwork net = afterTheHold(slow, seed);
        double held = loss(net);
        net.fit(Given.train(), 1);
        return loss(net) / held;
    }

    /** In ascending order: what a single training comes to depends on the processor. */
    private static double[] overFiveSeeds(LongToDoubleFunction measured) {
        return LongStream.rangeClosed(1, 5).mapToDouble(measured).sorted().toArray();
    }

    private static AskewReport report(MultiLayerNetwork net) {
        return new AskewListener().report(net, net.getIterationCount(), net.getEpochCount());
    }

    /** Accuracy follows it, in steps of one flower of fifty. */
    private static double loss(MultiLayerNetwork net) {
        return net.score(Given.split().test());
    }

    private List<String> staleStatistics() {
        double[] ratios = overFiveSeeds(AskewSymptomsTest::lossWithStaleStatistics);
        assertThat(ratios[1])
                .as("loss without the data, over loss with them, for four networks of five")
                .isGreaterThan(1);
        assertThat(ratios[2]).as("median").isGreaterThan(2);
        return List.of();
    }

    private static double lossWithStaleStatistics(long seed) {
        MultiLayerNetwork net = Given.network(new Adam(0.003), seed);
        net.fit(Given.train(), 60);
        Askew rounding = Askew.builder()
                .scale(Scale.max())
                .epsilon(Annealing.hold(0).thenLinear(1))
                .build();
        rounding.install(net);
        double stale = loss(rounding.quantize(net).toMultiLayerNetwork());
        double estimated = loss(rounding.quantize(net, Given.train()).toMultiLayerNetwork());
        return stale / estimated;
    }

    private List<String> closeButNotOnTheGrid() {
        MultiLayerNetwork net = Given.network();
        Askew askew = Askew.fromScratch(60, Given.ITERATIONS).build();
        askew.install(net);
        net.fit(Given.train(), 60);
        INDArray trained = net.getLayer("hidden").getParam("W");
        MultiLayerNetwork served = askew.quantize(net, Given.train()).toMultiLayerNetwork();
        INDArray exact = served.getLayer("hidden").getParam("W");
        double apart = trained.sub(exact).amaxNumber().doubleValue();
        assertThat(apart).isPositive().isLessThan(0.01 * exact.amaxNumber().doubleValue());
        return List.of();
    }

    private List<String> tooEarly() {
        MultiLayerNetwork net = Given.network();
        Askew.fromScratch(60, Given.ITERATIONS).build().install(net);
        net.fit(Given.train(), 35);
        AskewReport report = report(net);
        assertThat(report.epsilon()).isEqualTo(1);
        double atTheEnd = 1 - Interval.tau(1e-4);
        assertThat(report.total().maxDistance()).as("half cells to the grid").isGreaterThan(10 * atTheEnd);
        return List.of();
    }

    private List<String> tooLong() {
        MultiLayerNetwork net = Given.network();
        Askew askew = Askew.fromScratch(10, Given.ITERATIONS).build();
        askew.install(net);
        net.fit(Given.train(), 20);
        return askew.quantize(net, Given.train()).warnings();
    }

    private List<String> unconstrained() {
        return List.of(message(() -> Given.network(new AskewSgd(0.1)).fit(Given.train())));
    }

    private List<String> notInstalled() {
        return List.of(message(() -> recipe(1).build().quantize(Given.network())));
    }

    private List<String> nothingClaimed() {
        String noLayer =
                message(() -> recipe(1).layers(Layers.named("dense")).build().install(Given.network()));
        String nothing = message(() ->
                recipe(1).layers(Layers.ofType(ConvolutionLayer.class)).build().install(Given.network()));
        return List.of(noLayer, nothing.lines().findFirst().orElseThrow());
    }

    private List<String> installedTwice() {
        MultiLayerNetwork net = Given.network();
        recipe(1).build().install(net);
        return List.of(message(() -> recipe(1).build().install(net)));
    }

    private List<String> overshoot() {
        return List.of(message(() -> recipe(1).alpha(4).build().install(Given.network(new AskewSgd(0.5)))));
    }

    /** The guide says it in its own words. */
    private List<String> oneLevel() {
        MultiLayerNetwork net = Given.network();
        net.getLayer("hidden").getParam("W").putScalar(0, 1e3);
        AskewPlan plan = recipe(1).grid(Grid.ternary()).build().install(net);
        assertThat(plan.warnings()).anyMatch(w -> w.contains("are nearest to level 0.0"));
        return List.of();
    }

    /** The guide says it in its own words. */
    private List<String> trained() {
        MultiLayerNetwork net = Given.network();
        net.getUpdater(true);
        net.setIterationCount(3);
        assertThat(message(() -> Askew.fromScratch(2, 2).build().install(net)))
                .contains("the network is trained", "Askew.fromTrained", "initialScale(0.06)");
        return List.of();
    }

    private List<String> noScale() {
        MultiLayerNetwork net = Given.network();
        net.getLayer("hidden").getParam("W").assign(0);
        return List.of(message(() -> recipe(1).build().install(net)));
    }

    private List<String> unitNorm() {
        MultiLayerNetwork net = Given.initialised(Given.builder(new Adam())
                .list()
                .layer(new DenseLayer.Builder()
                        .name("hidden")
                        .nIn(4)
                        .nOut(16)
                        .constrainWeights(new UnitNormConstraint(0))
                        .build())
                .layer(Given.output(16))
                .build());
        net.getLayer("hidden").getParam("W").assign(0.25);
        return List.of(message(() -> recipe(1).build().install(net)));
    }

    private List<String> skipped() {
        MultiLayerNetwork separable = Given.initialised(Given.builder(new Adam())
                .list()
                .layer(new SeparableConvolution2D.Builder(3, 3).nOut(4).build())
                .layer(Given.output(0))
                .setInputType(InputType.convolutional(8, 8, 1))
                .build());
        MultiLayerNetwork frozen = new TransferLearning.Builder(Given.network())
                .setFeatureExtractor(1)
                .build();
        AskewPlan plan = recipe(1).build().install(separable);
        AskewPlan frozenPlan = recipe(1).build().install(frozen);
        AskewPlan usual = recipe(1)
                .layers(Layers.exceptFirstAndLast().or(Layers.named("output")))
                .build()
                .install(Given.network());
        return List.of(
                plan.skipped().get(0).skipped(),
                frozenPlan.skipped().get(0).skipped(),
                frozenPlan.warnings().get(0),
                usual.skipped().get(0).skipped(),
                usual.skipped().get(1).skipped());
    }

    private List<String> lostConstraint() {
        MultiLayerNetwork net = Given.network();
        Askew.fromScratch(1, Given.ITERATIONS).build().install(net);
        return List.of(
                message(() -> fineTuned(
                                net,
                                new FineTuneConfiguration.Builder().l2(1e-4).build())
                        .fit(Given.train())),
                message(() -> fineTuned(
                                net,
                                new FineTuneConfiguration.Builder()
                                        .updater(new Sgd(0.1))
                                        .build())
                        .fit(Given.train())));
    }

    private static MultiLayerNetwork fineTuned(MultiLayerNetwork net, FineTuneConfiguration configuration) {
        return new TransferLearning.Builder(net)
                .fineTuneConfiguration(configuration)
                .build();
    }

    private List<String> diverged() {
        MultiLayerNetwork net = Given.network(new Sgd(1e38));
        recipe(50).build().install(net);
        return List.of(message(() -> net.fit(Given.train())).replaceFirst("\\d+ is Infinity", "8 is Infinity"));
    }

    private List<String> notResumed() {
        SameDiff graph = SameDiff.create();
        SDVariable features = graph.placeHolder("features", DataType.FLOAT, -1, 4);
        SDVariable labels = graph.placeHolder("labels", DataType.FLOAT, -1, 3);
        SDVariable logits = features.mmul(graph.var("w", Nd4j.ones(DataType.FLOAT, 4, 3)));
        graph.loss.softmaxCrossEntropy("loss", labels, logits, null);
        graph.setLossVariables("loss");
        graph.setTrainingConfig(TrainingConfig.builder()
                .updater(new Adam(0.01))
                .dataSetFeatureMapping("features")
                .dataSetLabelMapping("labels")
                .build());
        recipe(1).build().install(graph);
        File file = directory.resolve("graph.fb").toFile();
        graph.save(file, true);
        return List.of(message(() -> SameDiff.load(file, true).fit(Given.train(), 1)));
    }

    private List<String> notPacked() {
        MultiLayerNetwork net = Given.initialised(Given.configuration(new Adam(), new Twice()));
        Askew askew = recipe(1).build();
        askew.install(net);
        QuantizedModel model = askew.quantize(net);
        return List.of(message(() -> model.save(directory.resolve("own.askew"))));
    }

    private List<String> damaged() throws Exception {
        MultiLayerNetwork net = Given.network();
        Askew askew = recipe(1).build();
        askew.install(net);
        Path file = directory.resolve("model.askew");
        askew.quantize(net).save(file);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        String cut = message(() -> QuantizedModel.load(file));
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        String flipped = message(() -> QuantizedModel.load(file));
        Files.writeString(file, "PK, a zip file of DL4J's ModelSerializer");
        String other = message(() -> QuantizedModel.load(file));
        return List.of(cut.replaceFirst(":.*", ""), flipped.replaceFirst(".* is damaged", "is damaged"), other);
    }

    private List<String> notForEdge() throws Exception {
        MultiLayerNetwork net = Given.initialised(Given.builder(new Adam())
                .list()
                .layer(new SelfAttentionLayer.Builder()
                        .name("attention")
                        .nIn(4)
                        .nOut(5)
                        .nHeads(1)
                        .projectInput(true)
                        .build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .name("output")
                        .nIn(5)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        Askew askew = recipe(1).build();
        askew.install(net);
        Path file = directory.resolve("attention.askew");
        askew.quantize(net).save(file);
        return List.of(message(() -> EdgeModel.load(file)));
    }
}
