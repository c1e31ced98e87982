package io.github.dl4jaskew.pages;

import org.nd4j.shade.jackson.databind.JsonNode;

/** Answers a question of a page's script about a run. Thread safe, and does a bounded amount of work. */
@FunctionalInterface
public interface Endpoint {

    /**
     * Answers a question.
     *
     * @param run which the question is about
     * @param query its parameters
     * @return sent as JSON
     * @throws BadQueryException if a parameter is missing or wrong
     */
    JsonNode answer(Run run, Query query);
}
