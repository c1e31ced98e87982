/**
 * The one place that tells DL4J's MultiLayerNetwork from its ComputationGraph. {@link
 * io.github.dl4jaskew.internal.network.Network} is what the rest of the library does with either: layers, parameters, counts,
 * listeners, copies, updater state, and a {@link io.github.dl4jaskew.internal.network.Draft} of its configuration.
 */
@NullMarked
package io.github.dl4jaskew.internal.network;

import org.jspecify.annotations.NullMarked;
