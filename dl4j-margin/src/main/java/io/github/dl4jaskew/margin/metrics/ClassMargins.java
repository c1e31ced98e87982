package io.github.dl4jaskew.margin.metrics;

/**
 * The margins of the examples of one class.
 *
 * @param output of several independent outputs, from 0; otherwise 0
 * @param label the class; with one logit 0 or 1
 * @param examples how many there are, at least 1
 * @param minimumMargin the smallest of their margins
 * @param meanMargin the mean of their margins
 * @param accuracy share of margins above 0, 0 to 1
 */
public record ClassMargins(
        int output, int label, int examples, double minimumMargin, double meanMargin, double accuracy) {}
