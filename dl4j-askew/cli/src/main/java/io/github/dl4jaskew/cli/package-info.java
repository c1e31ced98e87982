/**
 * A command line for packed models: {@link io.github.dl4jaskew.cli.AskewCli} rounds and packs networks that
 * DL4J has saved, shows what a packed file holds, predicts with it, and turns it back into a network or into arrays.
 */
@NullMarked
package io.github.dl4jaskew.cli;

import org.jspecify.annotations.NullMarked;
