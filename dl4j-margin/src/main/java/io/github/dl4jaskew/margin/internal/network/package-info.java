/**
 * The one place that knows DL4J's two kinds of networks apart: {@link
 * io.github.dl4jaskew.margin.internal.network.TrainableNetwork} in training, and {@link
 * io.github.dl4jaskew.margin.internal.network.NetworkReplica}, the private copy that answers with logits. Not for users: it may change in
 * any version.
 */
@NullMarked
package io.github.dl4jaskew.margin.internal.network;

import org.jspecify.annotations.NullMarked;
