package io.github.dl4jaskew.pages;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.databind.JsonNode;

/** The numbers of one record. Not thread safe. */
public final class Row {

    private final Map<String, Double> values = new LinkedHashMap<>();
    private long x;
    private @Nullable JsonNode latest;
    private boolean cut;

    Row() {}

    /**
     * Sets where the row stands on the horizontal axis.
     *
     * @param iteration training steps done
     * @return this
     */
    public Row x(long iteration) {
        x = iteration;
        return this;
    }

    /**
     * Adds a number.
     *
     * @param column any name; a column begins with its first number
     * @param value what is not finite counts as missing
     * @return this
     */
    public Row put(String column, double value) {
        if (Double.isFinite(value)) {
            values.put(column, value);
        }
        return this;
    }

    /**
     * Adds a number, if there is one.
     *
     * @param column any name
     * @param value may be empty
     * @return this
     */
    public Row put(String column, OptionalDouble value) {
        value.ifPresent(v -> put(column, v));
        return this;
    }

    /**
     * Adds what is of interest in the newest record only.
     *
     * @param node sent with the run's data while this record is its newest
     * @return this
     */
    public Row latest(JsonNode node) {
        latest = node;
        return this;
    }

    /**
     * Tells people that some numbers of the record were left out, because there are too many to draw.
     *
     * @return this
     */
    public Row cut() {
        cut = true;
        return this;
    }

    boolean isCut() {
        return cut;
    }

    long x() {
        return x;
    }

    Map<String, Double> values() {
        return values;
    }

    @Nullable
    JsonNode latest() {
        return latest;
    }
}
