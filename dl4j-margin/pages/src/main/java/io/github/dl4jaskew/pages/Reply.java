package io.github.dl4jaskew.pages;

import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.json.JsonWriteFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.json.JsonMapper;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;

/** What goes back to a browser. */
record Reply(int status, String type, String body) {

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final String JSON = "application/json; charset=utf-8";

    static Reply json(JsonNode node) {
        return new Reply(200, JSON, text(node));
    }

    /** JSON in ASCII, with escapes: names may hold halves of surrogate pairs, which UTF-8 has not. */
    static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of numbers and texts is JSON", e);
        }
    }

    static Reply error(int status, String message) {
        return new Reply(
                status, JSON, text(JsonNodeFactory.instance.objectNode().put("error", message)));
    }
}
