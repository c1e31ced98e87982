package io.github.dl4jaskew.internal.network;

/**
 * How far a network's training has come, by which all schedules count.
 *
 * @param iteration updates done
 * @param epoch epochs done
 */
public record TrainingCounts(int iteration, int epoch) {}
