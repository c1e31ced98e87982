/** The pages in DL4J's user interface and the reports, in a real browser. */
@NullMarked
package io.github.dl4jaskew.ui;

import org.jspecify.annotations.NullMarked;
