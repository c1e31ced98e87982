package io.github.dl4jaskew.margin.metrics;

/**
 * An example and a class other than its own whose margin {@code q = s_y - s_j} decides about the smallest one.
 *
 * @param example its number in the data, from 0, in the order in which they were read; masked examples count
 * @param position time step or pixel within the example, from 0, masked ones included; 0 if there is only one
 * @param output of several independent outputs, from 0; otherwise 0
 * @param label the true class y; with one logit 0 or 1
 * @param other the other class j
 * @param margin q
 * @param multiplier its share of the combination, 0 to 1; all shares have the sum 1
 */
public record SupportPair(
        int example, int position, int output, int label, int other, double margin, double multiplier) {}
