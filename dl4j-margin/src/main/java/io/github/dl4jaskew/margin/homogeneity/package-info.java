/**
 * The degree of homogeneity of a network: {@code L} with {@code Phi(c w) = c^L Phi(w)} for the logits Phi, all trained
 * weights w and every {@code c > 0}; or why it has none.
 *
 * <p>{@link io.github.dl4jaskew.margin.homogeneity.Homogeneity} reads the degree off the configuration, layer by layer,
 * and {@link io.github.dl4jaskew.margin.homogeneity.HomogeneityCheck} holds it against the network's own numbers.
 */
@NullMarked
package io.github.dl4jaskew.margin.homogeneity;

import org.jspecify.annotations.NullMarked;
