package io.github.dl4jaskew.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.cli.AskewCli;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.ui.MarginPage;
import io.github.dl4jaskew.pages.HtmlReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.ui.model.storage.FileStatsStorage;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.deeplearning4j.ui.model.storage.sqlite.J7FileStatsStorage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(Chromium.class)
class ReportTest {

    private static final String HOSTILE = "</script><script>window.hacked = 1</script><!-- ' & ]]>";

    private static Browser browser;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        browser = Browser.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    private void shows(Path report, String session, List<MarginSnapshot> snapshots) {
        browser.open(report.toUri());
        browser.awaitReady();
        browser.script("window.run = [...dl4j.runs.values()].find(run => run.session === arguments[0])", session);
        assertThat(browser.numbers("run.x"))
                .containsExactly(snapshots.stream()
                        .mapToDouble(MarginSnapshot::iteration)
                        .toArray());
        assertThat(browser.numbers("run.column('smoothedMargin')"))
                .containsExactly(snapshots.stream()
                        .mapToDouble(s -> s.smoothedMargin().orElse(Double.NaN))
                        .toArray());
        assertThat(browser.script("return dl4j.charts.margin.plot.data[0].length > 0"))
                .isEqualTo(true);
        assertThat(browser.script("return performance.getEntriesByType('resource')"
                        + ".filter(entry => !entry.name.startsWith('data:')).length"))
                .as("nothing is loaded from anywhere")
                .isEqualTo(0L);
        assertThat(browser.script("return window.hacked")).isNull();
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void aReportIsOneFileWithAllNumbers() throws IOException {
        StatsStorage storage = new InMemoryStatsStorage();
        List<MarginSnapshot> snapshots = Records.train(storage, HOSTILE, 1, 50);
        List<MarginSnapshot> other = Records.train(storage, "other", 2, 40);
        Path report = directory.resolve("sub").resolve("report.html");
        HtmlReport.builder(storage).title(HOSTILE).page(MarginPage.page()).write(report);
        shows(report, HOSTILE, snapshots);
        shows(report, "other", other);
        assertThat(browser.text(".brand")).isEqualTo(HOSTILE);
        browser.screenshot("report", 1280, 800);
    }

    @Test
    void aReportCanBeMadeOfSomeSessions() throws IOException {
        StatsStorage storage = new InMemoryStatsStorage();
        List<MarginSnapshot> snapshots = Records.train(storage, "first", 1, 12);
        Records.train(storage, "second", 2, 12);
        Path report = directory.resolve("report.html");
        HtmlReport.builder(storage).sessions("first").page(MarginPage.page()).write(report);
        shows(report, "first", snapshots);
        assertThat(browser.script("return dl4j.runs.size")).isEqualTo(1L);
        assertThatThrownBy(() -> HtmlReport.builder(storage)
                        .sessions("third")
                        .page(MarginPage.page())
                        .write(report))
                .hasMessageContaining("no records")
                .hasMessageContaining("third");
    }

    @Test
    void theCommandLineDrawsStatsFilesOfBothKinds() throws IOException {
        Path mapDb = directory.resolve("mapdb.bin");
        StatsStorage storage = new FileStatsStorage(mapDb.toFile());
        List<MarginSnapshot> mapped = Records.train(storage, "in MapDB", 1, 20);
        // While it is open, and after.
        report(mapDb, mapped, "in MapDB", "open.html");
        storage.close();
        report(mapDb, mapped, "in MapDB", "closed.html");
        Path sqlite = directory.resolve("sqlite.db");
        storage = new J7FileStatsStorage(sqlite.toFile());
        List<MarginSnapshot> snapshots = Records.train(storage, "it's in SQLite", 1, 20);
        storage.close();
        byte[] before = Files.readAllBytes(sqlite);
        report(sqlite, snapshots, "it's in SQLite", "sqlite.html");
        assertThat(Files.readAllBytes(sqlite)).isEqualTo(before);
    }

    private void report(Path file, List<MarginSnapshot> snapshots, String session, String name) {
        Path report = directory.resolve(name);
        assertThat(AskewCli.run("report", file.toString(), "-o", report.toString()))
                .isZero();
        shows(report, session, snapshots);
    }

    @Test
    void theCommandLineRefusesWhatIsNoStatsFile() throws IOException {
        Path text = Files.writeString(directory.resolve("text.txt"), "no storage");
        String report = directory.resolve("report.html").toString();
        assertThat(AskewCli.run("report", text.toString(), "-o", report)).isEqualTo(1);
        assertThat(AskewCli.run("report", directory.resolve("none").toString(), "-o", report))
                .isEqualTo(1);
        assertThat(AskewCli.run("report", text.toString())).isEqualTo(2);
        assertThat(Path.of(report)).doesNotExist();
    }
}
