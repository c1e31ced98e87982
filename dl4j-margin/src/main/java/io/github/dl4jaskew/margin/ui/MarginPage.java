package io.github.dl4jaskew.margin.ui;

import io.github.dl4jaskew.pages.HtmlReport;
import io.github.dl4jaskew.pages.Page;
import io.github.dl4jaskew.pages.UiServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.deeplearning4j.core.storage.StatsStorage;

/**
 * The page {@code /margin} of DL4J's user interface: margins, their histogram, norms, alignment, balance of layers and neural collapse of
 * all runs of the attached storages, during training and afterwards.
 *
 * <pre>{@code
 * StatsStorage storage = new InMemoryStatsStorage();
 * net.addListeners(new MarginListener(tracker).to(new MarginStorage(storage, "run 1")));
 * System.out.println(MarginPage.attach(storage)); // http://localhost:9000/margin
 * }</pre>
 *
 * <p>Where DL4J's user interface is on the class path, any of its servers has the page, however it was started. Thread
 * safe.
 */
public final class MarginPage {

    private static final Page PAGE = Page.builder("margin", "Margins")
            .reader(new SnapshotReader())
            .assets(MarginPage.class, "assets/", "margin.js", "histogram.js", "notes.js")
            .build();

    private MarginPage() {}

    /**
     * Shows a storage in DL4J's server, which is started if it does not run.
     *
     * @param storage to which {@link io.github.dl4jaskew.margin.storage.MarginStorage} posts, or did
     * @return address of the page
     * @throws IllegalStateException if DL4J's user interface is not on the class path
     */
    public static URI attach(StatsStorage storage) {
        return UiServer.attach(storage, PAGE.name());
    }

    /**
     * Writes the page as one HTML file that needs neither server nor network.
     *
     * @param storage holds the runs
     * @param file created with its directory, or replaced
     * @throws IOException if the file cannot be written
     * @throws IllegalArgumentException if the storage has no margins
     */
    public static void write(StatsStorage storage, Path file) throws IOException {
        HtmlReport.builder(storage).title("Margins").page(PAGE).write(file);
    }

    /** {@return the page, for reports of several} */
    public static Page page() {
        return PAGE;
    }
}
