package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.margin.ui.MarginPage;
import io.github.dl4jaskew.ui.AskewPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.api.UIServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a storage holds of finished runs in a browser. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows the runs of a stats file in DL4J's training UI, on the pages /askew and /margin, until Ctrl-C.",
            "A copy of the file is read: runs that go on are shown as they were."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  askew serve stats.bin", "  askew serve stats.bin --port 9001"})
final class ServeCommand implements Callable<Integer> {

    private static final int LAST_PORT = 65_535;

    @Parameters(paramLabel = "FILE", description = "The file of a FileStatsStorage or a J7FileStatsStorage.")
    private @Nullable Path file;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "9000",
            description = "The server's port, 1 to 65535, or 0 for a free one. Default: ${DEFAULT-VALUE}.")
    private int port = 9000;

    @Override
    public Integer call() throws IOException {
        if (port < 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("--port is " + port + "; allowed are 0 to " + LAST_PORT);
        }
        try (StorageFile storage = StorageFile.open(Objects.requireNonNull(file))) {
            VertxUIServer.getInstance(port, false, null);
            System.out.println(AskewPage.attach(storage.storage()));
            System.out.println(MarginPage.attach(storage.storage()));
            untilInterrupted();
        } finally {
            stop();
        }
        return 0;
    }

    /** Ctrl-C ends the process; the storage's copy goes with the thread that is interrupted, as in tests. */
    private static void untilInterrupted() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop() {
        boolean interrupted = Thread.interrupted();
        try {
            UIServer.stopInstance();
        } catch (Exception e) {
            throw new IllegalStateException("DL4J's server does not stop", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
