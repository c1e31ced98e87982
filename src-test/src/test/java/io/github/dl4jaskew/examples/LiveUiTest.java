package io.github.dl4jaskew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.cli.AskewCli;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.margin.storage.MarginRecord;
import io.github.dl4jaskew.storage.AskewRecord;
import io.github.dl4jaskew.storage.WeightsRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.ui.model.storage.FileStatsStorage;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the pages, with one epoch. */
@Tag("training")
class LiveUiTest {

    /** Four standard errors above a tenth, on 1,000 digits. */
    private static final double ABOVE_GUESSING = 0.1 + 4 * Math.sqrt(0.1 * 0.9 / 1000);

    @TempDir
    private Path directory;

    @Test
    void leavesARunInAFileAndAReportOfBothPages() throws IOException {
        Path file = directory.resolve("stats.db");
        Path report = directory.resolve("report.html");
        assertThat(LiveUi.run(
                        "--epochs", "1",
                        "--seconds", "0",
                        "--port", "0",
                        "--storage", file.toString(),
                        "--report", report.toString()))
                .isZero();
        FileStatsStorage storage = new FileStatsStorage(file.toFile());
        // of 20 iterations, counted from 0: 0, 10 and the last; margins after 10 and 20
        Map<String, Integer> records = Map.of(AskewRecord.TYPE, 3, WeightsRecord.TYPE, 3, MarginRecord.TYPE, 2);
        records.forEach((type, count) -> assertThat(storage.getAllUpdatesAfter("ternary, seed 1", type, "0", 0))
                .as(type)
                .hasSize(count));
        storage.close();
        Path again = directory.resolve("again.html");
        assertThat(AskewCli.run("report", file.toString(), "-o", again.toString()))
                .isZero();
        assertThat(Files.readString(again)).contains("\"askew/weights?at=1", "\"margin/data?run=");
        assertThat(Files.readString(report))
                .contains("\"askew/data?run=", "\"margin/data?run=", "\"askew/weights?at=1");
    }

    /** A dead network, as there once was, is right for a tenth of the digits. */
    @Test
    void whatItShowsIsANetworkThatHasLearned() {
        List<Double> kept = new ArrayList<>();
        for (long seed = 1; seed <= 3; seed++) {
            InMemoryStatsStorage storage = new InMemoryStatsStorage();

            LiveUi.Outcome outcome = LiveUi.train(storage, Grid.ternary(), LiveUi.EPOCHS, seed);

            assertThat(outcome.quantized()).as("seed %s", seed).isGreaterThan(ABOVE_GUESSING);
            kept.add(outcome.quantized() / outcome.unconstrained());
            AskewReport last =
                    ((AskewRecord) storage.getLatestUpdate("ternary, seed " + seed, AskewRecord.TYPE, "0")).report();
            assertThat(last.iteration()).isEqualTo(LiveUi.EPOCHS * 20 - 1);
            // not the largest distance: a weight that came to rest in the middle of its cell stays there
            assertThat(last.total().meanDistance()).isLessThan(0.01);
        }
        assertThat(kept.stream().sorted().toList().get(1))
                .as("share of float's accuracy, median of %s", kept)
                .isGreaterThan(0.9);
    }

    @Test
    void refusesNonsense() {
        assertThat(LiveUi.run("--epochs", "0", "--seconds", "0")).isEqualTo(2);
        assertThat(LiveUi.run("--grid", "nonsense")).isEqualTo(2);
    }
}
