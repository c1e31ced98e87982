package io.github.dl4jaskew.resume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** What an {@code AskewListener} has written, by iteration. */
final class ReportLines {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ReportLines() {}

    /** Whether all iterations are there, and those that were repeated after a kill say the same again. */
    static boolean agree(Path reports, Path uninterrupted) throws IOException {
        Map<Integer, String> expected = new HashMap<>();
        for (String line : Files.readAllLines(uninterrupted)) {
            JsonNode report = MAPPER.readTree(line);
            expected.put(report.get("iteration").asInt(), essence(report));
        }
        Map<Integer, String> seen = new HashMap<>();
        List<String> lines = Files.readAllLines(reports);
        for (String line : lines) {
            JsonNode report;
            try {
                report = MAPPER.readTree(line);
            } catch (JsonProcessingException e) {
                // A kill can cut a line.
                continue;
            }
            int iteration = report.get("iteration").asInt();
            String essence = essence(report);
            if (!essence.equals(expected.get(iteration))) {
                return false;
            }
            seen.put(iteration, essence);
        }
        return seen.equals(expected);
    }

    /** All but the flips, which count from the last report of the same process. */
    private static String essence(JsonNode report) {
        JsonNode total = report.get("total");
        return String.join(
                " ",
                report.get("epoch").asText(),
                report.get("epsilon").asText(),
                total.get("infeasibleShare").asText(),
                total.get("meanDistance").asText(),
                total.get("maxDistance").asText());
    }
}
