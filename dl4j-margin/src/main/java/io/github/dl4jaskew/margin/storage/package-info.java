/**
 * Snapshots as records of DL4J's {@code StatsStorage}, where its user interface and others find them. Needs
 * deeplearning4j-core on the class path, an optional dependency of this library.
 */
@NullMarked
package io.github.dl4jaskew.margin.storage;

import org.jspecify.annotations.NullMarked;
