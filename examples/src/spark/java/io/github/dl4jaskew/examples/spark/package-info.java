/** Training on Spark; compiled under the profile of that name, which brings its jars. */
@NullMarked
package io.github.dl4jaskew.examples.spark;

import org.jspecify.annotations.NullMarked;
