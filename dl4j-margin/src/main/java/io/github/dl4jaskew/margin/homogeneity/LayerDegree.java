package io.github.dl4jaskew.margin.homogeneity;

/**
 * What a layer or vertex does to the degree. Where it is not homogeneous, the degree is that of the nearest layer that
 * would be: without bias, with the identity as activation.
 *
 * @param name its name
 * @param type its class, without package
 * @param contribution degree that it adds to that of its input: 1 for a dense layer, 0 for pooling
 * @param degree of its output
 */
public record LayerDegree(String name, String type, int contribution, int degree) {}
