/** The figures of the guide, drawn from the library's own formulas. */
@NullMarked
package io.github.dl4jaskew.examples.figure;

import org.jspecify.annotations.NullMarked;
