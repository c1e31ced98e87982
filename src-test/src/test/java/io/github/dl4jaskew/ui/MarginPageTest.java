package io.github.dl4jaskew.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.margin.MarginListener;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.metrics.MarginHistogram;
import io.github.dl4jaskew.margin.storage.MarginStorage;
import io.github.dl4jaskew.margin.ui.MarginPage;
import java.net.URI;
import java.util.List;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.api.UIServer;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nd4j.linalg.dataset.DataSet;
import org.openqa.selenium.Keys;

@ExtendWith(Chromium.class)
@Tag("slow")
class MarginPageTest {

    private static final List<String> HOSTILE = List.of(
            "<script>window.hacked = 1</script>",
            "\"><img src=x onerror='window.hacked = 1'>",
            "../../etc/passwd",
            "it's; DROP TABLE Updates; --",
            "${7*7} {{7*7}} %00 %2e%2e",
            "line\nbreak\u202e\u0000 \ud83d\udc4d \ud800",
            "x".repeat(10_000));

    private static Browser browser;

    private StatsStorage storage;

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

    @BeforeEach
    void newStorage() {
        storage = new InMemoryStatsStorage();
    }

    @AfterEach
    void nothingWentWrong() {
        List<String> errors = browser.errors();
        browser.open(URI.create("about:blank"));
        UIServer.getInstance().detach(storage);
        assertThat(errors).isEmpty();
    }

    private void openPage() {
        browser.open(MarginPage.attach(storage));
        browser.awaitReady();
    }

    @Test
    void chartsShowTheNumbersOfTheStorageWhileANetworkTrains() {
        DataSet data = Training.data();
        MultiLayerNetwork network = Training.network(1);
        MarginTracker tracker = Training.tracker(data);
        network.addListeners(new MarginListener(tracker).to(new MarginStorage(storage, "a training")));
        openPage();
        assertThat(browser.text(".empty")).contains("No run has margins yet").contains("MarginStorage");
        for (int i = 0; i < 60; i++) {
            network.fit(data);
        }
        // Nobody touches the page: it looks by itself.
        browser.await("return (window.dl4j.charts.margin.data[0] ?? []).length === 60");
        for (int i = 0; i < 60; i++) {
            network.fit(data);
        }
        browser.promise("await dl4j.refresh()");
        shows(tracker.history().snapshots());
        assertThat(browser.text(".tiles")).contains("120").contains("since 13");
        browser.screenshot("margin-laptop-light", 1280, 800);
        browser.wholePage("margin-laptop-whole", 1280);
    }

    /** The numbers in the plots are those of the snapshots, exactly. */
    private static void shows(List<MarginSnapshot> snapshots) {
        assertThat(browser.numbers("dl4j.charts.margin.data[0]"))
                .containsExactly(snapshots.stream()
                        .mapToDouble(MarginSnapshot::iteration)
                        .toArray());
        assertThat(browser.numbers("dl4j.charts.margin.data[1]"))
                .containsExactly(snapshots.stream()
                        .mapToDouble(s -> s.normalizedMargin().orElse(Double.NaN))
                        .toArray());
        assertThat(browser.numbers("dl4j.charts.kkt.data[1]"))
                .containsExactly(snapshots.stream()
                        .mapToDouble(
                                s -> s.gradient().orElseThrow().kktEpsilon().orElse(Double.NaN))
                        .toArray());
        assertThat(browser.numbers("dl4j.charts.norm.data[1]"))
                .containsExactly(snapshots.stream()
                        .mapToDouble(s -> Math.pow(s.norm(), s.degree().orElseThrow()))
                        .toArray());
        assertThat(browser.numbers("dl4j.charts.layers.data[2]"))
                .containsExactly(snapshots.stream()
                        .mapToDouble(s -> s.layerNorms().get(1).norm())
                        .toArray());
        // The canvases are those numbers: uPlot holds the same arrays.
        assertThat(browser.script("return Object.values(dl4j.charts)"
                        + ".every(c => !c.plot || c.plot.data.every((values, i) => values === c.data[i]))"))
                .isEqualTo(true);
    }

    @Test
    void noRuleOfAccessibilityIsBroken() {
        Records.train(storage, "run a", 1, 40);
        openPage();
        browser.wholePage("margin-1440", 1440);
        assertThat(browser.violations()).isEmpty();
        browser.wholePage("margin-390", 390);
        assertThat(browser.violations()).isEmpty();
    }

