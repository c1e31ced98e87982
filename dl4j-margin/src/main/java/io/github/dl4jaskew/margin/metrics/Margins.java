package io.github.dl4jaskew.margin.metrics;

/**
 * The margin of one example from its logits.
 *
 * <p>Take logits (before softmax or sigmoid), never probabilities: in float32 a probability is exactly 1 from a margin
 * of about 17. Pure functions; thread safe.
 *
 * <p>Source: Lyu and Li, "Gradient descent maximizes the margin of homogeneous neural networks", ICLR 2020.
 */
public final class Margins {

    private Margins() {}

    /**
     * The margin of an example of two classes with one logit, {@code y s}.
     *
     * @param logit finite; positive speaks for the positive class
     * @param positive whether the example is of the positive class
     * @return {@code s} or {@code -s}
     * @throws IllegalArgumentException if the logit is not finite
     */
    public static double binary(double logit, boolean positive) {
        Checks.finite("logit", logit);
        return positive ? logit : -logit;
    }

    /**
     * The margin of an example of several classes, {@code s_y - max over j != y of s_j}.
     *
     * @param logits one for each class, at least 2, finite
     * @param label index of the true class
     * @return positive if the example is classified correctly; not above 0 if another class has as large a logit
     * @throws IllegalArgumentException if there are fewer than 2 logits, one is not finite, or the label is no class
     */
    public static double multiClass(double[] logits, int label) {
        return logits[label(logits, label)] - largestOther(logits, label);
    }

    /**
     * The margin that softmax cross entropy sees, {@code -log of the sum over j != y of exp(s_j - s_y)}: the cross
     * entropy is exactly {@code log(1 + exp(-soft))}, that is, the logistic loss of this margin.
     *
     * <p>It is below the margin by at most {@code log(K - 1)} for K classes, and equals it for two.
     *
     * @param logits one for each class, at least 2, finite
     * @param label index of the true class
     * @return the soft margin
     * @throws IllegalArgumentException if there are fewer than 2 logits, one is not finite, or the label is no class
     */
    public static double soft(double[] logits, int label) {
        double own = logits[label(logits, label)];
        double other = largestOther(logits, label);
        double sum = 0;
        for (int j = 0; j < logits.length; j++) {
            if (j != label) {
                sum += Math.exp(logits[j] - other);
            }
        }
        return own - other - Math.log(sum);
    }

    /**
     * The mean of the differences {@code s_y - s_j}, weighted as cross entropy weighs them, by {@code exp(s_j)} over {@code
     * j != y}. For a homogeneous network of degree L, the derivative of the soft margin along the weights is L times it.
     *
     * @param logits one for each class, at least 2, finite
     * @param label index of the true class
     * @return not below the margin; equal to it for two classes
     * @throws IllegalArgumentException if there are fewer than 2 logits, one is not finite, or the label is no class
     */
    public static double mean(double[] logits, int label) {
        double own = logits[label(logits, label)];
        double other = largestOther(logits, label);
        double sum = 0;
        double weighted = 0;
        for (int j = 0; j < logits.length; j++) {
            if (j != label) {
                double weight = Math.exp(logits[j] - other);
                sum += weight;
                weighted += weight * (own - logits[j]);
            }
        }
        return weighted / sum;
    }

    /**
     * How much the pairs of an example's classes are above a margin, weighted by their part in the gradient: {@code max over
     * j != y of |dl/ds_j| (s_y - s_j - minimum)}, from which {@link KktResiduals} takes complementary slackness.
     *
     * @param logits one for each class, at least 2, finite
     * @param label index of the true class
     * @param errors derivative of the loss by each logit, times any positive number
     * @param minimum the smallest margin of the data set
     * @return 0 or above, if the minimum is not above the example's own margin
     * @throws IllegalArgumentException if there are fewer than 2 logits, the label is no class, or the lengths differ
     */
    public static double slack(double[] logits, int label, double[] errors, double minimum) {
        double own = logits[label(logits, label)];
        Checks.sameLength("logits and errors", logits.length, errors.length);
        double slack = 0;
        for (int j = 0; j < logits.length; j++) {
            if (j != label) {
                slack = Math.max(slack, Math.abs(errors[j]) * (own - logits[j] - minimum));
            }
        }
        return slack;
    }

    private static double largestOther(double[] logits, int label) {
        double other = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < logits.length; j++) {
            Checks.finite("logit " + j, logits[j]);
            if (j != label) {
                other = Math.max(other, logits[j]);
            }
        }
        return other;
    }

    private static int label(double[] logits, int label) {
        Checks.atLeast(2, "number of logits", logits.length);
        return Checks.index("label", label, logits.length);
    }
}
