/** JMH benchmarks. */
@NullMarked
package io.github.dl4jaskew.bench;

import org.jspecify.annotations.NullMarked;
