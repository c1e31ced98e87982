/**
 * DL4J's early stopping by margin: a score to choose the best model by, and conditions that end training. Training is
 * by DL4J's {@code EarlyStoppingTrainer}.
 */
@NullMarked
package io.github.dl4jaskew.margin.earlystopping;

import org.jspecify.annotations.NullMarked;
