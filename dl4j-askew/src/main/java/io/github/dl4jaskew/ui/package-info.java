/**
 * The page {@code /askew} of DL4J's training user interface, and the same as an HTML report. Needs deeplearning4j-ui
 * on the class path, an optional dependency of this library. {@link io.github.dl4jaskew.ui.AskewPage} is where to begin.
 */
@NullMarked
package io.github.dl4jaskew.ui;

import org.jspecify.annotations.NullMarked;
