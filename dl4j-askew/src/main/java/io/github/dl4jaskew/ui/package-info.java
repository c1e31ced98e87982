/**
 * The page {@code /askew} of DL4J's training user interface, and the same as an HTML report. Needs dl4j-margin, which has
 * what pages share, and deeplearning4j-ui on the class path, both optional dependencies of this library. {@link
 * io.github.dl4jaskew.ui.AskewPage} is where to begin.
 */
@NullMarked
package io.github.dl4jaskew.ui;

import org.jspecify.annotations.NullMarked;
