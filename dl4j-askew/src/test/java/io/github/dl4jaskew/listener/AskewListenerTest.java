package io.github.dl4jaskew.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import ch.qos.logback.classic.Level;
import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.AskewNets;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.testkit.CapturedLog;
import io.github.dl4jaskew.testkit.Nets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class AskewListenerTest {

    @TempDir
    private Path directory;

    /** Levels -1 and +1, eps 0.25: tau = sqrt(0.5). */
    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        Askew.builder().epsilon(Nets.epsilon(0.25)).scale(Scale.unit()).build().install(network);
        return network;
    }

    @Test
    void figuresAreThoseOfTheHand() {
        MultiLayerNetwork network = network();
        INDArray hidden = network.getParam("0_W").assign(1);
        hidden.putScalar(0, 0, -0.5);
        hidden.putScalar(0, 1, 0.8);
        INDArray output = network.getParam("2_W").assign(-1);
        output.putScalar(1, 1, 0.1);
        AskewListener listener = new AskewListener();

        AskewReport report = listener.report(network, 7, 3);
        assertThat(report.iteration()).isEqualTo(7);
        assertThat(report.epoch()).isEqualTo(3);
        assertThat(report.epsilon()).isEqualTo(0.25);
        assertThat(report.tau()).isCloseTo(Math.sqrt(0.5), within(1e-12));
        requireRow(report.parameters().get(0), "hidden", "W", 20, 1 / 20.0, 0.7 / 20, 0.5, -1);
        requireRow(report.parameters().get(1), "output", "W", 15, 1 / 15.0, 0.9 / 15, 0.9, -1);
        requireRow(report.total(), "total", "", 35, 2 / 35.0, 1.6 / 35, 0.9, -1);
        assertThat(listener.lastReport()).isSameAs(report);

        hidden.putScalar(0, 0, 0.5);
        hidden.putScalar(2, 0, -0.01);
        output.putScalar(1, 1, 0.9);
        AskewReport second = listener.report(network, 8, 3);
        assertThat(second.parameters().get(0).flips()).isEqualTo(2);
        assertThat(second.parameters().get(1).flips()).isZero();
        assertThat(second.total().flips()).isEqualTo(2);
    }

    @Test
    void nothingIsInfeasibleWhileHullAndIntervalsAreOpen() {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        Askew.fromTrained(4, 15).build().install(network);
        AskewListener listener = new AskewListener();

        assertThat(listener.report(network, 0, 0).total().infeasibleShare()).isZero();
        // the hull is closed after a quarter of the training, and these weights have not moved
        assertThat(listener.report(network, 16, 0).total().infeasibleShare()).isPositive();
    }

    @Test
    void theFirstLineOfTheLogHasNoFlips() {
        try (CapturedLog log = CapturedLog.of(AskewListener.class.getName(), Level.INFO)) {
            MultiLayerNetwork network = network();
            AskewListener listener = new AskewListener();
            listener.report(network, 0, 0);
            listener.report(network, 1, 0);
            assertThat(log.lines().get(0)).endsWith("flips none counted yet");
            assertThat(log.lines().get(1)).endsWith("flips 0");
        }
    }

    private static void requireRow(
            AskewReport.Row row,
            String layer,
            String parameter,
            long weights,
            double infeasible,
            double mean,
            double max,
            long flips) {
        assertThat(row.layer()).isEqualTo(layer);
        assertThat(row.parameter()).isEqualTo(parameter);
        assertThat(row.weights()).isEqualTo(weights);
        assertThat(row.infeasibleShare()).isCloseTo(infeasible, within(1e-9));
        assertThat(row.meanDistance()).isCloseTo(mean, within(1e-6));
        assertThat(row.maxDistance()).isCloseTo(max, within(1e-6));
        assertThat(row.flips()).isEqualTo(flips);
    }

    @Test
    void reportsAtItsFrequency() throws IOException {
        Path file = directory.resolve("iterations.jsonl");
        MultiLayerNetwork network = network();
        network.setListeners(new AskewListener(3).toJsonLines(file));
        Nets.fit(network, 8);
        List<AskewReport> reports = jsonLines(file);
        assertThat(reports).extracting(AskewReport::iteration).allMatch(i -> i % 3 == 0);
        assertThat(reports).hasSizeBetween(2, 3);
    }

    @Test
    void reportsAtTheEndOfEpochs() throws IOException {
        Path file = directory.resolve("epochs.jsonl");
        MultiLayerNetwork network = network();
        network.setListeners(new AskewListener(2).byEpoch().toJsonLines(file));
        network.fit(Nets.iterator(4), 4);
        assertThat(jsonLines(file)).extracting(AskewReport::epoch).containsExactly(0, 2);

        Path graphFile = directory.resolve("graph.jsonl");
        ComputationGraph graph = Nets.init(Nets.base(new Sgd(0.1))
                .graphBuilder()
                .addInputs("in")
                .addLayer("output", Nets.output("output", Nets.IN, Nets.OUT), "in")
                .setOutputs("output")
                .build());
        AskewNets.closing().build().install(graph);
        graph.setListeners(new AskewListener(1).byEpoch().toJsonLines(graphFile));
        graph.fit(Nets.iterator(4), 3);
        assertThat(jsonLines(graphFile)).extracting(AskewReport::epoch).containsExactly(0, 1, 2);
    }

    @Test
    void changesNoWeight() {
        MultiLayerNetwork watched = network();
        MultiLayerNetwork alone = network();
        watched.setListeners(new AskewListener(1));
        Nets.fit(watched, 5);
        Nets.fit(alone, 5);
        assertThat(Nets.params(watched)).isEqualTo(Nets.params(alone));
    }

    @Test
    void writesCsvBelowOneHeader() throws IOException {
        Path file = directory.resolve("not/there/yet/report.csv");
        MultiLayerNetwork network =
                Nets.of(new Sgd(0.1), Nets.dense("a, \"quoted\" name", Nets.IN, Nets.HIDDEN), Nets.output("o", 5, 3));
        AskewNets.closing().build().install(network);
        new AskewListener().toCsv(file).report(network, 4, 1);
        AskewReport report = new AskewListener().toCsv(file).report(network, 5, 1);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(7);
        assertThat(lines.get(0))
                .isEqualTo("iteration,epoch,epsilon,tau,layer,parameter,weights,infeasible_share,mean_distance,"
                        + "max_distance,flips");
        assertThat(lines.get(1)).startsWith("4,1,").contains(",\"a, \"\"quoted\"\" name\",W,20,");
        assertThat(lines.get(6))
                .isEqualTo(String.join(
                        ",",
                        "5",
                        "1",
                        String.valueOf(report.epsilon()),
                        String.valueOf(report.tau()),
                        "total",
                        "",
                        "35",
                        String.valueOf(report.total().infeasibleShare()),
                        String.valueOf(report.total().meanDistance()),
                        String.valueOf(report.total().maxDistance()),
                        "-1"));
    }

    @Test
    void jsonLinesCanBeReadBack() throws IOException {
        Path file = directory.resolve("report.jsonl");
        MultiLayerNetwork network = network();
        AskewListener listener = new AskewListener().toJsonLines(file);
        AskewReport first = listener.report(network, 1, 0);
        AskewReport second = listener.report(network, 2, 0);
        assertThat(jsonLines(file)).containsExactly(first, second);
    }

    @Test
    void continuesAFileWhoseLastLineWasCutByAKill() throws IOException {
        Path file = directory.resolve("cut.jsonl");
        MultiLayerNetwork network = network();
        new AskewListener().toJsonLines(file).report(network, 1, 0);
        Files.writeString(file, "{\"iteration\":2,\"ep", StandardOpenOption.APPEND);
        AskewListener resumed = new AskewListener().toJsonLines(file);
        resumed.report(network, 2, 0);
        resumed.report(network, 3, 0);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(1)).isEqualTo("{\"iteration\":2,\"ep");
        ObjectMapper mapper = new ObjectMapper();
        assertThat(mapper.readTree(lines.get(2)).get("iteration").asInt()).isEqualTo(2);
        assertThat(mapper.readTree(lines.get(3)).get("iteration").asInt()).isEqualTo(3);
    }

    private static List<AskewReport> jsonLines(Path file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<AskewReport> reports = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            reports.add(mapper.readValue(line, AskewReport.class));
        }
        return reports;
    }

    @Test
    void namesAFileThatCannotBeWritten() throws IOException {
        Path blocked = Files.writeString(directory.resolve("file"), "text").resolve("report.csv");
        MultiLayerNetwork network = network();
        float[] before = Nets.params(network);
        assertThatThrownBy(() -> new AskewListener().toCsv(blocked).report(network, 1, 0))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(blocked.toString());
        assertThat(Nets.params(network)).isEqualTo(before);
    }

    @Test
    void trainingGoesOnWithoutAFileThatCannotBeWritten() throws IOException {
        MultiLayerNetwork alone = network();
        alone.fit(Nets.iterator(4), 2);

        Path file = Files.createDirectory(directory.resolve("report.jsonl"));
        List<Integer> received = new ArrayList<>();
        AskewListener listener = new AskewListener(1)
                .toJsonLines(file)
                .to(snapshot -> {
                    throw new IllegalStateException("no connection");
                })
                .to(snapshot -> received.add(snapshot.report().iteration()));
        MultiLayerNetwork network = network();
        network.setListeners(listener);
        network.fit(Nets.iterator(4), 2);
        assertThat(Nets.params(network)).isEqualTo(Nets.params(alone));
        assertThat(received).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(listener.missedReports()).isEqualTo(12);

        Files.delete(file);
        network.fit(Nets.iterator(4), 1);
        assertThat(jsonLines(file)).hasSize(3);
        assertThat(listener.missedReports()).isEqualTo(15);
    }

    @Test
    void tellsModelsApart() {
        AskewListener listener = new AskewListener();
        MultiLayerNetwork one = network();
        MultiLayerNetwork two = network();
        listener.report(one, 1, 0);
        assertThat(listener.report(two, 1, 0).total().flips()).isEqualTo(-1);
        one.getParam("0_W").muli(-1);
        assertThat(listener.report(one, 2, 0).total().flips()).isEqualTo(20);
        assertThat(listener.report(two, 2, 0).total().flips()).isZero();
    }

    @Test
    void forgetsModelsThatAreGone() throws InterruptedException {
        AskewListener listener = new AskewListener();
        MultiLayerNetwork kept = network();
        for (int i = 0; i < 5; i++) {
            listener.report(network(), 1, 0);
        }
        // what the listener has never seen: where not even that is collected, nothing is known of the others
        WeakReference<Object> unseen = new WeakReference<>(network());
        for (int i = 0; i < 50 && (listener.knownModels() > 1 || unseen.get() != null); i++) {
            System.gc();
            Thread.sleep(20);
            listener.report(kept, i, 0);
        }
        assumeThat(unseen.get()).isNull();
        assertThat(listener.knownModels()).isEqualTo(1);
    }

    @Test
    void isSharedByThreads() throws Exception {
        Path file = directory.resolve("shared.jsonl");
        AskewListener listener = new AskewListener(1).toJsonLines(file);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CountDownLatch ready = new CountDownLatch(2);
        List<Future<?>> done = new ArrayList<>();
        List<MultiLayerNetwork> networks = List.of(network(), network());
        for (MultiLayerNetwork network : networks) {
            network.setListeners(listener);
            done.add(threads.submit(() -> {
                ready.countDown();
                ready.await();
                Nets.fit(network, 20);
                return null;
            }));
        }
        for (Future<?> future : done) {
            future.get();
        }
        threads.shutdown();
        assertThat(jsonLines(file)).hasSize(40);
        assertThat(listener.knownModels()).isEqualTo(networks.size());
        // until here they are not collected, which the listener would notice
        Reference.reachabilityFence(networks);
    }

    @Test
    void refusesNonsense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AskewListener(0))
                .withMessageContaining("frequency is 0");
        MultiLayerNetwork free = Nets.mlp(new Sgd(0.1));
        assertThatIllegalStateException()
                .isThrownBy(() -> new AskewListener().report(free, 1, 0))
                .withMessageContaining("no constraint is installed");
        assertThat(new AskewListener().lastReport()).isNull();
    }
}
