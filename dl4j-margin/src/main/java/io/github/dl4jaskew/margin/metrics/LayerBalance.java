package io.github.dl4jaskew.margin.metrics;

/**
 * The differences {@code ||W_l||^2 - ||W_(l+1)||^2} of neighbouring layers. Gradient flow on a chain of layers of degree 1
 * conserves them; gradient descent with finite steps does so only nearly, and weight decay not at all. Pure functions;
 * thread safe.
 *
 * <p>Source: Du, Hu and Lee, "Algorithmic regularization in learning deep homogeneous models", NeurIPS 2018.
 */
public final class LayerBalance {

    private LayerBalance() {}

    /**
     * The differences.
     *
     * @param layerNorms euclidean norm of each layer's weights, in order, finite, 0 or above
     * @return one less than there are norms; empty for a single layer
     * @throws IllegalArgumentException if there is no norm or one is out of range
     */
    public static double[] of(double... layerNorms) {
        Checks.atLeast(1, "number of layer norms", layerNorms.length);
        double[] differences = new double[layerNorms.length - 1];
        for (int i = 0; i < layerNorms.length; i++) {
            Checks.notNegative("norm of layer " + i, layerNorms[i]);
            if (i > 0) {
                differences[i - 1] = (layerNorms[i - 1] - layerNorms[i]) * (layerNorms[i - 1] + layerNorms[i]);
            }
        }
        return differences;
    }
}
