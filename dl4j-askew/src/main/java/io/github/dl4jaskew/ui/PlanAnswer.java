package io.github.dl4jaskew.ui;

import io.github.dl4jaskew.pages.Query;
import io.github.dl4jaskew.pages.Run;
import io.github.dl4jaskew.storage.AskewRun;
import io.github.dl4jaskew.storage.PlannedParameter;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** The plan of a run, row by row. */
final class PlanAnswer {

    /** Rows that a page shows. */
    private static final int MOST = 2_000;

    private PlanAnswer() {}

    static JsonNode of(Run run, Query query) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode rows = answer.putArray("parameters");
        ArrayNode settings = answer.putArray("settings");
        run.staticInfo()
                .filter(AskewRun.class::isInstance)
                .map(AskewRun.class::cast)
                .ifPresent(plan -> {
                    plan.parameters().stream().limit(MOST).forEach(p -> add(rows.addObject(), p));
                    plan.settings().stream().limit(MOST).forEach(settings::add);
                    answer.put(
                            "constrained",
                            plan.parameters().stream()
                                    .filter(p -> p.skipped() == null)
                                    .mapToLong(PlannedParameter::size)
                                    .sum());
                    answer.put(
                            "size",
                            plan.parameters().stream()
                                    .mapToLong(PlannedParameter::size)
                                    .sum());
                    answer.put(
                            "bytes",
                            plan.parameters().stream()
                                    .mapToLong(PlannedParameter::bytes)
                                    .sum());
                });
        return answer;
    }

    private static void add(ObjectNode row, PlannedParameter p) {
        row.put("layer", p.layer()).put("parameter", p.parameter()).put("size", p.size());
        ArrayNode shape = row.putArray("shape");
        p.shape().forEach(shape::add);
        row.put("bytes", p.bytes());
        if (p.skipped() != null) {
            row.put("skipped", p.skipped());
            return;
        }
        row.put("grid", p.grid())
                .put("bits", p.bits())
                .put("channels", p.channels())
                .put("lowestScale", p.lowestScale())
                .put("highestScale", p.highestScale());
    }
}
