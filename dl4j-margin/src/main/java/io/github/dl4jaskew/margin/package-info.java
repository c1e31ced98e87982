/**
 * Margins of homogeneous networks in the late stage of training (Lyu and Li, ICLR 2020; Schechtman and
 * Schreuder, COLT 2025), measured in any training by DL4J:
 *
 * <pre>{@code
 * MarginTracker tracker = MarginTracker.builder(trainIterator).every(1).epochs().build();
 * net.addListeners(new MarginListener(tracker).to(MarginFile.csv(path)::append));
 * net.fit(trainIterator, 100);
 * tracker.history().last().normalizedMargin();
 * }</pre>
 *
 * <p>{@link io.github.dl4jaskew.margin.MarginTracker} measures, {@link io.github.dl4jaskew.margin.MarginListener} calls it
 * during training, {@link io.github.dl4jaskew.margin.MarginSnapshot} is what it saw, {@link
 * io.github.dl4jaskew.margin.MarginHistory} all of that. How: a private copy of the network, whose output layer's
 * activation is the identity, takes over the parameters and gives logits; they go to {@link
 * io.github.dl4jaskew.margin.metrics}, which holds the formulas, together with the degree found by {@link
 * io.github.dl4jaskew.margin.homogeneity}. For the gradient, the copy's loss function is replaced by one that hands
 * DL4J's backpropagation errors computed in double and scaled so that float32 does not lose them.
 */
@NullMarked
package io.github.dl4jaskew.margin;

import org.jspecify.annotations.NullMarked;
