package io.github.dl4jaskew.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.margin.MarginListener;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.earlystopping.MarginScoreCalculator;
import io.github.dl4jaskew.margin.latestage.LossBasedTraining;
import io.github.dl4jaskew.testkit.CapturedLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Every symptom that the guide to dl4j-margin names is provoked, and says what the guide quotes. */
@Tag("training")
class MarginSymptomsTest {

    private final Batches train = Batches.inOrder(Given.split().train(), Given.BATCH);

    @TestFactory
    Stream<DynamicTest> everySymptomSaysWhatTheGuideQuotes() {
        Map<String, Symptom> known = new LinkedHashMap<>();
        known.put("`normalizedMargin()` is empty: the margin is refused", this::refused);
        known.put("The normalized margin stands still, and the loss is 0", this::clipped);
        known.put("The first measurement fails", this::noLogits);
        known.put("The loss is not known as a function of the margin", this::unknownLoss);
        known.put("There are no distances to the decision boundary", this::noDistances);
        known.put("Distances take very long", this::manyClasses);
        known.put("The tracker cannot be built", this::contradictions);
        known.put("The same iteration is measured twice", this::measuredTwice);
        known.put("The margin never becomes positive", this::neverSeparated);
        known.put("`LossBasedTraining` refuses my network", this::lateStageRefused);
        known.put("Early stopping fails at the first score", this::noScore);
        return Symptom.tests(Pages.MARGIN, known);
    }

    private static String message(ThrowingCallable code) {
        Throwable thrown = catchThrowable(code);
        assertThat(thrown).isNotNull();
        return thrown.getMessage();
    }

    private static OutputLayer output(LossFunction loss, Activation activation) {
        return new OutputLayer.Builder(loss)
                .name("output")
                .nIn(16)
                .nOut(3)
                .hasBias(false)
                .activation(activation)
                .build();
    }

    private static MultiLayerNetwork network(DenseLayer hidden, OutputLayer output) {
        return Given.initialised(
                Given.builder(new Adam(0.01)).list().layer(hidden).layer(output).build());
    }

    private static DenseLayer.Builder hidden() {
        return new DenseLayer.Builder()
                .name("hidden")
                .nIn(4)
                .nOut(16)
                .hasBias(false)
                .activation(Activation.RELU);
    }

    private MarginSnapshot measure(MultiLayerNetwork net) {
        return MarginTracker.builder(train).build().current(net);
    }

    private List<String> refused() {
        OutputLayer softmax = output(LossFunction.MCXENT, Activation.SOFTMAX);
        MultiLayerNetwork bias = network(hidden().build(), Given.output(16));
        MultiLayerNetwork tanh = network(hidden().activation(Activation.TANH).build(), softmax);
        MultiLayerNetwork norm = Given.initialised(Given.builder(new Adam(0.01))
                .list()
                .layer(hidden().build())
                .layer(new BatchNormalization.Builder()
                        .name("norm")
                        .nIn(16)
                        .nOut(16)
                        .build())
                .layer(softmax)
                .build());
        for (MultiLayerNetwork net : List.of(bias, tanh, norm)) {
            assertThat(measure(net).normalizedMargin()).isEmpty();
            assertThat(measure(net).minimumMargin()).isFinite();
        }
        MultiLayerNetwork homogeneous = Given.homogeneous(new Adam(0.01));
        return Stream.of(bias, tanh, norm, homogeneous)
                .flatMap(net -> measure(net).reasons().stream())
                .toList();
    }

    private List<String> clipped() {
        MultiLayerNetwork net = network(hidden().build(), output(LossFunction.MCXENT, Activation.SOFTMAX));
        net.setParams(net.params().mul(1000));
        net.score(new DataSet(Nd4j.ones(1, 4), Nd4j.createFromArray(new float[][] {{1, 0, 0}})));
        assertThat(measure(net).logLossSum()).isPresent();
        return List.of();
    }

    private List<String> noDistances() {
        MultiLayerNetwork words = Given.initialised(Given.builder(new Adam())
                .list()
                .layer(new EmbeddingLayer.Builder()
                        .name("words")
                        .nIn(7)
                        .nOut(16)
                        .build())
                .layer(output(LossFunction.MCXENT, Activation.SOFTMAX))
                .build());
        FrozenLayer fixed = new FrozenLayer(hidden().build());
        fixed.setLayerName("fixed");
        MultiLayerNetwork frozen = Given.initialised(Given.builder(new Adam())
                .list()
                .layer(fixed)
                .layer(output(LossFunction.MCXENT, Activation.SOFTMAX))
                .build());
        DataSet labels = new DataSet(
                Nd4j.createFromArray(new float[][] {{1}}), Nd4j.eye(3).getRow(0, true));
        ComputationGraph graph = new ComputationGraph(Given.builder(new Adam())
                .graphBuilder()
                .addInputs("words")
                .addLayer(
                        "vectors", new EmbeddingLayer.Builder().nIn(7).nOut(16).build(), "words")
                .addLayer("output", output(LossFunction.MCXENT, Activation.SOFTMAX), "vectors")
                .setOutputs("output")
                .build());
        graph.init();
        return Stream.of(
                        distances(words, Batches.inOrder(labels, 1)),
                        distances(frozen, train),
                        distances(graph, Batches.inOrder(labels, 1)))
                .flatMap(reasons -> reasons.stream().filter(r -> r.startsWith("distance")))
                .toList();
    }

