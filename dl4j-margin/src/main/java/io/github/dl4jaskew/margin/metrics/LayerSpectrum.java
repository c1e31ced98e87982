package io.github.dl4jaskew.margin.metrics;

/**
 * The weights of a layer as a matrix, with a row for each output (each filter of a convolution).
 *
 * @param layer its name
 * @param spectralNorm the largest singular value; from above, by at most 1e-4 of it
 * @param stableRank {@code ||W||_F^2 / ||W||_2^2}, 1 to the rank of the matrix
 */
public record LayerSpectrum(String layer, double spectralNorm, double stableRank) {}
