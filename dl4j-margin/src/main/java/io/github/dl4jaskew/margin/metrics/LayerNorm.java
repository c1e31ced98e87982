package io.github.dl4jaskew.margin.metrics;

/**
 * The norm of a layer.
 *
 * @param layer its name
 * @param norm euclidean norm of all its weights, biases included
 */
public record LayerNorm(String layer, double norm) {}
