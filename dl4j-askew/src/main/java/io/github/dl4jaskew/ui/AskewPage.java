package io.github.dl4jaskew.ui;

import io.github.dl4jaskew.pages.HtmlReport;
import io.github.dl4jaskew.pages.Page;
import io.github.dl4jaskew.pages.UiServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.deeplearning4j.core.storage.StatsStorage;

/**
 * The page {@code /askew} of DL4J's user interface: eps and tau, infeasible weights, distance to the grid, flips, float and
 * quantized score, the plan, and the weights between their levels, of all runs of the attached storages, during training
 * and afterwards.
 *
 * <pre>{@code
 * StatsStorage storage = new InMemoryStatsStorage();
 * net.addListeners(new AskewListener(10).to(new AskewStorage(storage, "run 1")));
 * System.out.println(AskewPage.attach(storage)); // http://localhost:9000/askew
 * }</pre>
 *
 * <p>Where DL4J's user interface is on the class path, any of its servers has the page, however it was started. Thread safe.
 */
public final class AskewPage {

    private static final Page PAGE = Page.builder("askew", "Quantized weights")
            .reader(new ReportReader())
            .assets(AskewPage.class, "assets/", "askew.js", "plan.js", "weights.js", "bands.js", "askew.css")
            .endpoint("plan", PlanAnswer::of)
            .endpoint("moments", WeightsAnswer::moments)
            .endpoint("weights", WeightsAnswer::of)
            .record(WeightsAnswer::recorded)
            .build();

    private AskewPage() {}

    /**
     * Shows a storage in DL4J's server, which is started if it does not run.
     *
     * @param storage to which {@link io.github.dl4jaskew.storage.AskewStorage} posts, or did
     * @return address of the page
     * @throws IllegalStateException if DL4J's user interface is not on the class path; says what to add
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
     * @throws IllegalArgumentException if the storage has no records of a listener
     */
    public static void write(StatsStorage storage, Path file) throws IOException {
        HtmlReport.builder(storage).title(PAGE.title()).page(PAGE).write(file);
    }

    /** {@return the page, for reports of several} */
    public static Page page() {
        return PAGE;
    }
}
