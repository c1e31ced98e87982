package io.github.dl4jaskew.margin.metrics;

/**
 * The margin of one example, and where it stands in the data.
 *
 * @param example its number in the data, from 0, in the order in which they were read; masked examples count
 * @param position time step or pixel within the example, from 0, row by row in images, masked ones included; 0 if there is only
 *     one
 * @param output of several independent outputs, from 0; otherwise 0
 * @param label the true class; with one logit 0 or 1
 * @param runnerUp the other class with the largest logit, which is what the network predicts if the margin is negative
 * @param margin q
 */
public record ExampleMargin(int example, int position, int output, int label, int runnerUp, double margin) {}
