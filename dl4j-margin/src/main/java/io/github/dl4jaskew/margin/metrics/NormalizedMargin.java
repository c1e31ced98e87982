package io.github.dl4jaskew.margin.metrics;

/**
 * The smallest margin of a set, made independent of the weights' scale.
 *
 * <p>A network that is homogeneous of degree L multiplies its logits by {@code c^L} when all weights are multiplied by
 * {@code c > 0}; dividing by {@code rho^L} undoes that. Computed in logarithms, because {@code rho^L} alone may
 * overflow. Pure functions; thread safe.
 *
 * <p>Source: Lyu and Li, "Gradient descent maximizes the margin of homogeneous neural networks", ICLR 2020.
 */
public final class NormalizedMargin {

    private NormalizedMargin() {}

    /**
     * The normalized margin {@code q / rho^L}, as {@code sign(q) exp(log|q| - L log rho)}.
     *
     * @param minimum smallest margin q of the set, finite
     * @param norm euclidean norm rho of all weights, positive and finite
     * @param degree degree of homogeneity L, positive and finite
     * @return {@code q / rho^L}
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static double of(double minimum, double norm, double degree) {
        Checks.finite("minimum margin", minimum);
        return divided(minimum, Checks.positive("degree", degree) * Math.log(Checks.positive("norm", norm)));
    }

    /**
     * The margin divided by the product of the layers' norms, {@code q / (||W_1|| ... ||W_L||)}.
     *
     * <p>Another number than {@link #of}: for positive q at least {@code L^(L/2)} times as large, by the inequality of
     * the means, with equality for layers in balance. It keeps
     * its value when single layers are rescaled against each other, and is meant for chains of L layers that are
     * homogeneous of degree 1 each; with residual connections it depends on the weights' scale.
     *
     * @param minimum smallest margin q of the set, finite
     * @param layerNorms euclidean norm of each layer's weights, at least one, positive and finite
     * @return the quotient
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static double byLayers(double minimum, double... layerNorms) {
        Checks.finite("minimum margin", minimum);
        Checks.atLeast(1, "number of layer norms", layerNorms.length);
        double logarithm = 0;
        for (int i = 0; i < layerNorms.length; i++) {
            logarithm += Math.log(Checks.positive("norm of layer " + i, layerNorms[i]));
        }
        return divided(minimum, logarithm);
    }

    private static double divided(double value, double logDivisor) {
        return value == 0 ? 0 : Math.signum(value) * Math.exp(Math.log(Math.abs(value)) - logDivisor);
    }
}
