package io.github.dl4jaskew.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.margin.MarginFile;
import io.github.dl4jaskew.margin.MarginHistory;
import io.github.dl4jaskew.margin.MarginListener;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.chart.MarginCharts;
import io.github.dl4jaskew.margin.earlystopping.MarginScoreCalculator;
import io.github.dl4jaskew.margin.earlystopping.MarginTermination;
import io.github.dl4jaskew.margin.homogeneity.Homogeneity;
import io.github.dl4jaskew.margin.latestage.LateStageReport;
import io.github.dl4jaskew.margin.latestage.LossBasedTraining;
import io.github.dl4jaskew.margin.latestage.NormalizedSgd;
import io.github.dl4jaskew.margin.loss.LogDomainLoss;
import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.storage.MarginStorage;
import io.github.dl4jaskew.margin.ui.MarginPage;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** The snippets of the guide to dl4j-margin. */
@Tag("training")
class MarginSnippetsTest {

    @TempDir
    Path directory;

    private final Batches train = Batches.inOrder(Given.split().train(), Given.BATCH);

    @Test
    void theFirstMeasurement() {
        MultiLayerNetwork net = Given.homogeneous(new Adam(0.01));
        Path path = directory.resolve("margin.csv");
        // tag::first
        MarginTracker tracker = MarginTracker.builder(train).every(1).epochs().build();
        net.addListeners(new MarginListener(tracker).to(MarginFile.csv(path)::append));
        net.fit(train, 100);

        MarginSnapshot last = tracker.history().last();
        System.out.println(last.normalizedMargin()); // empty? then last.reasons() says why
        // end::first
        assertThat(last.normalizedMargin()).isPresent();
        assertThat(path).content().hasLineCount(101);
    }

    @Test
    void theDegree() {
        MultiLayerNetwork net = Given.homogeneous(new Adam(0.01));
        // tag::degree
        System.out.println(Homogeneity.of(net)); // layer by layer, and what prevents it
        // end::degree
        assertThat(Homogeneity.of(net).degree()).hasValue(2);
    }

    @Test
    void whatToMeasure() {
        MultiLayerNetwork net = Given.homogeneous(new Adam(0.01));
        // tag::settings
        MarginTracker tracker = MarginTracker.builder(train)
                .every(500)
                .iterations() // the data are then kept in memory
                .gradients() // alignment, KKT residuals: one more pass, forward and backward
                .neuralCollapse() // of the last hidden layer: two more passes
                .robustness() // K - 1 passes of K classes, and 16 products of square matrices per layer
                .build();
        MarginSnapshot now = tracker.current(net); // without a listener, whenever you like
        // end::settings
        assertThat(now.gradient()).isPresent();
        assertThat(now.collapse()).isPresent();
    }

    @Test
    void lateStage() throws IOException {
        MultiLayerNetwork net = Given.homogeneous(new Sgd(0.1));
        // tag::late
        MarginTracker tracker = MarginTracker.builder(train).inMemory().build();
        LateStageReport report =
                LossBasedTraining.builder().epochs(300).tracker(tracker).build().fit(net, train);
        System.out.println(report.logLoss()); // log of the mean loss, which float32 could not hold for long
        // end::late
        assertThat(report.logLoss()).isNegative();
        MarginHistory history = tracker.history();
        Path results = directory.resolve("results");
        // tag::charts
        MarginCharts.draw(results, "iris", history); // iris-margin.png, iris-norm.png
        MarginFile.jsonLines(results.resolve("iris.jsonl")).append(history);
        MarginHistory again = MarginFile.read(results.resolve("iris.jsonl"));
        // end::charts
        assertThat(again.last()).isEqualTo(history.last());
        assertThat(results.resolve("iris-margin.png")).exists();
    }

    @Test
    void singleExamples() throws IOException {
        MultiLayerNetwork net = Given.homogeneous(new Adam(0.01));
        Batches test = Given.test();
        Path results = directory.resolve("examples");
        // tag::examples
        MarginTracker tracker = MarginTracker.builder(train)
                .test(test) // a second data set: its margins are in the snapshots too
                .hardest(20) // the examples with the smallest margins, with labels and runners-up
                .byClass() // smallest and mean margin and accuracy of each class
                .build();
        MarginSnapshot now = tracker.current(net);
        MarginFile.writeMargins(results.resolve("margins.csv"), tracker.margins(net)); // of all training examples
        MarginFile.writeDistances(results.resolve("distances.csv"), tracker.testDistances(net)); // of all test examples
        // end::examples
        assertThat(now.hardest()).hasSize(20);
        assertThat(now.classes()).hasSize(3);
        assertThat(results.resolve("margins.csv"))
                .content()
                .hasLineCount(1 + now.counts().margins());
        assertThat(results.resolve("distances.csv"))
                .content()
                .hasLineCount(1 + now.test().orElseThrow().counts().examples());
    }

    @Test
    void normalizedSteps() {
        // tag::normalized
        OutputLayer output = new OutputLayer.Builder(new LogDomainLoss(Loss.CROSS_ENTROPY))
                .name("output")
                .nIn(16)
                .nOut(3)
                .hasBias(false)
                .activation(Activation.SOFTMAX)
                .updater(new NormalizedSgd(0.05)) // steps of this length, whatever the loss
                .build();
        // end::normalized
        assertThat(output.getLossFn()).isEqualTo(new LogDomainLoss(Loss.CROSS_ENTROPY));
    }

    @Test
    void earlyStopping() {
        MultiLayerNetwork net = Given.homogeneous(new Sgd(0.1));
        // tag::stopping
        MarginTracker tracker = MarginTracker.builder(train).inMemory().build();
        EarlyStoppingConfiguration<MultiLayerNetwork> configuration = new EarlyStoppingConfiguration.Builder<
                        MultiLayerNetwork>()
                .scoreCalculator(new MarginScoreCalculator<>(tracker)) // the best model is that of the largest margin
                .epochTerminationConditions(
                        MarginTermination.progress(tracker, 0.95), new MaxEpochsTerminationCondition(500))
                .modelSaver(new InMemoryModelSaver<>())
                .build();
        EarlyStoppingResult<MultiLayerNetwork> result = new EarlyStoppingTrainer(configuration, net, train).fit();
        // end::stopping
        assertThat(result.getBestModel()).isNotNull();
        assertThat(tracker.history().isEmpty()).isFalse();
    }

    @Test
    void pages() throws IOException {
        MultiLayerNetwork net = Given.homogeneous(new Adam(0.01));
        MarginTracker tracker = MarginTracker.builder(train).build();
        int epochs = 2;
        Path report = directory.resolve("report.html");
        // tag::page
        StatsStorage storage = new InMemoryStatsStorage();
        net.addListeners(new MarginListener(tracker).to(new MarginStorage(storage, "run 1")));
        net.fit(train, epochs);
        MarginPage.write(storage, report); // or MarginPage.attach(storage): http://localhost:9000/margin
        // end::page
        assertThat(report).content().contains("run 1");
    }
}
