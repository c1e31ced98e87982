package io.github.dl4jaskew.pages;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The parameters of a question, as strangers sent them. Immutable. */
public final class Query {

    private static final int MAX_QUOTED = 40;

    private final Map<String, String> parameters;

    Query(Map<String, String> parameters) {
        this.parameters = Map.copyOf(parameters);
    }

    /** Reads {@code a=1&b=2}, whose names and values need no decoding. */
    static Query parse(String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String part : text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("\"" + part + "\" is not a parameter; it must be name=value");
            }
            parameters.put(part.substring(0, equals), part.substring(equals + 1));
        }
        return new Query(parameters);
    }

    /** The same parameters and one more. */
    Query with(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.put(name, value);
        return new Query(all);
    }

    /** As {@code a=1&b=2}, by name. */
    String canonical() {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(parameters)
                .forEach((name, value) -> text.append(text.isEmpty() ? "" : "&")
                        .append(name)
                        .append('=')
                        .append(value));
        return text.toString();
    }

    /**
     * Whether a parameter was sent.
     *
     * @param name of the parameter
     * @return whether it was, be it empty
     */
    public boolean has(String name) {
        return parameters.containsKey(name);
    }

    /**
     * A text.
     *
     * @param name of the parameter
     * @return not checked in any way
     * @throws BadQueryException if it was not sent
     */
    public String text(String name) {
        @Nullable String value = parameters.get(name);
        if (value == null) {
            throw new BadQueryException("the parameter \"" + name + "\" is missing");
        }
        return value;
    }

    /**
     * A whole number.
     *
     * @param name of the parameter
     * @param min smallest allowed
     * @param max greatest allowed
     * @param otherwise if it was not sent
     * @return within the range, or {@code otherwise}
     * @throws BadQueryException if it is no such number
     */
    public long whole(String name, long min, long max, long otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        String text = text(name);
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw refusal(name, text, "a whole number from " + min + " to " + max, e);
        }
        throw refusal(name, text, "a whole number from " + min + " to " + max, null);
    }

    /**
     * A finite number.
     *
     * @param name of the parameter
     * @return the number
     * @throws BadQueryException if it is none, or was not sent
     */
    public double number(String name) {
        String text = text(name);
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw refusal(name, text, "a finite number", e);
        }
        throw refusal(name, text, "a finite number", null);
    }

    private static BadQueryException refusal(String name, String value, String allowed, @Nullable Exception cause) {
        String quoted = value.length() <= MAX_QUOTED ? value : value.substring(0, MAX_QUOTED) + "...";
        BadQueryException refusal =
                new BadQueryException("the parameter \"" + name + "\" is \"" + quoted + "\"; it must be " + allowed);
        if (cause != null) {
            refusal.initCause(cause);
        }
        return refusal;
    }
}
