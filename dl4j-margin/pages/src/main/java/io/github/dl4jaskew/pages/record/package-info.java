/**
 * Records of DL4J's {@code StatsStorage} as JSON: {@link io.github.dl4jaskew.pages.record.JsonRecord} encodes and decodes what a
 * library stores, {@link io.github.dl4jaskew.pages.record.RecordMetaData} announces its classes. Needs deeplearning4j-core on the
 * class path, an optional dependency of this library.
 */
@NullMarked
package io.github.dl4jaskew.pages.record;

import org.jspecify.annotations.NullMarked;
