package io.github.dl4jaskew.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.api.UIModule;
import org.deeplearning4j.ui.api.UIServer;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** In DL4J's server, on a free port. {@link NotesUiModule} is found as those of the libraries are. */
class PageModuleTest {

    private static final StatsStorage STORAGE = new InMemoryStatsStorage();
    private static String id = "";
    /** Ten minutes in milliseconds, which no machine is too slow for. */
    private static final int HANGS = 600_000;

    @BeforeAll
    static void start() throws Exception {
        VertxUIServer.getInstance(0, false, null);
        Notes.post(STORAGE, "<a>", "0", 1, 2, 3);
        assertThat(UiServer.attach(STORAGE, "notes").toString()).matches("http://localhost:\\d+/notes");
        id = new ObjectMapper()
                .readTree(get("/notes/api/runs").body())
                .get("runs")
                .get(0)
                .get("id")
                .textValue();
    }

    @AfterAll
    static void stop() throws Exception {
        UIServer.stopInstance();
    }

    private static HttpResponse<String> get(String path) {
        return send("GET", path);
    }

    private static HttpResponse<String> send(String method, String path) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(UIServer.getInstance().getAddress() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theServerFindsThePage() {
        assertThat(StreamSupport.stream(ServiceLoader.load(UIModule.class).spliterator(), false))
                .hasAtLeastOneElementOfType(NotesUiModule.class);
        HttpResponse<String> page = get("/notes");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<a href=\"/notes\" aria-current=\"page\">Notes &amp; &lt;others&gt;</a>");
        assertThat(get("/notes/api/runs").body()).contains("\"truncated\":false");
    }

    @ParameterizedTest
    @CsvSource({
        "/notes, text/html",
        "/notes/train, text/html",
        "/notes/assets/start.js, text/javascript",
        "/notes/assets/uplot.js, text/javascript",
        "/notes/assets/uplot.css, text/css",
        "/notes/assets/ui/chart.js, text/javascript",
        "/notes/assets/notes/dom.js, text/javascript",
        "/notes/assets/notes/page.css, text/css",
        "/notes/api/runs, application/json",
        "/notes/api/nothing, application/json"
    })
    void whateverIsSentIsNamedAndLockedIn(String path, String type) {
        HttpResponse<String> response = get(path);
        assertThat(response.headers().firstValue("Content-Type")).contains(type + "; charset=utf-8");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'")
                .doesNotContain("unsafe")
                .doesNotContain("http");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void nothingButGetIsAnswered(String method) {
        for (String path :
                List.of("/notes", "/notes/api/runs", "/notes/api/data?run=" + id, "/notes/assets/uplot.js")) {
            assertThat(send(method, path).statusCode()).as(path).isIn(404, 405);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing.js",
                "ui/../uplot.js",
                "..%2f..%2fPage.class",
                "ui/%2e%2e/%2e%2e/Page.class",
                "//etc/passwd",
                "ui/chart.js%00.css"
            })
    void noOtherFileIsSent(String file) {
        assertThat(get("/notes/assets/" + file).statusCode()).isEqualTo(404);
    }

    @Test
    void dataAreSentAndIncrementsAfterThem() throws IOException {
        JsonNode data =
                new ObjectMapper().readTree(get("/notes/api/data?run=" + id).body());
        assertThat(data.get("columns").toString()).isEqualTo("{\"value\":[1.0,2.0,3.0]}");
        JsonNode more = new ObjectMapper()
                .readTree(get("/notes/api/data?after=3&level=0&run=" + id).body());
        assertThat(more.get("x")).isEmpty();
        assertThat(more.get("reset").booleanValue()).isFalse();
        JsonNode range = new ObjectMapper()
                .readTree(get("/notes/api/data?min=2&max=2.5&run=" + id).body());
        assertThat(range.get("x").toString()).isEqualTo("[1,2,3]");
        assertThat(get("/notes/api/echo?text=%3Cb%3E&run=" + id).body())
                .isEqualTo("{\"text\":\"<b>\",\"session\":\"<a>\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "data?run=RUN&after=-1, 400, from 0 to",
        "data?run=RUN&after=x, 400, whole number",
        "data?run=RUN&level=999, 400, from 0 to 127",
        "data?run=RUN&min=NaN&max=1, 400, finite",
        "data?run=RUN&min=1, 400, missing",
        "data, 400, missing",
        "data?run=, 404, no such run",
        "data?run=../../x, 404, no such run",
        "echo?run=RUN, 400, missing",
        "nothing?run=RUN, 404, no such question",
        "overflow?run=RUN, 500, its log says why",
        "broken?run=RUN, 500, its log says why"
    })
    void badQuestionsGetAReason(String question, int status, String reason) {
        HttpResponse<String> response = get("/notes/api/" + question.replace("RUN", id));
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).startsWith("{\"error\":").contains(reason).doesNotContain("secret");
    }

    @Test
    void damagedAddressesDoNoHarm() {
        assertThat(get("/notes/api/data?run=" + "x".repeat(3000)).statusCode()).isEqualTo(404);
        assertThat(get("/notes/api/" + "x".repeat(20_000)).statusCode()).isIn(404, 414);
        assertThat(get("/notes/api/runs").statusCode()).isEqualTo(200);
    }

    @Test
    void whereTheScriptsOfTheTrainingPagesAreMissingThePageSaysSo() {
        assertThat(get("/notes/train?run=" + id).body())
                .contains("deeplearning4j-ui")
                .contains("<a href=\"/notes\">")
                .doesNotContain("iframe");
    }

    /** What no client of good manners sends. */
    private static String statusOf(String path) throws IOException {
        URI server = URI.create(UIServer.getInstance().getAddress());
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(HANGS);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElse("nothing");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/notes/api/data?run=%zz",
                "/notes/api/data?run=%",
                "/notes/api/data?run=x&after=%E0%A",
                "/notes/api/data?%zz=1",
                "/notes/api/data?&&==&="
            })
    void whatCannotBeDecodedIsRefused(String path) throws IOException {
        assertThat(statusOf(path)).startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/notes/api/%zz?run=1", "/notes/assets/%zz", "/notes/%c0%ae"})
    void norIsAPathThatIsNone(String path) throws IOException {
        assertThat(statusOf(path)).matches("HTTP/1.1 40[04].*");
    }

    @Test
    void noEventsAreAskedFor() {
        PageModule module = new NotesUiModule();
        assertThat(module.getCallbackTypeIDs()).isEmpty();
        assertThat(module.getInternationalizationResources()).isEmpty();
        module.reportStorageEvents(List.of());
        module.onDetach(STORAGE);
    }
}
