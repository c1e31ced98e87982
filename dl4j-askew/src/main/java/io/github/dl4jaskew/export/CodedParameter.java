package io.github.dl4jaskew.export;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.packed.PackedCodes;

/**
 * The codes of a parameter in the memory order of the network's array.
 *
 * @param layer the layer's name
 * @param key the parameter's key in its layer
 * @param grid its levels
 * @param codes one code for each element
 */
public record CodedParameter(String layer, String key, ScaledGrid grid, PackedCodes codes) {}