    private static List<String> distances(Model net, Batches data) {
        return MarginTracker.builder(data)
                .robustness()
                .build()
                .measure(net, 1, 0)
                .reasons();
    }

    private List<String> manyClasses() {
        MultiLayerNetwork net = network(
                hidden().build(),
                new OutputLayer.Builder(LossFunction.MCXENT)
                        .name("output")
                        .nIn(16)
                        .nOut(30)
                        .activation(Activation.SOFTMAX)
                        .build());
        DataSet data = new DataSet(Nd4j.ones(1, 4), Nd4j.eye(30).getRow(0, true));
        try (CapturedLog log = CapturedLog.warningsOf("io.github.dl4jaskew.margin.internal.measure.MeasuredNetwork")) {
            distances(net, Batches.inOrder(data, 1));
            return log.lines().stream()
                    .filter(message -> message.startsWith("distances"))
                    .toList();
        }
    }

    private List<String> noLogits() {
        MultiLayerNetwork noOutput = Given.initialised(
                Given.builder(new Adam()).list().layer(hidden().build()).build());
        MultiLayerNetwork diverged = network(hidden().build(), Given.output(16));
        diverged.setParams(diverged.params().mul(Float.MAX_VALUE));
        MultiLayerNetwork zero = Given.homogeneous(new Adam());
        zero.setParams(zero.params().mul(0));
        return List.of(
                message(() -> measure(noOutput)),
                message(() -> measure(diverged)).replaceFirst("logit .*: training", "training"),
                message(() -> measure(zero)));
    }

    private List<String> unknownLoss() {
        MarginSnapshot squared = measure(network(hidden().build(), output(LossFunction.MSE, Activation.IDENTITY)));
        MarginSnapshot sigmoids = measure(network(hidden().build(), output(LossFunction.XENT, Activation.SIGMOID)));
        assertThat(squared.normalizedMargin()).isPresent();
        assertThat(squared.smoothedMargin()).isEmpty();
        return List.of(squared.reasons().get(0), sigmoids.reasons().get(0));
    }

    private List<String> contradictions() {
        return List.of(
                message(() -> MarginTracker.free(4).gradients().build()),
                message(() -> MarginTracker.builder(new OnlyOnce(Given.split().train()))
                        .streaming()
                        .build()));
    }

    private List<String> measuredTwice() {
        MultiLayerNetwork net = Given.homogeneous(new Adam(0.01));
        MarginTracker tracker = MarginTracker.builder(train).build();
        tracker.measure(net, 5, 0);
        return List.of(message(() -> tracker.measure(net, 5, 0)));
    }

    private List<String> neverSeparated() {
        MultiLayerNetwork net = Given.homogeneous(new Adam(0.01));
        DataSet contradicting =
                new DataSet(Nd4j.ones(3, 4), Nd4j.createFromArray(new float[][] {{1, 0, 0}, {0, 1, 0}, {1, 0, 0}}));
        Batches both = Batches.whole(contradicting);
        MarginTracker tracker = MarginTracker.builder(both).build();
        net.addListeners(new MarginListener(tracker));
        net.fit(both, 50);
        // one of three rows contradicts the other two: at a tie, rounding would decide
        assertThat(tracker.history().last().minimumMargin()).isNotPositive();
        assertThat(tracker.history().last().stage().entered()).isFalse();
        return List.of();
    }

    private List<String> lateStageRefused() {
        MultiLayerNetwork watched = Given.homogeneous(new Sgd(0.1));
        watched.addListeners(new MarginListener(MarginTracker.builder(train).build()));
        MultiLayerNetwork squared = network(hidden().build(), output(LossFunction.MSE, Activation.IDENTITY));
        return List.of(
                message(() -> LossBasedTraining.builder().build().fit(watched, train)),
                message(() -> LossBasedTraining.builder().build().fit(squared, train)));
    }

    private List<String> noScore() {
        MultiLayerNetwork biased = network(hidden().build(), Given.output(16));
        MarginTracker tracker = MarginTracker.builder(train).build();
        return List.of(message(() -> new MarginScoreCalculator<MultiLayerNetwork>(tracker).calculateScore(biased)));
    }
}
