/** Networks, data and helpers that tests of several modules share. */
@NullMarked
package io.github.dl4jaskew.testkit;

import org.jspecify.annotations.NullMarked;
