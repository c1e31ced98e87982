package io.github.dl4jaskew.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.interval.CellHistogram;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.listener.AskewSnapshot;
import io.github.dl4jaskew.storage.AskewRecord;
import io.github.dl4jaskew.storage.AskewStorage;
import io.github.dl4jaskew.storage.WeightsRecord;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.impl.RemoteUIStatsStorageRouter;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.api.UIServer;
import org.deeplearning4j.ui.model.storage.FileStatsStorage;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.deeplearning4j.ui.model.storage.sqlite.J7FileStatsStorage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

@ExtendWith(Chromium.class)
@Tag("slow")
class AskewInBrowserTest {

    private static final String HOSTILE =
            "\"><img src=x onerror=window.hacked=1><script>window.hacked=2</script>&amp;'";

    private static Browser browser;

    @TempDir
    private Path directory;

    private StatsStorage storage = new InMemoryStatsStorage();

    @BeforeAll
    static void start() {
        VertxUIServer.getInstance(0, false, null);
        browser = Browser.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        UIServer.stopInstance();
    }

    /** A page that still asked for a storage that is gone would be told so in the console of the next test. */
    @AfterEach
    void leave() {
        List<String> errors = browser.errors();
        browser.open(URI.create("about:blank"));
        if (UIServer.getInstance().isAttached(storage)) {
            UIServer.getInstance().detach(storage);
        }
        assertThat(errors).isEmpty();
    }

    private void open() {
        browser.open(AskewPage.attach(storage));
        browser.awaitReady();
    }

    @Test
    void chartsShowTheNumbersOfTheStorageWhileANetworkTrains() {
        QuantizedTraining training = new QuantizedTraining(storage, "first", Grid.ternary(), 120, 1);
        open();
        training.train(40);
        browser.await("return dl4j.charts.annealing.data[0].length > 0");
        training.train(80);
        browser.promise("await dl4j.refresh()");
        List<AskewRecord> records = storage.getAllUpdatesAfter("first", AskewRecord.TYPE, "0", 0).stream()
                .map(AskewRecord.class::cast)
                .toList();
        assertThat(records).hasSize(120);
        requireChart("annealing", 0, records, r -> r.report().iteration());
        requireChart("annealing", 1, records, r -> r.report().epsilon());
        requireChart("annealing", 2, records, r -> r.report().tau());
        requireChart("infeasible", 1, records, r -> r.report().total().infeasibleShare());
        requireChart("flips", 1, records, r -> flips(r.report().total()));
        requireChart(
                "score", 1, records, r -> Objects.requireNonNull(r.scores()).full());
        requireChart(
                "score", 2, records, r -> Objects.requireNonNull(r.scores()).quantized());
        requireChart("score", 3, records, AskewRecord::score);
        requireChart(
                "parameterflips", 2, records, r -> flips(r.report().parameters().get(1)));
        // A logarithmic axis has no place for 0.
        requireChart("distance", 1, records, r -> r.report().total().meanDistance());
        requireChart(
                "accuracy", 1, records, r -> Objects.requireNonNull(r.scores()).fullAccuracy());
        requireChart(
                "accuracy", 2, records, r -> Objects.requireNonNull(r.scores()).quantizedAccuracy());
        assertThat(browser.text(".tiles")).contains("120 of 120");
        assertThat(records.get(119).report().epsilon()).isLessThan(1e-3);
        assertThat(browser.text("#main")).contains("eps: ", "hidden", "ternary", "bias", "excluded");
    }

    private static double flips(AskewReport.Row row) {
        return row.flips() < 0 ? Double.NaN : row.flips();
    }

    private static void requireChart(
            String chart, int column, List<AskewRecord> records, ToDoubleFunction<AskewRecord> figure) {
        assertThat(browser.numbers("dl4j.charts." + chart + ".data[" + column + "]"))
                .containsExactly(records.stream().mapToDouble(figure).toArray());
    }

    @Test
    void theSliderMovesHistogramAndIntervals() {
        QuantizedTraining training = new QuantizedTraining(storage, "first", Grid.ternary(), 90, 3).train(90);
        open();
        browser.await("return dl4j.weights !== undefined");
        List<AskewSnapshot> snapshots = training.snapshots();
        requireWeights("first", snapshots, snapshots.size() - 1, 0);
        String newest = picture();

        browser.script("document.getElementById('weights-slider').focus()");
        browser.type(Keys.HOME);
        requireWeights("first", snapshots, 0, 0);
        assertThat(picture()).isNotEqualTo(newest);
        for (int i = 1; i <= 12; i++) {
            browser.type(Keys.ARROW_RIGHT);
            requireWeights("first", snapshots, i, 0);
        }
        browser.script("const c = document.getElementById('weights-parameter'); c.value = '1';"
                + " c.dispatchEvent(new Event('change'))");
        requireWeights("first", snapshots, 12, 1);
        browser.type(Keys.END);
        requireWeights("first", snapshots, snapshots.size() - 1, 1);
    }

