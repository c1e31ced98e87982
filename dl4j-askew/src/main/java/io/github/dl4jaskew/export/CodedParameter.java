package io.github.dl4jaskew.export;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.packed.PackedCodes;
import io.github.dl4jaskew.packed.ParameterId;

/**
 * The codes of a parameter in the memory order of the network's array.
 *
 * @param id which one
 * @param grid its levels
 * @param codes one code for each element
 */
public record CodedParameter(ParameterId id, ScaledGrid grid, PackedCodes codes) {}
