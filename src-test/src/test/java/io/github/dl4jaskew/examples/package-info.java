/** The programs of the examples, run with small budgets. */
@NullMarked
package io.github.dl4jaskew.examples;

import org.jspecify.annotations.NullMarked;