    private static String picture() {
        return String.valueOf(browser.script("return document.querySelector('canvas.weights').toDataURL()"));
    }

    /** What is drawn is what the storage has, and the intervals are the levels plus and minus their half width. */
    private void requireWeights(String session, List<AskewSnapshot> snapshots, int moment, int parameter) {
        AskewReport report = snapshots.get(moment).report();
        browser.await(
                "return dl4j.weights.iteration === " + report.iteration() + " && dl4j.weights.index === " + parameter);
        long time = LongStream.of(storage.getAllUpdateTimes(session, WeightsRecord.TYPE, "0"))
                .sorted()
                .toArray()[moment];
        WeightsRecord record = (WeightsRecord) storage.getUpdate(session, WeightsRecord.TYPE, "0", time);
        WeightsRecord.Weights weights = record.parameters().get(parameter);
        assertThat(browser.numbers("dl4j.weights.counts"))
                .containsExactly(LongStream.of(weights.histogram().counts())
                        .asDoubleStream()
                        .toArray());
        assertThat(browser.numbers("dl4j.weights.bands.flat()"))
                .containsExactly(record.intervals(weights).stream()
                        .flatMapToDouble(i -> java.util.stream.DoubleStream.of(i.lower(), i.upper()))
                        .toArray());
        double half = 0.5 * (1 - Math.sqrt(1 - Math.sqrt(report.epsilon())));
        double[] middle = browser.numbers("dl4j.weights.bands[1]");
        assertThat(middle[0]).isCloseTo(1 - half, within(1e-12));
        assertThat(middle[1]).isCloseTo(1 + half, within(1e-12));
        assertThat(browser.text(".figures")).contains("iteration " + report.iteration() + " ");
    }

    /** Axes, runs, zoom, parameter and slider stand in the address. */
    @Test
    void whatAReaderHasChosenSurvivesAReload() {
        new QuantizedTraining(storage, "first", Grid.ternary(), 60, 3).train(60);
        open();
        browser.await("return dl4j.weights !== undefined");
        browser.click("#title-annealing + .actions button:nth-child(2)");
        browser.click("#title-flips + .actions button:nth-child(6)");
        browser.script("const c = document.getElementById('weights-parameter'); c.value = '1';"
                + " c.dispatchEvent(new Event('change'))");
        browser.script("document.getElementById('weights-slider').focus()");
        browser.type(Keys.HOME);
        browser.type(Keys.ARROW_RIGHT);
        browser.await("return dl4j.weights.at === 1 && dl4j.weights.index === 1");
        browser.promise("await dl4j.pages[0].zoom({min: 10, max: 40})");
        browser.script("location.reload()");
        browser.await("return document.readyState === 'complete' && window.dl4j?.ready === true");
        browser.await("return dl4j.weights?.at === 1 && dl4j.weights.index === 1");
        assertThat(browser.script("return dl4j.charts.annealing.plot.scales.y.distr"))
                .isEqualTo(3L);
        assertThat(browser.script("return dl4j.charts.distance.plot.scales.x.min"))
                .isEqualTo(10L);
        assertThat(browser.script("return dl4j.pages[0].range.max")).isEqualTo(40L);
        assertThat(browser.script(
                        "return document.querySelector('#title-flips + .actions button:nth-child(6)').ariaPressed"))
                .isEqualTo("true");
    }

    @Test
    void onlyARunWhoseNumbersComeInIsLive() {
        QuantizedTraining training = new QuantizedTraining(storage, "first", Grid.ternary(), 60, 3).train(30);
        open();
        browser.await("return document.querySelector('.status').textContent === 'no new numbers'");
        training.train(30);
        browser.await("return document.querySelector('.status').textContent === 'live'");
    }

