/**
 * AskewSGD as an updater of SameDiff, which has neither layers nor constraints. {@link
 * io.github.dl4jaskew.internal.samediff.SameDiffUpdater} stands in the training configuration, so that a graph is saved with its
 * constraint; {@link io.github.dl4jaskew.internal.samediff.SameDiffLink} connects it to the graph whose variables it moves.
 */
@NullMarked
package io.github.dl4jaskew.internal.samediff;

import org.jspecify.annotations.NullMarked;
