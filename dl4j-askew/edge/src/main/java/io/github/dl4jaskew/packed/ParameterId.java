package io.github.dl4jaskew.packed;

/**
 * Which parameter of a network: what plans, files and messages call it.
 *
 * @param layer name of its layer, or its layer's index if it has no name; in a graph, of its vertex
 * @param key the parameter's key in the layer, such as W
 */
public record ParameterId(String layer, String key) {

    @Override
    public String toString() {
        return "layer '" + layer + "', parameter '" + key + "'";
    }
}