    /** The first report of a training may be far above all others. */
    @Test
    void aFirstPointThatWouldSquashTheChartIsLeftOutsideAndSaidToBe() {
        AskewSnapshot like = new QuantizedTraining(new InMemoryStatsStorage(), "like", Grid.ternary(), 6, 3)
                .train(6)
                .snapshots()
                .get(1);
        AskewStorage posted = new AskewStorage(storage, "first");
        for (int i = 0; i < 40; i++) {
            AskewReport report = new AskewReport(
                    i, 0, 1, 0, like.report().total(), like.report().parameters());
            posted.accept(new AskewSnapshot(0, like.plan(), report, i == 0 ? 1e4 : 2 + i % 2, null, like.histograms()));
        }
        open();
        assertThat(((Number) browser.script("return dl4j.charts.score.plot.scales.y.max")).doubleValue())
                .isLessThan(10);
        assertThat(browser.script("return dl4j.charts.score.cut.hidden")).isEqualTo(false);
        assertThat(browser.script("return dl4j.charts.annealing.cut.hidden")).isEqualTo(true);
        browser.click("#title-score + .actions button:nth-child(2)");
        assertThat(((Number) browser.script("return dl4j.charts.score.plot.scales.y.max")).doubleValue())
                .isGreaterThanOrEqualTo(1e4);
        assertThat(browser.script("return dl4j.charts.score.cut.hidden")).isEqualTo(true);
    }

    @Test
    void aSmoothedLineIsTheMeanOfItsNeighbours() {
        new QuantizedTraining(storage, "first", Grid.ternary(), 40, 1).train(40);
        open();
        double[] raw = browser.numbers("dl4j.charts.infeasible.data[1]");
        browser.click("#title-infeasible + .actions button:nth-child(6)");
        double[] smooth = browser.numbers("dl4j.charts.infeasible.data[1]");
        assertThat(smooth).hasSameSizeAs(raw);
        assertThat(smooth[0]).isEqualTo(raw[0]);
        assertThat(smooth[20]).isCloseTo((raw[19] + raw[20] + raw[21]) / 3, within(1e-12));
    }

    @Test
    void pointingShowsIterationAndValuesThere() {
        QuantizedTraining training = new QuantizedTraining(storage, "first", Grid.ternary(), 30, 3).train(30);
        open();
        browser.await("return dl4j.weights !== undefined");
        browser.script("dl4j.charts.infeasible.select(4)");
        AskewReport report = training.snapshots().get(4).report();
        assertThat(browser.text("section[aria-labelledby='title-infeasible'] .legend"))
                .contains("iteration " + report.iteration(), " %");
        browser.script("const c = document.querySelector('canvas.weights'); const box = c.getBoundingClientRect();"
                + " c.dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + 58 + (box.width - 72) / 6,"
                + " clientY: box.top + 50, bubbles: true}))");
        assertThat(browser.text("section[aria-labelledby='title-weights']")).contains("weight / scale about -1:");
    }

    @Test
    void noRuleOfAccessibilityIsBroken() {
        new QuantizedTraining(storage, "ternary", Grid.ternary(), 60, 3).train(60);
        open();
        browser.await("return dl4j.weights !== undefined && document.querySelectorAll('.plan').length === 1");
        browser.wholePage("askew-1440", 1440);
        assertThat(browser.violations()).isEmpty();
        browser.wholePage("askew-390", 390);
        assertThat(browser.violations()).isEmpty();
        browser.wholePage("askew-1024", 1024);
        new QuantizedTraining(storage, "binary", Grid.binary(), 60, 3).train(60);
        browser.promise("await dl4j.refresh()");
        browser.script("document.documentElement.dataset.theme = 'dark'");
        assertThat(browser.violations()).isEmpty();
    }

    /** On paper there are no buttons, and no chart is cut in two. */
    @Test
    void thePrintedPageHasNoControls() {
        new QuantizedTraining(storage, "first", Grid.ternary(), 12, 3).train(12);
        open();
        browser.media("print");
        assertThat(browser.script("return getComputedStyle(document.querySelector('.card .actions')).display"))
                .isEqualTo("none");
        assertThat(browser.script("return getComputedStyle(document.querySelector('.grid .card')).breakInside"))
                .isEqualTo("avoid");
        browser.media("");
        assertThat(browser.script("return getComputedStyle(document.querySelector('.card .actions')).display"))
                .isEqualTo("flex");
    }

