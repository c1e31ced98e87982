package io.github.dl4jaskew.ui;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium with a profile of its own, which is thrown away. */
public final class Browser implements AutoCloseable {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String AXE = resource("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js");

    private final Path profile;
    private final ChromeDriver driver;

    private Browser(Path profile, ChromeDriver driver) {
        this.profile = profile;
        this.driver = driver;
    }

    /** Starts one; tests ask {@link Chromium} first whether there is one. */
    public static Browser start() {
        try {
            Path profile = Files.createTempDirectory("chromium");
            ChromeOptions options = new ChromeOptions();
            options.setBinary(Chromium.binary().toFile());
            options.addArguments(
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--force-device-scale-factor=1",
                    "--user-data-dir=" + profile);
            LoggingPreferences logs = new LoggingPreferences();
            logs.enable(LogType.BROWSER, Level.ALL);
            options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
            ChromeDriverService service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(Chromium.driver().toFile())
                    .usingAnyFreePort()
                    .build();
            ChromeDriver driver = new ChromeDriver(service, options);
            driver.manage().timeouts().pageLoadTimeout(PATIENCE);
            return new Browser(profile, driver);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens an address in a window like a laptop's. */
    public void open(URI address) {
        size(1280, 800);
        driver.get(address.toString());
    }

    /** Shows the page as on paper ("print"), or as on a screen again (""). */
    public void media(String medium) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", medium));
    }

    /** Waits until the page has drawn its first numbers. */
    public void awaitReady() {
        await("return window.dl4j?.ready === true");
    }

    /** Waits until a script returns true; it may run before the page is there. */
    public void await(String script) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Boolean.TRUE.equals(script(script))) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not true after " + PATIENCE.toSeconds() + " s: " + script + "; console: "
                        + errors() + "; text: " + script("return document.body.innerText.slice(0, 2000)"));
            }
            sleep();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What a script returns. */
    public Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** What the promise that a script returns resolves to. */
    public Object promise(String script) {
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return driver.executeAsyncScript("const done = arguments[arguments.length - 1];" + "(async () => {" + script
                + "})().then(done, e => done('failed: ' + e));");
    }

    /** Numbers of an array in the page; what is no number is NaN. */
    public double[] numbers(String expression) {
        List<?> values =
                (List<?>) script("return Array.from(" + expression + ", v => typeof v === 'number' ? v : 'none')");
        return values.stream()
                .mapToDouble(v -> v instanceof Number n ? n.doubleValue() : Double.NaN)
                .toArray();
    }

    public String text(String css) {
        return find(css).getText();
    }

    public WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    public void click(String css) {
        find(css).click();
    }

    /** Presses keys on whatever has the focus. */
    public void type(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    public void tab() {
        type(Keys.TAB);
    }

    public String url() {
        return driver.getCurrentUrl();
    }

    /** What the console has told of errors and warnings since the last call. */
    public List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                // axe-core draws and reads letters
                .filter(message -> !message.contains("willReadFrequently"))
                .toList();
    }

    /** The rules of accessibility that the page breaks, with the elements that break them, as axe-core finds them. */
    public List<String> violations() {
        script(AXE);
        Object found = promise("const {violations} = await axe.run();"
                + " return violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '));");
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Browser.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loads nothing from addresses like these. */
    public void block(String... patterns) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of(patterns)));
    }

    /** A window of this size, as on a phone if it is narrow. */
    public void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** {@code target/screenshots/NAME.png}, as large as the window. */
    public Path screenshot(String name, int width, int height) {
        size(width, height);
        script("window.scrollTo(0, 0)");
        return save(name);
    }

    /** The same of the whole page. */
    public Path wholePage(String name, int width) {
        size(width, 800);
        long height = ((Number) script("return document.documentElement.scrollHeight")).longValue();
        size(width, (int) Math.min(height, 8000));
        return save(name);
    }

    private Path save(String name) {
        promise("return new Promise(done => requestAnimationFrame(() => setTimeout(done, 150)))");
        try {
            Files.createDirectories(SCREENSHOTS);
            return Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        driver.quit();
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
