/**
 * Runnable programs. Each is {@code main -> run(config)}, so that tests can call it; {@link
 * io.github.dl4jaskew.examples.QuickStart} is the one to start with.
 */
@NullMarked
package io.github.dl4jaskew.examples;

import org.jspecify.annotations.NullMarked;
