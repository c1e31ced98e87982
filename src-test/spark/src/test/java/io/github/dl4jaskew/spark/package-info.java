/** Training on Spark. */
@NullMarked
package io.github.dl4jaskew.spark;

import org.jspecify.annotations.NullMarked;
