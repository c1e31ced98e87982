/** The problems of the examples: data, network, training lengths and recipe of each. */
@NullMarked
package io.github.dl4jaskew.examples.task;

import org.jspecify.annotations.NullMarked;
