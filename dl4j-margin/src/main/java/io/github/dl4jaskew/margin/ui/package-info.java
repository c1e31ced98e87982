/**
 * Margins in DL4J's user interface: {@link io.github.dl4jaskew.margin.ui.MarginPage}. Needs deeplearning4j-ui on the
 * class path, an optional dependency of this library.
 */
@NullMarked
package io.github.dl4jaskew.margin.ui;

import org.jspecify.annotations.NullMarked;
