package io.github.dl4jaskew.margin.ui.page;

import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;

/** What goes back to a browser. */
record Reply(int status, String type, String body) {

    private static final String JSON = "application/json; charset=utf-8";

    static Reply json(JsonNode node) {
        return new Reply(200, JSON, node.toString());
    }

    static Reply error(int status, String message) {
        return new Reply(
                status,
                JSON,
                JsonNodeFactory.instance.objectNode().put("error", message).toString());
    }
}
