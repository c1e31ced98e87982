package io.github.dl4jaskew.margin.metrics;

/**
 * The margins of the examples of one class.
 *
 * @param output of several independent outputs, from 0; otherwise 0
 * @param label the class; with one logit 0 or 1
 * @param margins how many there are, at least 1: of examples, or of time steps or pixels, less those that are masked
 * @param minimumMargin the smallest of their margins
 * @param meanMargin the mean of their margins
 * @param accuracy share of margins above 0, 0 to 1
 */
public record ClassMargins(
        int output, int label, int margins, double minimumMargin, double meanMargin, double accuracy) {}
