package io.github.dl4jaskew.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.ObjectMapper;

class ReportFileTest {

    private static final String NAME = "ü\ud83d\udc4d\ud800";

    private static AskewReport report() {
        AskewReport.Row row = new AskewReport.Row(NAME, "W", 3, 0, 0.25, 0.5, -1);
        return new AskewReport(1, 0, 0.5, 0.25, row, List.of(row));
    }

    /** UTF-8 has no halves of surrogate pairs: JSON escapes them. */
    @Test
    void jsonKeepsAnyName(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("reports.jsonl");
        ReportFile.jsonLines(path).append(report());
        assertThat(new ObjectMapper().readValue(Files.readString(path), AskewReport.class))
                .isEqualTo(report());
    }

    @Test
    void csvWritesAQuestionMark(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("reports.csv");
        ReportFile.csv(path).append(report());
        assertThat(Files.readAllLines(path).get(1)).isEqualTo("1,0,0.5,0.25,\"ü\ud83d\udc4d?\",W,3,0.0,0.25,0.5,-1");
    }
}
