/**
 * Margins of homogeneous networks in the late stage of training (Lyu and Li, ICLR 2020; Schechtman and
 * Schreuder, COLT 2025). The formulas are in {@link io.github.dl4jaskew.margin.metrics}, the degree of homogeneity
 * of a network in {@code io.github.dl4jaskew.margin.homogeneity}.
 */
@NullMarked
package io.github.dl4jaskew.margin;

import org.jspecify.annotations.NullMarked;
