package io.github.dl4jaskew.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class HtmlReportTest {

    private final StatsStorage storage = new InMemoryStatsStorage();

    private static JsonNode answers(String html) throws IOException {
        String begin = "<script type=\"application/json\" id=\"answers\">";
        int from = html.indexOf(begin) + begin.length();
        return new ObjectMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
    }

    @Test
    void onlyRegularFilesAreReplaced(@TempDir Path directory) {
        Notes.post(storage, "session", "0", 1);
        assertThatThrownBy(() -> HtmlReport.builder(storage).page(Notes.page()).write(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("this is not a regular file");
    }

    @Test
    void aReportHoldsTheAnswersToAllThatItsScriptsAsk(@TempDir Path directory) throws IOException {
        Notes.post(
                storage,
                "</script><b>&",
                "0",
                IntStream.range(0, 12_000).mapToDouble(i -> i + 0.5).toArray());
        Path file = directory.resolve("a").resolve("report.html");
        HtmlReport.builder(storage).title("<i>").page(Notes.page()).write(file);
        String html = Files.readString(file);
        JsonNode answers = answers(html);
        String id = answers.get("notes/runs").get("runs").get(0).get("id").textValue();
        JsonNode data = answers.get("notes/data?run=" + id);
        assertThat(data.get("rows").intValue()).isEqualTo(12_000);
        assertThat(data.get("more").booleanValue()).isFalse();
        assertThat(answers.get("notes/echo?run=" + id + "&text=b")
                        .get("session")
                        .textValue())
                .isEqualTo("</script><b>&");
        assertThat(html)
                .contains("<title>&lt;i&gt;</title>")
                .doesNotContain("<b>")
                .doesNotContain("src=\"");
    }

    @Test
    void aReportHoldsTheLicenceOfTheChartLibrary() throws IOException {
        Notes.post(storage, "run", "0", 1);
        String html = HtmlReport.builder(storage).page(Notes.page()).html();
        String comment = html.substring(html.indexOf("<!-- "), html.indexOf("-->"));
        assertThat(comment)
                .contains("uPlot", "The MIT License", "Leon Sorokin", "Permission is hereby granted")
                .doesNotContain("<script");
    }

    @Test
    void sessionsThatWereNotAskedForAreLeftOut() throws IOException {
        Notes.post(storage, "wanted", "0", 1);
        Notes.post(storage, "other", "0", 1);
        assertThat(answers(HtmlReport.builder(storage)
                                .sessions("wanted")
                                .page(Notes.page())
                                .html())
                        .get("notes/runs")
                        .findValuesAsText("session"))
                .containsExactly("wanted");
    }

    @Test
    void aSessionIsFoundBehindTwoHundredNewerOnes() throws IOException {
        for (int i = 0; i < 201; i++) {
            Notes begin = new Notes("session " + i, "0", 1000 - i, -1);
            storage.putStorageMetaData(begin);
            storage.putStaticInfo(begin);
        }
        JsonNode all =
                answers(HtmlReport.builder(storage).page(Notes.page()).html()).get("notes/runs");
        assertThat(all.get("truncated").booleanValue()).isTrue();
        assertThat(all.findValuesAsText("session")).hasSize(200).doesNotContain("session 200");
        JsonNode one = answers(HtmlReport.builder(storage)
                        .sessions("session 200")
                        .page(Notes.page())
                        .html())
                .get("notes/runs");
        assertThat(one.get("truncated").booleanValue()).isFalse();
        assertThat(one.findValuesAsText("session")).containsExactly("session 200");
    }

    @Test
    void halvesOfSurrogatePairsInNamesAreKept(@TempDir Path directory) throws IOException {
        String name = "ü \ud83d\udc4d \ud800 \udfff";
        Notes.post(storage, name, "0", 1);
        Path file = directory.resolve("report.html");
        HtmlReport.builder(storage).title(name).page(Notes.page()).write(file);
        String html = Files.readString(file);
        assertThat(answers(html).get("notes/runs").findValuesAsText("session")).containsExactly(name);
        assertThat(html).contains("<title>ü \ud83d\udc4d ? ?</title>");
    }

    @Test
    void aStorageWithoutRecordsMakesNoReport() {
        assertThatThrownBy(() -> HtmlReport.builder(storage).page(Notes.page()).html())
                .hasMessage("the storage has no records of the pages [notes]");
    }
}
