/**
 * Margins in DL4J's user interface, live or from a file: {@link io.github.dl4jaskew.margin.ui.MarginPage} attaches a storage
 * to DL4J's server, where {@code /margin} shows it, or writes the same charts into one HTML file. What pages have in common
 * is in {@link io.github.dl4jaskew.pages}. Needs deeplearning4j-ui on the class path, an optional dependency of
 * this library.
 */
@NullMarked
package io.github.dl4jaskew.margin.ui;

import org.jspecify.annotations.NullMarked;
