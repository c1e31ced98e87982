/** JMH benchmarks: {@code java -cp ... org.openjdk.jmh.Main Margin}. */
@NullUnmarked
package io.github.dl4jaskew.bench;

import org.jspecify.annotations.NullUnmarked;
