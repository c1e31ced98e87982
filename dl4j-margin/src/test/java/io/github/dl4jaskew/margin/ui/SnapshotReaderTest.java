package io.github.dl4jaskew.margin.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.Snapshots;
import io.github.dl4jaskew.margin.metrics.MarginHistogram;
import io.github.dl4jaskew.margin.storage.MarginStorage;
import io.github.dl4jaskew.pages.record.RecordMetaData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class SnapshotReaderTest {

    private static JsonNode data(StatsStorage storage, Path directory) throws IOException {
        Path file = directory.resolve("report.html");
        MarginPage.write(storage, file);
        String html = Files.readString(file);
        String begin = "id=\"answers\">";
        int from = html.indexOf(begin) + begin.length();
        JsonNode answers = new ObjectMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
        String id = answers.get("margin/runs").get("runs").get(0).get("id").textValue();
        return answers.get("margin/data?run=" + id);
    }

    @Test
    void allNumbersOfSnapshotsAreThere(@TempDir Path directory) throws IOException {
        StatsStorage storage = new InMemoryStatsStorage();
        List<MarginSnapshot> snapshots = Snapshots.history().snapshots();
        snapshots.forEach(new MarginStorage(storage, "session"));
        JsonNode data = data(storage, directory);
        assertThat(data.get("x")).hasSize(snapshots.size());
        MarginSnapshot last = snapshots.get(snapshots.size() - 1);
        int at = snapshots.size() - 1;
        JsonNode columns = data.get("columns");
        assertThat(columns.get("minimumMargin").get(at).doubleValue()).isEqualTo(last.minimumMargin());
        assertThat(columns.get("smoothedMargin").get(at).doubleValue())
                .isEqualTo(last.smoothedMargin().orElseThrow());
        assertThat(columns.get("poweredNorm").get(at).doubleValue())
                .isEqualTo(Math.pow(last.norm(), last.degree().orElseThrow()));
        assertThat(columns.get("quantile:0.5").get(at).doubleValue())
                .isEqualTo(last.quantiles().get(3));
        assertThat(columns.get("alignment").get(at).doubleValue())
                .isEqualTo(last.gradient().orElseThrow().alignment());
        assertThat(columns.get("variability").get(at).doubleValue())
                .isEqualTo(last.collapse().orElseThrow().variability().orElseThrow());
        assertThat(columns.get("effectiveTime").get(at).doubleValue())
                .isEqualTo(last.progress().orElseThrow().effectiveTime());
        last.layerNorms()
                .forEach(layer -> assertThat(
                                columns.get("layer:" + layer.layer()).get(at).doubleValue())
                        .isEqualTo(layer.norm()));
        assertThat(data.get("latest").get("stage").get("entered").booleanValue())
                .isEqualTo(last.stage().entered());
        MarginHistogram histogram = last.histogram().orElseThrow();
        JsonNode drawn = data.get("latest").get("histogram");
        assertThat(drawn.get("iteration").intValue()).isEqualTo(last.iteration());
        assertThat(drawn.get("width").doubleValue()).isEqualTo(histogram.width());
        assertThat(drawn.get("first").longValue()).isEqualTo(histogram.first());
        assertThat(drawn.get("counts")).extracting(JsonNode::intValue).isEqualTo(histogram.counts());
        assertThat(data.get("latest").get("loss").textValue()).isEqualTo("CROSS_ENTROPY");
    }

    @Test
    void whatASnapshotDoesNotHaveHasNoColumn(@TempDir Path directory) throws IOException {
        StatsStorage storage = new InMemoryStatsStorage();
        MarginSnapshot bare = Snapshots.bare();
        new MarginStorage(storage, "session").accept(bare);
        JsonNode data = data(storage, directory);
        assertThat(data.get("columns").has("normalizedMargin")).isFalse();
        assertThat(data.get("columns").has("alignment")).isFalse();
        assertThat(data.get("latest").get("reasons")).hasSameSizeAs(bare.reasons());
    }

    @Test
    void recordsOfOthersAreRefused() {
        assertThatThrownBy(() -> new SnapshotReader().read(new RecordMetaData(), null))
                .hasMessageContaining("RecordMetaData");
    }
}
