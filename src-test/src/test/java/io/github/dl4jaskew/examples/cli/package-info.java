/** The command line for packed models. */
@NullMarked
package io.github.dl4jaskew.examples.cli;

import org.jspecify.annotations.NullMarked;
