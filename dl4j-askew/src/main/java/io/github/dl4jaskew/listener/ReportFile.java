package io.github.dl4jaskew.listener;

import io.github.dl4jaskew.pages.sink.LineFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.json.JsonWriteFeature;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.json.JsonMapper;

/** A file to which reports are appended, each complete when {@link #append} returns. */
final class ReportFile {

    // In ASCII, with escapes: a layer's name may hold half of a surrogate pair, which UTF-8 has not.
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final LineFile file;
    private final Function<AskewReport, List<String>> lines;

    private ReportFile(LineFile file, Function<AskewReport, List<String>> lines) {
        this.file = file;
        this.lines = lines;
    }

    void append(AskewReport report) {
        file.append(lines.apply(report));
    }

    @Override
    public String toString() {
        return file.toString();
    }

    static ReportFile jsonLines(Path path) {
        return new ReportFile(new LineFile(path, "reports", null), report -> {
            try {
                return List.of(MAPPER.writeValueAsString(report));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    static ReportFile csv(Path path) {
        String header = "iteration,epoch,epsilon,tau,layer,parameter,weights,infeasible_share,"
                + "mean_distance,max_distance,flips";
        return new ReportFile(
                new LineFile(path, "reports", header),
                report -> Stream.concat(report.parameters().stream(), Stream.of(report.total()))
                        .map(row -> line(report, row))
                        .toList());
    }

    private static String line(AskewReport report, AskewReport.Row row) {
        return String.join(
                ",",
                String.valueOf(report.iteration()),
                String.valueOf(report.epoch()),
                String.valueOf(report.epsilon()),
                String.valueOf(report.tau()),
                quoted(row.layer()),
                quoted(row.parameter()),
                String.valueOf(row.weights()),
                String.valueOf(row.infeasibleShare()),
                String.valueOf(row.meanDistance()),
                String.valueOf(row.maxDistance()),
                String.valueOf(row.flips()));
    }

    /** A layer may be called anything, even by half of a surrogate pair, which becomes a question mark. */
    private static String quoted(String name) {
        String text = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return text.matches("[\\w .-]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