    @Test
    void playRunsToTheNewestMoment() {
        new QuantizedTraining(storage, "first", Grid.binary(), 30, 3).train(30);
        open();
        browser.await("return dl4j.weights !== undefined");
        browser.script("window.seen = new Set(); let shown = dl4j.weights; Object.defineProperty(dl4j, 'weights',"
                + " {get: () => shown, set: frame => { shown = frame; seen.add(frame.at); }});"
                + " [...document.querySelectorAll('button')].find(b => b.textContent === 'Play').click()");
        browser.await("return seen.size === 10 && dl4j.weights.at === 9"
                + " && [...document.querySelectorAll('button')].some(b => b.textContent === 'Play')");
        assertThat(browser.numbers("[...seen].sort((a, b) => a - b)")).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void runsStandSideBySide() {
        new QuantizedTraining(storage, "ternary", Grid.ternary(), 30, 3).train(30);
        new QuantizedTraining(storage, "four bits", Grid.uniform(4), 60, 3).train(60);
        open();
        browser.await("return dl4j.runs.size === 2 && dl4j.charts.annealing.keys.length === 4");
        browser.await("return document.querySelectorAll('.plan').length === 2");
        browser.script("const c = document.querySelector('select[aria-label=Run]');"
                + " c.selectedIndex = [...c.options].findIndex(o => o.textContent === 'four bits');"
                + " c.dispatchEvent(new Event('change'))");
        browser.await("return dl4j.weights.runName === 'four bits' && dl4j.weights.bands.length === 16");
        browser.wholePage("askew-two-runs", 1280);
    }

    @Test
    void hostileNamesAreTextAndNothingElse() {
        new QuantizedTraining(storage, HOSTILE, Grid.ternary(), 12, 3, HOSTILE).train(12);
        open();
        browser.await("return dl4j.weights !== undefined");
        assertThat(browser.text("#main")).contains(HOSTILE);
        assertThat(browser.script("return window.hacked === undefined")).isEqualTo(true);
        assertThat(browser.script("return document.querySelectorAll('img').length"))
                .isEqualTo(0L);
        assertThat(browser.script("return dl4j.weights.layer")).isEqualTo(HOSTILE);
    }

    @Test
    void aReportHasChartsPlanAndSliderWithoutAServer() throws IOException {
        QuantizedTraining training = new QuantizedTraining(storage, HOSTILE, Grid.ternary(), 90, 1).train(90);
        Path file = directory.resolve("report.html");
        AskewPage.write(storage, file);
        browser.open(file.toUri());
        browser.awaitReady();
        List<AskewSnapshot> snapshots = training.snapshots();
        assertThat(browser.numbers("Object.values(dl4j.charts).find(c => c.definition.id === 'annealing').data[1]"))
                .containsExactly(snapshots.stream()
                        .mapToDouble(s -> s.report().epsilon())
                        .toArray());
        browser.await("return dl4j.weights !== undefined");
        requireWeights(HOSTILE, snapshots, 89, 0);
        browser.script("document.getElementById('weights-slider').focus()");
        browser.type(Keys.HOME);
        requireWeights(HOSTILE, snapshots, 0, 0);
        browser.type(Keys.END);
        // 60 moments of 90 are in the report: the one before the last is 58 * 89 / 59.
        browser.type(Keys.ARROW_LEFT);
        requireWeights(HOSTILE, snapshots, 87, 0);
        assertThat(browser.script("return window.hacked === undefined")).isEqualTo(true);
        assertThat(browser.text("#main")).contains(HOSTILE, "excluded");
        browser.wholePage("askew-report", 1280);
    }

    @Test
    void storedFilesAreShownAfterTraining() {
        for (StatsStorage written : List.of(
                new FileStatsStorage(directory.resolve("map.db").toFile()),
                new J7FileStatsStorage(directory.resolve("sqlite.db").toFile()))) {
            storage = written;
            QuantizedTraining training = new QuantizedTraining(storage, "stored", Grid.ternary(), 12, 3).train(12);
            open();
            browser.await("return dl4j.weights !== undefined");
            requireFirstChart(training.snapshots());
            UIServer.getInstance().detach(storage);
        }
    }

    private static void requireFirstChart(List<AskewSnapshot> snapshots) {
        assertThat(browser.numbers("dl4j.charts.annealing.data[1]"))
                .containsExactly(snapshots.stream()
                        .mapToDouble(s -> s.report().epsilon())
                        .toArray());
    }

    @Test
    void recordsOfARemoteTrainingArrive() throws InterruptedException {
        storage = new InMemoryStatsStorage();
        UIServer.getInstance().enableRemoteListener(storage, true);
        String address = UIServer.getInstance().getAddress();
        RemoteUIStatsStorageRouter router = new RemoteUIStatsStorageRouter(address);
        QuantizedTraining training = new QuantizedTraining(router, "remote", Grid.ternary(), 12, 3).train(12);
        browser.open(URI.create(address + "/askew"));
        browser.await("return window.dl4j?.charts?.annealing?.data[0].length === 4");
        requireFirstChart(training.snapshots());
        browser.await("return dl4j.weights !== undefined && dl4j.weights.iteration === 9");
        Persistable last = storage.getLatestUpdate("remote", WeightsRecord.TYPE, "0");
        assertThat(((WeightsRecord) last).parameters().get(0).histogram())
                .isEqualTo(training.snapshots().get(3).histograms().get(0));
        UIServer.getInstance().disableRemoteListener();
        router.shutdown();
    }

    @Test
    void theApiRefusesNonsense() {
        new QuantizedTraining(storage, "first", Grid.ternary(), 6, 3).train(6);
        open();
        String run = String.valueOf(browser.script("return [...dl4j.runs.keys()][0]"));
        assertThat(status("weights?run=" + run)).isEqualTo(200L);
        assertThat(status("weights?run=" + run + "&at=2")).isEqualTo(400L);
        assertThat(status("weights?run=" + run + "&at=-1")).isEqualTo(400L);
        assertThat(status("weights?run=" + run + "&at=x")).isEqualTo(400L);
        assertThat(status("weights?run=" + run + "&parameter=2")).isEqualTo(400L);
        assertThat(status("weights?run=none")).isEqualTo(404L);
        assertThat(status("weights")).isEqualTo(400L);
        assertThat(status("nothing?run=" + run)).isEqualTo(404L);
        browser.errors(); // The browser itself logs each of them.
    }

    private static Object status(String question) {
        return browser.promise("return (await fetch('/askew/api/" + question + "')).status");
    }

    /** DL4J's storage grows by a record every other second of a long training, and none before is drawn anew. */
    @Test
    void aHundredThousandReportsStaySmooth() {
        AskewSnapshot like = new QuantizedTraining(new InMemoryStatsStorage(), "like", Grid.ternary(), 6, 3)
                .train(6)
                .snapshots()
                .get(1);
        int records = 100_000;
        QuantizedTraining.post(storage, "long", like, 0, records);
        open();
        browser.await("return [...dl4j.runs.values()][0].rows === " + records);
        assertThat(browser.numbers("dl4j.charts.annealing.data[0]").length).isBetween(500, 2_000);
        assertThat(
                        (Long)
                                browser.promise(
                                        "const run = [...dl4j.runs.values()][0];"
                                                + " return (await (await fetch('/askew/api/data?' + new URLSearchParams(run.question()))).text()).length"))
                .isLessThan(20_000);
        browser.await("return dl4j.weights?.at === " + (records - 1));
        browser.script("document.getElementById('weights-slider').focus()");
        browser.type(Keys.HOME);
        browser.await("return dl4j.weights.at === 0");
        QuantizedTraining.post(storage, "long", like, records, records + 1);
        browser.promise("await dl4j.refresh()");
        assertThat(browser.script("return [...dl4j.runs.values()][0].rows")).isEqualTo(records + 1L);
    }

    @Test
    void aDivergedTrainingIsDrawn() {
        AskewSnapshot like = new QuantizedTraining(new InMemoryStatsStorage(), "like", Grid.ternary(), 6, 3)
                .train(6)
                .snapshots()
                .get(1);
        AskewReport.Row row = new AskewReport.Row("hidden", "W", 0, Double.NaN, Double.NaN, Double.NaN, 0);
        AskewReport report = new AskewReport(7, 0, 0.5, 0.5, row, List.of(row));
        CellHistogram empty = new CellHistogram(64, new long[129]);
        new AskewStorage(storage, "diverged")
                .accept(new AskewSnapshot(0, like.plan(), report, Double.NaN, null, List.of(empty)));
        open();
        browser.await("return dl4j.weights?.iteration === 7");
        assertThat(browser.text(".figures")).contains("0 weights").doesNotContain("NaN");
        assertThat(browser.text(".tiles")).contains("score\n–");
    }

    @Test
    void screenshots() throws IOException {
        new QuantizedTraining(storage, "three clusters, ternary", Grid.ternary(), 300, 3).train(300);
        open();
        browser.await("return dl4j.weights !== undefined");
        browser.script("const s = document.getElementById('weights-slider'); s.value = '42';"
                + " s.dispatchEvent(new Event('input')); const c = document.getElementById('weights-parameter'); c.value = '1';"
                + " c.dispatchEvent(new Event('change'))");
        browser.await("return dl4j.weights.at === 42 && dl4j.weights.index === 1");
        browser.wholePage("askew-laptop-light", 1280);
        browser.screenshot("askew", 1280, 1240);
        browser.wholePage("askew-phone-light", 390);
        assertThat(browser.script("return document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        browser.size(1280, 800);
        browser.script("[...document.querySelectorAll('button')].find(b => b.textContent === 'Dark').click()");
        browser.wholePage("askew-laptop-dark", 1280);
        browser.wholePage("askew-phone-dark", 390);
        browser.script("[...document.querySelectorAll('button')].find(b => b.textContent === 'Light').click()");
    }
}
