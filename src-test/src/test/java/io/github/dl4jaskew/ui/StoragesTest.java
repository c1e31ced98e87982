package io.github.dl4jaskew.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.ui.MarginPage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.impl.RemoteUIStatsStorageRouter;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.api.UIServer;
import org.deeplearning4j.ui.model.storage.FileStatsStorage;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.deeplearning4j.ui.model.storage.sqlite.J7FileStatsStorage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Where runs come from: files while and after they are written, and other computers. */
class StoragesTest {

    private static final String NAME = "it's \"quoted\" <b>, ü";

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        VertxUIServer.getInstance(0, false, null);
    }

    @AfterAll
    static void stop() throws Exception {
        UIServer.stopInstance();
    }

    private static JsonNode ask(String question) {
        try {
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(
                                            URI.create(UIServer.getInstance().getAddress() + "/margin/api/" + question))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return new ObjectMapper().readTree(response.body());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<Double> margins(String session) {
        for (JsonNode run : ask("runs").get("runs")) {
            if (run.get("session").textValue().equals(session)) {
                List<Double> values = new ArrayList<>();
                ask("data?run=" + run.get("id").textValue())
                        .path("columns")
                        .path("normalizedMargin")
                        .forEach(v -> values.add(v.doubleValue()));
                return values;
            }
        }
        return List.of();
    }

    private static List<Double> expected(List<MarginSnapshot> snapshots) {
        return snapshots.stream().map(s -> s.normalizedMargin().orElseThrow()).toList();
    }

    @Test
    void mapDbFilesAreShownWhileTheyAreWrittenAndWhenTheyAreOpenedAgain() throws IOException {
        Path file = directory.resolve("stats.bin");
        List<MarginSnapshot> snapshots;
        StatsStorage storage = new FileStatsStorage(file.toFile());
        MarginPage.attach(storage);
        snapshots = Records.train(storage, NAME, 1, 15);
        assertThat(margins(NAME)).isEqualTo(expected(snapshots));
        UIServer.getInstance().detach(storage);
        storage.close();
        storage = new FileStatsStorage(file.toFile());
        MarginPage.attach(storage);
        assertThat(margins(NAME)).isEqualTo(expected(snapshots));
        UIServer.getInstance().detach(storage);
        storage.close();
        assertThat(margins(NAME)).isEmpty();
    }

    @Test
    void sqliteFilesAreShownWhileTheyAreWrittenAndWhenTheyAreOpenedAgain() throws IOException {
        Path file = directory.resolve("stats.db");
        List<MarginSnapshot> snapshots;
        StatsStorage storage = new J7FileStatsStorage(file.toFile());
        MarginPage.attach(storage);
        snapshots = Records.train(storage, "plain", 1, 15);
        assertThat(margins("plain")).isEqualTo(expected(snapshots));
        UIServer.getInstance().detach(storage);
        storage.close();
        storage = new J7FileStatsStorage(file.toFile());
        MarginPage.attach(storage);
        assertThat(margins("plain")).isEqualTo(expected(snapshots));
        UIServer.getInstance().detach(storage);
        storage.close();
    }

    @Test
    void otherComputersPostByTheRemoteRouter() throws Exception {
        StatsStorage received = new InMemoryStatsStorage();
        UIServer server = UIServer.getInstance();
        server.enableRemoteListener(received, true);
        List<MarginSnapshot> snapshots;
        try (RemoteUIStatsStorageRouter router = new RemoteUIStatsStorageRouter(server.getAddress())) {
            snapshots = Records.train(router, NAME, 1, 15);
            long hangs = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
            while (margins(NAME).size() < 15 && System.nanoTime() < hangs) {
                Thread.sleep(50);
            }
        }
        assertThat(margins(NAME)).isEqualTo(expected(snapshots));
        server.disableRemoteListener();
        server.detach(received);
    }

    @Test
    void aClosedStorageIsPassedOver() throws IOException {
        StatsStorage closed =
                new J7FileStatsStorage(directory.resolve("closed.db").toFile());
        Records.train(closed, "closed", 1, 3);
        MarginPage.attach(closed);
        closed.close();
        StatsStorage open = new InMemoryStatsStorage();
        List<MarginSnapshot> snapshots = Records.train(open, "open", 1, 3);
        MarginPage.attach(open);
        assertThat(margins("open")).isEqualTo(expected(snapshots));
        UIServer.getInstance().detach(open);
    }
}
