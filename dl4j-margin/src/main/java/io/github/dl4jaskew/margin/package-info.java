/**
 * Margins of homogeneous networks in the late stage of training (Lyu and Li, ICLR 2020; Schechtman and
 * Schreuder, COLT 2025). So far {@link io.github.dl4jaskew.margin.NormalizedMargin}, the formulas on logits;
 * the tracker that measures a network during training is to follow.
 */
@NullMarked
package io.github.dl4jaskew.margin;

import org.jspecify.annotations.NullMarked;
