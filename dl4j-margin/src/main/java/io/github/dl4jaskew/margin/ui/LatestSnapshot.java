package io.github.dl4jaskew.margin.ui;

import io.github.dl4jaskew.margin.MarginSnapshot;
import java.util.OptionalLong;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** What the page says of a run's newest snapshot in words. */
final class LatestSnapshot {

    private LatestSnapshot() {}

    static ObjectNode of(MarginSnapshot snapshot) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("examples", snapshot.examples())
                .put("upperBound", snapshot.upperBound())
                .put("hardestExample", snapshot.hardestExample());
        snapshot.loss().ifPresent(loss -> node.put("loss", loss.name()));
        MarginSnapshot.Stage stage = snapshot.stage();
        ObjectNode to = node.putObject("stage");
        to.put("entered", stage.entered()).put("timesLeft", stage.timesLeft());
        put(to, "entry", stage.entry());
        put(to, "firstSeparated", stage.firstSeparated());
        put(to, "firstBelowThreshold", stage.firstBelowThreshold());
        put(to, "lastLeft", stage.lastLeft());
        snapshot.histogram().ifPresent(h -> {
            ArrayNode counts = node.putObject("histogram")
                    .put("iteration", snapshot.iteration())
                    .put("width", h.width())
                    .put("first", h.first())
                    .putArray("counts");
            h.counts().forEach(counts::add);
        });
        ArrayNode reasons = node.putArray("reasons");
        snapshot.reasons().forEach(reasons::add);
        return node;
    }

    private static void put(ObjectNode node, String name, OptionalLong iteration) {
        iteration.ifPresent(i -> node.put(name, i));
    }
}