    @Test
    void severalRunsAreDrawnSideBySideAndCanBeLeftOut() {
        List<MarginSnapshot> first = Records.train(storage, "run a", 1, 40);
        List<MarginSnapshot> second = Records.train(storage, "run b", 2, 30);
        openPage();
        assertThat(browser.script("return dl4j.charts.loss.keys.length")).isEqualTo(2L);
        assertThat(browser.text(".tiles")).contains("run a").contains("run b");
        double[] longer = browser.numbers(
                "dl4j.charts.loss.data[1 + dl4j.charts.loss.lines.findIndex(l => l.run.name === 'run a')]");
        double[] shorter = browser.numbers(
                "dl4j.charts.loss.data[1 + dl4j.charts.loss.lines.findIndex(l => l.run.name === 'run b')]");
        assertThat(longer).containsExactly(losses(first, 40));
        assertThat(shorter).containsExactly(losses(second, 40));
        browser.screenshot("margin-several-runs", 1280, 800);
        browser.click(".runs li input");
        browser.await("return dl4j.charts.loss.keys.length === 1");
        browser.click(".runs li input");
        browser.await("return dl4j.charts.loss.keys.length === 2");
    }

    private static double[] losses(List<MarginSnapshot> snapshots, int length) {
        double[] losses = new double[length];
        java.util.Arrays.fill(losses, Double.NaN);
        for (int i = 0; i < snapshots.size(); i++) {
            losses[i] = snapshots.get(i).logLossSum().orElseThrow();
        }
        return losses;
    }

    @Test
    void everythingCanBeReachedAndReadByKeys() {
        Records.train(storage, "run", 1, 50);
        openPage();
        browser.tab();
        assertThat(browser.script("return document.activeElement.textContent")).isEqualTo("Skip to the charts");
        for (int i = 0; i < 40 && !focused("plot"); i++) {
            browser.tab();
            assertThat(browser.script("return getComputedStyle(document.activeElement).outlineStyle"))
                    .as(
                            "the focus is seen on %s",
                            browser.script("return document.activeElement.outerHTML.slice(0, 80)"))
                    .isNotEqualTo("none");
        }
        assertThat(focused("plot")).isTrue();
        assertThat((String) browser.script("return document.activeElement.getAttribute('aria-label')"))
                .startsWith("Normalized margin by iteration. Newest: normalized ")
                .contains("Arrow keys");
        browser.type(Keys.HOME);
        assertThat(browser.script("return dl4j.pages[0].live.textContent").toString())
                .startsWith("iteration 1: normalized");
        browser.type(Keys.ARROW_RIGHT);
        browser.type(Keys.ARROW_RIGHT);
        assertThat(browser.script("return dl4j.pages[0].live.textContent").toString())
                .startsWith("iteration 3: ");
        browser.type("+");
        browser.await("return dl4j.charts.loss.plot.scales.x.max < 50 && dl4j.charts.loss.plot.scales.x.min === 1");
        browser.type("0");
        browser.await("return dl4j.charts.loss.plot.scales.x.max === 50");
    }

    private static boolean focused(String css) {
        return Boolean.TRUE.equals(browser.script("return document.activeElement.classList.contains('" + css + "')"));
    }

    @Test
    void axesTablesAndExportsGoByTheSameNumbers() {
        List<MarginSnapshot> snapshots = Records.train(storage, "run", 1, 30);
        openPage();
        browser.click("#title-loss + .actions button:nth-child(2)");
        assertThat(browser.script("return dl4j.charts.loss.plot.scales.y.distr"))
                .isEqualTo(3L);
        // A logarithmic axis has no place for what is not above 0.
        assertThat(browser.numbers("dl4j.charts.loss.data[1]"))
                .containsExactly(snapshots.stream()
                        .mapToDouble(s -> s.logLossSum().orElseThrow())
                        .map(v -> v > 0 ? v : Double.NaN)
                        .toArray());
        browser.click("#title-layers + .actions button:nth-child(3)");
        assertThat(browser.text("section[aria-labelledby='title-layers'] table"))
                .contains("iteration hidden second output\n30 ");
        browser.script("window.saved = []; URL.createObjectURL = blob => (saved.push(blob), 'blob:none')");
        browser.script(
                "HTMLAnchorElement.prototype.click = function () { this.isConnected || saved.push(this.download) }");
        browser.click("#title-layers + .actions button:nth-child(4)");
        String csv = (String) browser.promise("return saved.find(s => s instanceof Blob).text()");
        assertThat(csv.lines()).hasSize(31).startsWith("iteration,layer:hidden,layer:second,layer:output");
        assertThat(csv.lines().skip(30).findFirst().orElseThrow())
                .startsWith("30," + snapshots.get(29).layerNorms().get(0).norm() + ",");
        browser.script("saved.length = 0");
        browser.click("#title-layers + .actions button:nth-child(5)");
        browser.await("return saved.length === 2");
        assertThat(browser.promise("return (await createImageBitmap(saved.find(s => s instanceof Blob))).width"))
                .isEqualTo(browser.script("return dl4j.charts.layers.plot.ctx.canvas.width"));
        assertThat(browser.script("return saved[1]")).isEqualTo("layers.png");
    }

