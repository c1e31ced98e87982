package io.github.dl4jaskew.margin;

/**
 * The margin of an example, and the normalized margin of a training set, in double.
 *
 * <p>With logits {@code s} (before softmax or sigmoid), the weights' norm {@code rho} and the degree of homogeneity
 * {@code L} of the network, the margin of an example is {@code q = s_y - max over j != y of s_j}, and the normalized
 * margin of a set is {@code min q / rho^L}. It does not change when all weights are multiplied by a positive number.
 *
 * <p>Take logits, never probabilities: in float32 a probability is exactly 1 from a margin of about 17. Pure
 * functions; thread safe.
 *
 * <p>Source: Lyu and Li, "Gradient descent maximizes the margin of homogeneous neural networks", ICLR 2020.
 */
public final class NormalizedMargin {

    private NormalizedMargin() {}

    /**
     * The margin of an example with several classes.
     *
     * @param logits one for each class, at least 2, finite
     * @param label index of the true class
     * @return {@code s_y - max over j != y of s_j}; positive if the example is classified correctly
     * @throws IllegalArgumentException if there are fewer than 2 logits, one is not finite, or the label is no class
     */
    public static double ofExample(double[] logits, int label) {
        if (logits.length < 2) {
            throw new IllegalArgumentException(logits.length + " logits were given; at least 2 are needed");
        }
        if (label < 0 || label >= logits.length) {
            throw new IllegalArgumentException("label is " + label + "; allowed are 0 to " + (logits.length - 1));
        }
        double other = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < logits.length; j++) {
            requireFinite("logit " + j, logits[j]);
            if (j != label) {
                other = Math.max(other, logits[j]);
            }
        }
        return logits[label] - other;
    }

    /**
     * The margin of an example of two classes with one logit.
     *
     * @param logit finite; positive speaks for the positive class
     * @param positive whether the example is of the positive class
     * @return {@code s} or {@code -s}
     * @throws IllegalArgumentException if the logit is not finite
     */
    public static double ofExample(double logit, boolean positive) {
        requireFinite("logit", logit);
        return positive ? logit : -logit;
    }

    /**
     * The normalized margin, {@code sign(q) exp(log|q| - L log rho)}: in logarithms, because {@code rho^L} alone may
     * overflow.
     *
     * @param minimum smallest margin of the set, finite
     * @param norm euclidean norm rho of all weights, positive and finite
     * @param degree degree of homogeneity L, positive and finite
     * @return {@code q / rho^L}
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static double normalized(double minimum, double norm, double degree) {
        requireFinite("minimum margin", minimum);
        requirePositive("norm", norm);
        requirePositive("degree", degree);
        if (minimum == 0) {
            return 0;
        }
        double logarithm = Math.log(Math.abs(minimum)) - degree * Math.log(norm);
        return Math.signum(minimum) * Math.exp(logarithm);
    }

    private static void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be finite");
        }
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed is above 0, finite");
        }
    }
}
