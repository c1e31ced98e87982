package io.github.dl4jaskew.margin.latestage;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What an epoch changes.
 *
 * @param parameters a copy, batch-norm statistics included
 * @param updaterState a copy; null if the updaters have none
 * @param iteration iteration count
 * @param epoch epoch count
 */
record Snapshot(INDArray parameters, @Nullable INDArray updaterState, int iteration, int epoch) {}