    @Test
    void theHistogramIsThatOfTheNewestMeasurement() {
        List<MarginSnapshot> first = Records.train(storage, "run a", 1, 40);
        List<MarginSnapshot> second = Records.train(storage, "run b", 2, 3);
        openPage();
        browser.await("return dl4j.pages[0].panels[0].bins !== null");
        browser.script("window.panel = dl4j.pages[0].panels[0]");
        boolean a = "run a".equals(browser.script("return panel.run.name"));
        showsHistogram((a ? first : second));
        browser.script("const c = document.querySelector(\"section[aria-labelledby='title-histogram'] select\");"
                + "c.selectedIndex = 1 - c.selectedIndex; c.dispatchEvent(new Event('change'))");
        showsHistogram((a ? second : first));
        String linear = picture();
        browser.click("#title-histogram + .actions button:nth-child(1)");
        assertThat(picture()).isNotEqualTo(linear);
        browser.script("document.querySelector('canvas.bars').dispatchEvent(new PointerEvent('pointermove',"
                + " {clientX: document.querySelector('canvas.bars').getBoundingClientRect().left + 60}))");
        assertThat(browser.text("section[aria-labelledby='title-histogram']")).contains("margins above ");
        browser.script("document.querySelector('canvas.bars').scrollIntoView()");
        browser.wholePage("margin-histogram-phone", 390);
        assertThat(browser.script("return document.documentElement.scrollWidth"))
                .isEqualTo(390L);
        browser.wholePage("margin-histogram-laptop", 1280);
    }

    private static String picture() {
        return String.valueOf(browser.script("return document.querySelector('canvas.bars').toDataURL()"));
    }

    /** Picture, words and table. */
    private static void showsHistogram(List<MarginSnapshot> snapshots) {
        MarginSnapshot last = snapshots.get(snapshots.size() - 1);
        MarginHistogram histogram = last.histogram().orElseThrow();
        assertThat(browser.numbers("panel.bins.counts"))
                .containsExactly(histogram.counts().stream().mapToDouble(n -> n).toArray());
        int wrong = (int) Math.round((1 - last.accuracy()) * last.counts().margins());
        String label = (String) browser.script("return document.querySelector('canvas.bars').ariaLabel");
        assertThat(label)
                .contains("iteration " + last.iteration() + " ")
                .contains(" 60 margins ")
                .contains(" " + wrong + " predicted wrongly ");
        browser.click("#title-histogram + .actions button:nth-child(2)");
        List<?> cells = (List<?>) browser.script(
                "return [...document.querySelectorAll(\"section[aria-labelledby='title-histogram'] tbody td:nth-child(3)\")]"
                        + ".map(cell => Number(cell.textContent))");
        assertThat(cells)
                .isEqualTo(histogram.counts().stream().map(Integer::longValue).toList());
        browser.click("#title-histogram + .actions button:nth-child(2)");
    }

