/** The data of the examples: read from a resource or from idx files, or generated from a seed. Nothing is downloaded. */
@NullMarked
package io.github.dl4jaskew.examples.data;

import org.jspecify.annotations.NullMarked;
