package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.margin.ui.MarginPage;
import io.github.dl4jaskew.pages.HtmlReport;
import io.github.dl4jaskew.ui.AskewPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes what a storage holds of finished runs as one HTML file. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Draws the runs of a stats file as one HTML file that needs no server and no network.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  askew report stats.bin -o report.html",
            "  askew report stats.bin --session \"run 1\" -o report.html"
        })
final class ReportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "The file of a FileStatsStorage or a J7FileStatsStorage.")
    private @Nullable Path file;

    @Mixin
    private OutputFile output = new OutputFile();

    @Option(names = "--session", paramLabel = "ID", description = "A session to draw; may be repeated. Default: all.")
    private List<String> sessions = new ArrayList<>();

    @Option(names = "--title", paramLabel = "TEXT", description = "Title of the report. Default: the file's name.")
    private @Nullable String title;

    @Override
    public Integer call() throws IOException {
        output.check();
        Path stored = Objects.requireNonNull(file);
        try (Steps steps = new Steps("drawing", 2);
                StorageFile storage = steps.run("reading", () -> StorageFile.open(stored))) {
            HtmlReport.Builder report = HtmlReport.builder(storage.storage())
                    .title(title == null ? String.valueOf(stored.getFileName()) : title)
                    .sessions(sessions.toArray(String[]::new))
                    .page(AskewPage.page())
                    .page(MarginPage.page());
            steps.run("writing", () -> {
                output.write(report::write);
                return output;
            });
        }
        System.out.println(output.path() + ": " + Files.size(output.path()) + " bytes");
        return 0;
    }
}