    @Test
    void hostileNamesAreShownAndDoNoHarm() {
        MarginSnapshot like = Records.train(storage, HOSTILE.get(0), 1, 12).get(11);
        for (String name : HOSTILE.subList(1, HOSTILE.size())) {
            Records.post(storage, name, like, 3, i -> i);
        }
        openPage();
        assertThat(browser.script("return dl4j.runs.size")).isEqualTo((long) HOSTILE.size());
        browser.script("document.querySelectorAll('.runs input:not(:checked)').forEach(box => box.click())");
        browser.await("return dl4j.charts.norm.keys.length === " + HOSTILE.size());
        assertThat(browser.script("return window.hacked")).isNull();
        assertThat(browser.script("return document.querySelectorAll('main img, main script').length"))
                .isEqualTo(0L);
        // The driver cannot carry half of a surrogate pair, which the page shows as it is.
        assertThat(browser.script("return document.querySelector('.runs').innerText.toWellFormed()"))
                .asString()
                .contains(HOSTILE.get(0))
                .contains(HOSTILE.get(3));
        assertThat(browser.script("return Math.max(...[...dl4j.runs.values()].map(run => run.name.length))"))
                .isEqualTo(201L);
        assertThat(browser.script("return document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
    }

    @Test
    void longRunsKeepTheirExtremesAndSendWhatIsNew() {
        MarginSnapshot like =
                Records.train(new InMemoryStatsStorage(), "like", 1, 12).get(11);
        int records = 20_000;
        Records.post(storage, "long", like, records, i -> i == 12_345 ? 7 : i == 4_321 ? -7 : Math.sin(i));
        openPage();
        browser.await("return dl4j.charts.margin.lines[0]?.run.rows === " + records);
        double[] drawn = browser.numbers("dl4j.charts.margin.data[1]");
        assertThat(drawn.length).isLessThan(2000);
        assertThat(drawn).contains(7, -7);
        long all = bytes("");
        long next = bytes("&after=' + dl4j.charts.margin.lines[0].run.after + '&level='"
                + " + dl4j.charts.margin.lines[0].run.level + '");
        assertThat(all).isLessThan(1_000_000);
        assertThat(next).isLessThan(20_000);
        // Enlarged, every number is there.
        browser.promise("await dl4j.pages[0].zoom({min: 12300, max: 12400})");
        assertThat(browser.numbers("dl4j.charts.margin.data[0]").length).isEqualTo(103);
        assertThat(browser.script("return dl4j.charts.margin.data[1][dl4j.charts.margin.data[0].indexOf(12345)]"))
                .isEqualTo(7L);
        browser.promise("await dl4j.pages[0].zoom(null)");
        assertThat(browser.numbers("dl4j.charts.margin.data[1]")).containsExactly(drawn);
    }

    private static long bytes(String more) {
        return (Long) browser.promise(
                "return (await (await fetch('/margin/api/data?run=' + dl4j.charts.margin.lines[0].run.id + '" + more
                        + "')).text()).length");
    }

    @Test
    void darkAndLightAndPhone() {
        Records.train(storage, "an MLP by SGD", 1, 120);
        openPage();
        browser.script("[...document.querySelectorAll('.tools button')].find(b => b.textContent === 'Dark').click()");
        assertThat(browser.script("return document.documentElement.dataset.theme"))
                .isEqualTo("dark");
        browser.screenshot("margin-laptop-dark", 1280, 800);
        assertThat(contrast("body")).isGreaterThan(7);
        assertThat(contrast(".note")).isGreaterThan(4.5);
        browser.script("[...document.querySelectorAll('.tools button')].find(b => b.textContent === 'Light').click()");
        assertThat(contrast("body")).isGreaterThan(7);
        assertThat(contrast(".note")).isGreaterThan(4.5);
        browser.screenshot("margin-phone", 390, 844);
        assertThat(browser.script("return document.documentElement.scrollWidth"))
                .isEqualTo(390L);
    }

    /** Of an element's text to the card's surface, as WCAG counts. */
    private static double contrast(String css) {
        return ((Number) browser.script("""
                        const light = css => css.match(/[\\d.]+/g).slice(0, 3)
                          .map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
                        const text = light(getComputedStyle(document.querySelector(arguments[0])).color);
                        const ground = light(getComputedStyle(document.querySelector('.card')).backgroundColor);
                        return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05) + 1e-9;
                        """, css)).doubleValue();
    }

    @Test
    void theTrainingOverviewStandsBelowOurNavigation() {
        Records.train(storage, "run", 1, 5);
        openPage();
        browser.click(".runs a");
        browser.await("return location.pathname === '/margin/train' && !!document.querySelector('iframe')");
        assertThat(browser.script("return document.querySelector('iframe').getAttribute('src')"))
                .isEqualTo("/train/overview");
        browser.await(
                "return document.querySelector('iframe').contentDocument?.body?.textContent.includes('Overview')");
        // With its scripts, without which it has no charts.
        browser.await("return typeof document.querySelector('iframe').contentWindow.jQuery?.plot === 'function'");
        browser.click(".tabs a[href='/margin']");
        browser.awaitReady();
        assertThat(browser.url()).endsWith("/margin");
    }
}
