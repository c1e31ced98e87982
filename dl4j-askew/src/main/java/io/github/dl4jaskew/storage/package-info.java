/**
 * What {@link io.github.dl4jaskew.listener.AskewListener} measures, as records of DL4J's {@code StatsStorage}, where its user
 * interface and others find them: {@link io.github.dl4jaskew.storage.AskewRun} once, then at each report an {@link
 * io.github.dl4jaskew.storage.AskewRecord} and a {@link io.github.dl4jaskew.storage.WeightsRecord}. Needs
 * deeplearning4j-core on the class path, an optional dependency of this library.
 */
@NullMarked
package io.github.dl4jaskew.storage;

import org.jspecify.annotations.NullMarked;
