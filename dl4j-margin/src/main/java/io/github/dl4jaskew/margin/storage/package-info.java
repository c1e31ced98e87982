/**
 * Snapshots as records of DL4J's {@code StatsStorage}, where its user interface and others find them: {@code
 * listener.to(new MarginStorage(storage, session))}. {@link io.github.dl4jaskew.margin.storage.MarginStorage} posts a {@link
 * io.github.dl4jaskew.margin.storage.MarginRecord} for each snapshot, which holds all of it. Needs deeplearning4j-core on the class path, an optional dependency of this library.
 */
@NullMarked
package io.github.dl4jaskew.margin.storage;

import org.jspecify.annotations.NullMarked;
