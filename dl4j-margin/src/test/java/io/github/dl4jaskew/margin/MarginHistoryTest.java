package io.github.dl4jaskew.margin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.margin.metrics.ExampleMargin;
import io.github.dl4jaskew.margin.metrics.LayerNorm;
import io.github.dl4jaskew.margin.metrics.MarginCounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

class MarginHistoryTest {

    @TempDir
    private Path directory;

    @Test
    void answersQueries() {
        MarginHistory history = Snapshots.history();
        assertThat(history.size()).isEqualTo(6);
        assertThat(history.snapshots().stream().map(MarginSnapshot::iteration)).containsExactly(5, 10, 15, 20, 25, 30);
        assertThat(history.betweenIterations(10, 20))
                .hasSize(3)
                .isEqualTo(history.snapshots().subList(1, 4));
        assertThat(history.ofEpoch(0)).hasSize(6);
        assertThat(history.ofEpoch(1)).isEmpty();
        assertThat(history.last().iteration()).isEqualTo(30);
        double best = history.best().orElseThrow().normalizedMargin().orElseThrow();
        assertThat(history.snapshots())
                .allMatch(s -> s.normalizedMargin().orElseThrow() <= best)
                .anyMatch(s -> s.normalizedMargin().orElseThrow() == best);
        assertThat(history.series(MarginSnapshot::drift)).hasSize(5).allMatch(p -> p.value() > 0 && p.value() < 1);
        assertThatThrownBy(() -> history.snapshots().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(new MarginHistory().best()).isEmpty();
    }

    @Test
    void aSnapshotIsComplete() {
        MarginSnapshot s = Snapshots.history().last();
        assertThat(s.examples()).isEqualTo(12);
        assertThat(s.quantiles()).hasSameSizeAs(MarginSnapshot.QUANTILES).isSorted();
        assertThat(s.quantiles().get(0)).isGreaterThanOrEqualTo(s.minimumMargin());
        assertThat(s.supportCounts()).hasSize(7).isSorted();
        assertThat(s.layerNorms()).extracting(LayerNorm::layer).containsExactly("layer0", "layer1");
        assertThat(Math.hypot(
                        s.layerNorms().get(0).norm(), s.layerNorms().get(1).norm()))
                .isEqualTo(s.norm(), org.assertj.core.api.Assertions.withPrecision(1e-12));
        assertThat(s.normGrowth()).isPresent();
        assertThat(s.collapse().orElseThrow().centerAgreement().orElseThrow()).isBetween(0.0, 1.0);
        assertThat(s.gradient().orElseThrow().effectiveSupport()).isBetween(1.0, 12.0);
        assertThat(s.gradient().orElseThrow().eulerResidual().orElseThrow()).isLessThan(1e-5);
    }

    @Test
    void jsonLinesLoseNothing() throws IOException {
        MarginHistory history = Snapshots.history();
        Path path = directory.resolve("new/margins.jsonl");
        MarginFile file = MarginFile.jsonLines(path);
        file.append(history);
        file.append(Snapshots.bare());
        List<MarginSnapshot> read = MarginFile.read(path).snapshots();
        assertThat(read).hasSize(7);
        assertThat(read.subList(0, 6)).isEqualTo(history.snapshots());
        assertThat(read.get(6)).isEqualTo(Snapshots.bare());
    }

    /** Of the first version: no label of the hardest example, no classes, no counts, no histogram. */
    @Test
    void linesOfTheFirstVersionAreRead() throws IOException {
        Path path = Path.of("src/test/resources/io/github/dl4jaskew/margin/golden-v1.jsonl");
        List<MarginSnapshot> read = MarginFile.read(path).snapshots();
        assertThat(read).hasSize(2);
        MarginSnapshot s = read.get(0);
        assertThat(s.iteration()).isEqualTo(40);
        assertThat(s.counts()).isEqualTo(new MarginCounts(12, 12, 0, 1));
        assertThat(s.hardest()).containsExactly(new ExampleMargin(7, 0, 0, -1, -1, 0.75));
        assertThat(s.hardestExample()).isEqualTo(7);
        assertThat(s.largestMargin()).isNaN();
        assertThat(s.classes()).isEmpty();
        assertThat(s.histogram()).isEmpty();
        assertThat(s.linfNormalizedMargin()).isEmpty();
        assertThat(s.normalizedMargin()).hasValue(0.1875);
        assertThat(s.gradient().orElseThrow().alignment()).isEqualTo(0.875);
        assertThat(s.collapse().orElseThrow().classifierNormSpread()).isEmpty();
        assertThat(s.stage().entry()).hasValue(10);
        assertThat(read.get(1).gradient()).isEmpty();
        // and written again as they are now
        assertThat(MarginJson.read(MarginJson.write(s))).isEqualTo(s);
        Path csv = directory.resolve("old.csv");
        MarginFile.csv(csv).append(s);
        assertThat(Files.readAllLines(csv)).hasSize(2);
    }

    @Test
    void aLineWithoutWhatAllVersionsHaveIsRefused() {
        String json = MarginJson.write(Snapshots.bare()).replaceFirst("\"minimumMargin\":[^,]*,", "");
        assertThatThrownBy(() -> MarginJson.read(json)).hasMessageContaining("a snapshot needs \"minimumMargin\"");
    }

    @Test
    void halvesOfSurrogatePairsInNamesAreKept() throws IOException {
        String json = MarginJson.write(Snapshots.bare())
                .replaceFirst("\"layer\":\"[^\"]*\"", "\"layer\":\"ü\ud83d\udc4d\ud800\"");
        MarginSnapshot snapshot = MarginJson.read(json);
        assertThat(snapshot.layerNorms().get(0).layer()).isEqualTo("ü\ud83d\udc4d\ud800");
        Path path = directory.resolve("names.jsonl");
        MarginFile.jsonLines(path).append(snapshot);
        assertThat(MarginFile.read(path).snapshots()).containsExactly(snapshot);
    }

    @Test
    void csvHasAHeaderAndARowForEachSnapshot() throws IOException {
        MarginHistory history = Snapshots.history();
        Path path = directory.resolve("margins.csv");
        MarginFile.csv(path).append(history);
        MarginFile.csv(path).append(Snapshots.bare());
        List<String> lines = Files.readAllLines(path);
        assertThat(lines).hasSize(8);
        List<String> header = Arrays.asList(lines.get(0).split(",", -1));
        assertThat(lines).allMatch(line -> line.split(",", -1).length == header.size());
        String[] last = lines.get(6).split(",", -1);
        assertThat(Double.parseDouble(last[header.indexOf("normalizedMargin")]))
                .isEqualTo(history.last().normalizedMargin().orElseThrow());
        assertThat(Double.parseDouble(last[header.indexOf("alignment")]))
                .isEqualTo(history.last().gradient().orElseThrow().alignment());
        String[] bare = lines.get(7).split(",", -1);
        assertThat(bare[header.indexOf("normalizedMargin")]).isEmpty();
        assertThat(bare[header.indexOf("kktDelta")]).isEmpty();
        assertThat(bare[header.indexOf("iteration")]).isEqualTo("3");
    }

    @Tag("slow")
    @Test
    void aLineThatAKillHasCutIsPassedOverAndTheNextIsWhole() throws IOException {
        MarginSnapshot first = Snapshots.bare();
        MarginSnapshot second = Snapshots.history().last();
        byte[] line = (MarginJson.write(second) + "\n").getBytes(StandardCharsets.UTF_8);
        Path path = directory.resolve("cut.jsonl");
        for (int length = 0; length < line.length - 1; length++) {
            Files.deleteIfExists(path);
            MarginFile.jsonLines(path).append(first);
            Files.write(path, Arrays.copyOf(line, length), StandardOpenOption.APPEND);
            assertThat(MarginFile.read(path).snapshots()).as("%d bytes", length).containsExactly(first);
            MarginFile.jsonLines(path).append(second);
            assertThat(MarginFile.read(path).snapshots()).as("%d bytes", length).containsExactly(first, second);
        }
        Files.delete(path);
        MarginFile.jsonLines(path).append(first);
        Files.write(path, Arrays.copyOf(line, line.length - 1), StandardOpenOption.APPEND);
        MarginFile.jsonLines(path).append(first);
        assertThat(MarginFile.read(path).snapshots())
                .as("whole, but for the line end")
                .containsExactly(first, second, first);
    }

    @Test
    void aRowThatAKillHasCutIsARowOfItsOwn() throws IOException {
        Path path = directory.resolve("cut.csv");
        MarginFile.csv(path).append(Snapshots.bare());
        Files.writeString(path, "3,0", StandardOpenOption.APPEND);
        MarginFile.csv(path).append(Snapshots.bare());
        List<String> lines = Files.readAllLines(path);
        assertThat(lines).hasSize(4);
        assertThat(lines.get(2)).isEqualTo("3,0");
        assertThat(lines.get(3)).isEqualTo(lines.get(1));
    }

    @Test
    void trainingGoesOnWithoutAReceiverThatThrows() throws IOException {
        Path path = Files.createDirectory(directory.resolve("margins.csv"));
        var data = MarginNets.data(DataType.FLOAT, 12);
        MarginTracker tracker = MarginTracker.builder(MarginNets.iterator(data, 4))
                .every(1)
                .iterations()
                .build();
        List<Integer> received = new ArrayList<>();
        MarginListener listener = new MarginListener(tracker)
                .to(MarginFile.csv(path)::append)
                .to(snapshot -> received.add(snapshot.iteration()));
        var net = MarginNets.mlp(DataType.FLOAT);
        net.setListeners(listener);
        net.fit(data);
        net.fit(data);
        assertThat(tracker.history().size()).isEqualTo(2);
        assertThat(received).containsExactly(1, 2);
        assertThat(listener.missedSnapshots()).isEqualTo(2);
        Files.delete(path);
        net.fit(data);
        assertThat(Files.readAllLines(path)).hasSize(2);
        assertThat(listener.missedSnapshots()).isEqualTo(2);
    }

    @Test
    void badFiles() throws IOException {
        Path path = Files.writeString(directory.resolve("bad.jsonl"), "{\"iteration\": 1}\n");
        assertThatThrownBy(() -> MarginFile.read(path))
                .hasMessageContaining("line 1")
                .hasMessageContaining("epoch");
        Files.writeString(path, "not json\n");
        assertThatThrownBy(() -> MarginFile.read(path)).hasMessageContaining("no JSON");
        assertThatThrownBy(() -> MarginFile.csv(directory).append(Snapshots.bare()))
                .isInstanceOf(UncheckedIOException.class);
    }
}
