package io.github.dl4jaskew.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jaskew.interval.CellHistogram;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.listener.AskewSnapshot;
import io.github.dl4jaskew.storage.AskewStorage;
import io.github.dl4jaskew.storage.Snapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.deeplearning4j.ui.api.Route;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class AskewPageTest {

    @TempDir
    private Path directory;

    /** The answers that a report of these snapshots holds, by question. */
    private JsonNode report(List<AskewSnapshot> snapshots) throws IOException {
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        snapshots.forEach(new AskewStorage(storage, "run"));
        Path file = directory.resolve("report.html");
        AskewPage.write(storage, file);
        String html = Files.readString(file);
        Matcher answers =
                Pattern.compile("id=\"answers\">(.*?)</script>", Pattern.DOTALL).matcher(html);
        assertThat(answers.find()).isTrue();
        return new ObjectMapper().readTree(answers.group(1));
    }

    private static JsonNode answer(JsonNode answers, String question) {
        var names = answers.fieldNames();
        while (names.hasNext()) {
            String name = names.next();
            if (name.replaceAll("[?&]run=[0-9a-f]{16}", "").equals("askew/" + question)) {
                return answers.get(name);
            }
        }
        throw new AssertionError("no answer to " + question);
    }

    @Test
    void aReportHoldsTheNumbersOfTheReports() throws IOException {
        List<AskewSnapshot> snapshots = Snapshots.of(3);
        JsonNode data = answer(report(snapshots), "data");
        assertThat(data.get("x").toString()).isEqualTo("[0,10,20]");
        JsonNode columns = data.get("columns");
        assertThat(columns.get("epsilon").toString()).isEqualTo("[1.0,0.5,0.25]");
        assertThat(columns.get("flips").toString()).isEqualTo("[null,0.0,2.0]");
        assertThat(columns.get("score").toString()).isEqualTo("[2.5,1.5,0.5]");
        assertThat(columns.get("full").toString()).isEqualTo("[1.5,null,1.5]");
        assertThat(columns.get("quantized").toString()).isEqualTo("[null,null,1.75]");
        assertThat(columns.get("fullAccuracy").toString()).isEqualTo("[0.75,null,0.75]");
        assertThat(columns.get("quantizedAccuracy").toString()).isEqualTo("[null,null,0.5]");
        assertThat(columns.get("distance:out<put> W").toString()).isEqualTo("[0.0,0.0,0.0]");
        assertThat(columns.get("flips:hidden W").toString()).isEqualTo("[null,0.0,1.0]");
    }

    @Test
    void aReportHoldsThePlan() throws IOException {
        JsonNode plan = answer(report(Snapshots.of(1)), "plan");
        assertThat(plan.get("parameters")).hasSize(4);
        JsonNode hidden = plan.get("parameters").get(0);
        assertThat(hidden.get("grid").asText()).isEqualTo("ternary");
        assertThat(hidden.get("bits").asInt()).isEqualTo(2);
        assertThat(hidden.get("bytes").asInt()).isEqualTo(24);
        assertThat(hidden.get("lowestScale").asDouble()).isEqualTo(0.5);
        assertThat(hidden.get("highestScale").asDouble()).isEqualTo(2);
        assertThat(plan.get("parameters").get(1).get("skipped").asText()).isEqualTo("bias");
        assertThat(plan.get("settings").get(0).asText()).isEqualTo("eps: hold");
        assertThat(plan.get("constrained").asInt()).isEqualTo(35);
        assertThat(plan.get("size").asInt()).isEqualTo(40);
        assertThat(plan.get("bytes").asInt()).isEqualTo(24 + 20 + 6);
    }

    @Test
    void aReportHoldsHistogramsWithTheirIntervals() throws IOException {
        List<AskewSnapshot> snapshots = Snapshots.of(3);
        JsonNode answers = report(snapshots);
        JsonNode moments = answer(answers, "moments");
        assertThat(moments.get("count").asInt()).isEqualTo(3);
        assertThat(moments.get("recorded").toString()).isEqualTo("[0,1,2]");
        assertThat(moments.get("recordedParameters").asInt()).isEqualTo(2);
        assertThat(moments.get("parameters").get(1).get("layer").asText()).isEqualTo("out<put>");
        for (int at = 0; at < 3; at++) {
            JsonNode weights = answer(answers, "weights?at=" + at + "&parameter=0");
            assertThat(weights.get("iteration").asInt()).isEqualTo(10 * at);
            assertThat(weights.get("counts").get(96 + at).asInt()).isEqualTo(20);
            assertThat(weights.get("levels").toString()).isEqualTo("[-1.0,0.0,1.0]");
            double half = 0.5 * (1 - Math.sqrt(1 - Math.sqrt(Math.pow(0.5, at))));
            assertThat(weights.get("bands").get(1).get(0).asDouble()).isEqualTo(1 - half);
            assertThat(weights.get("bands").get(1).get(1).asDouble()).isEqualTo(1 + half);
            assertThat(weights.get("infeasible").asDouble()).isEqualTo(0.5 / (at + 1));
        }
    }

    @Test
    void aTrainingThatDivergedHasGapsInsteadOfNumbers() throws IOException {
        AskewSnapshot s = Snapshots.of(1).get(0);
        AskewReport.Row row =
                new AskewReport.Row("hidden", "W", 20, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY, 3);
        AskewReport diverged = new AskewReport(7, 0, 0.5, 0.5, row, List.of(row, row));
        JsonNode answers = report(List.of(new AskewSnapshot(
                0,
                s.plan(),
                diverged,
                Double.NaN,
                new AskewSnapshot.Scores(1e300, -1, Double.NaN, 0),
                s.histograms())));
        JsonNode columns = answer(answers, "data").get("columns");
        assertThat(columns.has("meanDistance")).isFalse();
        assertThat(columns.has("score")).isFalse();
        assertThat(columns.get("full").get(0).doubleValue()).isEqualTo(1e300);
        JsonNode weights = answer(answers, "weights?at=0&parameter=0");
        assertThat(weights.has("distance")).isFalse();
        assertThat(weights.has("infeasible")).isFalse();
        assertThat(answers.toString()).doesNotContain("NaN").doesNotContain("Infinity");
    }

    @Test
    void thePageIsToldThatItDrawsSomeOfThousandsOfParametersOnly() throws IOException {
        AskewSnapshot s = Snapshots.of(1).get(0);
        AskewReport.Row total = s.report().total();
        List<AskewReport.Row> rows = IntStream.range(0, 3000)
                .mapToObj(i -> new AskewReport.Row("layer" + i, "W", 1, 0, 0, 0, 0))
                .toList();
        AskewReport many = new AskewReport(0, 0, 1, 0, total, rows);
        List<CellHistogram> histograms =
                Collections.nCopies(3000, s.histograms().get(0));
        JsonNode answers = report(List.of(new AskewSnapshot(0, s.plan(), many, 0, null, histograms)));
        JsonNode data = answer(answers, "data");
        assertThat(data.get("columnsDropped").booleanValue()).isTrue();
        assertThat(data.get("columns").size()).isLessThan(256);
        assertThat(answer(answers, "moments").get("parameters")).hasSize(3000);
        assertThat(answer(report(List.of(s)), "data").get("columnsDropped").booleanValue())
                .isFalse();
    }

    @Test
    void aLongRunIsRecordedInBoundedNumber() throws IOException {
        JsonNode moments = answer(report(Snapshots.of(500)), "moments");
        assertThat(moments.get("count").asInt()).isEqualTo(500);
        assertThat(moments.get("recorded")).hasSize(60);
        assertThat(moments.get("recorded").get(0).asInt()).isZero();
        assertThat(moments.get("recorded").get(59).asInt()).isEqualTo(499);
    }

    @Test
    void aStorageWithoutReportsHasNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AskewPage.write(new InMemoryStatsStorage(), directory.resolve("none.html")));
    }

    @Test
    void theModuleServesThePage() {
        AskewUiModule module = new AskewUiModule();
        assertThat(module.getRoutes()).extracting(Route::getRoute).contains("/askew", "/askew/api/:question");
        assertThat(module.getCallbackTypeIDs()).isEmpty();
        assertThat(module.getInternationalizationResources()).isEmpty();
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        module.onAttach(storage);
        module.reportStorageEvents(List.of());
        module.onDetach(storage);
    }
}
