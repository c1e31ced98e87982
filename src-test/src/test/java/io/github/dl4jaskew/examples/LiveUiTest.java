package io.github.dl4jaskew.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.examples.cli.AskewCli;
import io.github.dl4jaskew.margin.storage.MarginRecord;
import io.github.dl4jaskew.storage.AskewRecord;
import io.github.dl4jaskew.storage.WeightsRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.ui.model.storage.FileStatsStorage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the pages, with one epoch. */
@Tag("training")
class LiveUiTest {

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
        for (String type : new String[] {AskewRecord.TYPE, WeightsRecord.TYPE, MarginRecord.TYPE}) {
            assertThat(storage.getAllUpdatesAfter("ternary, seed 1", type, "0", 0))
                    .as(type)
                    .hasSize(2);
        }
        storage.close();
        Path again = directory.resolve("again.html");
        assertThat(AskewCli.run("report", file.toString(), "-o", again.toString()))
                .isZero();
        assertThat(Files.readString(again)).contains("\"askew/weights?at=1", "\"margin/data?run=");
        assertThat(Files.readString(report))
                .contains("\"askew/data?run=", "\"margin/data?run=", "\"askew/weights?at=1");
    }

    @Test
    void refusesNonsense() {
        assertThat(LiveUi.run("--epochs", "0", "--seconds", "0")).isEqualTo(2);
        assertThat(LiveUi.run("--grid", "nonsense")).isEqualTo(2);
    }
}
