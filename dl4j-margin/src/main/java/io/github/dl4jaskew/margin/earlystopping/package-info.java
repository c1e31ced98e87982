/**
 * DL4J's early stopping by margin. {@link io.github.dl4jaskew.margin.earlystopping.MarginScoreCalculator} is the score by
 * which the best model is chosen, {@link io.github.dl4jaskew.margin.earlystopping.MarginTermination} says when to end: at a
 * target, near its predicted limit, when the margin grows no more, or when the late stage was left. Both ask a {@link
 * io.github.dl4jaskew.margin.MarginTracker}; training is by DL4J's own {@code EarlyStoppingTrainer}.
 */
@NullMarked
package io.github.dl4jaskew.margin.earlystopping;

import org.jspecify.annotations.NullMarked;
