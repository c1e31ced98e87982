package io.github.dl4jaskew.margin.metrics;

/**
 * The alignment of the weights with an average of recent gradients. Mutable, not thread safe.
 *
 * <p>On the ridge between two linear pieces of a ReLU network, the gradients of single steps are the two ends of the
 * Clarke subdifferential, and the weights point between them: on XOR, beta stays at 0.817 at a critical point, where
 * the average reads 0.99996.
 *
 * <p>Each gradient is divided by {@code Sum |l'| rho^(L-1)}, which leaves a convex combination of the margins' gradients
 * at norm 1, so that early gradients do not outweigh late ones. The average is plain over the first {@code window}
 * gradients; from then on it forgets, {@code avg += (g - avg) / window}. Memory: one double for each weight. The gradients
 * are those of earlier weights: {@link WindowRadius} tells how far away those were.
 */
public final class WindowedAlignment {

    private final RunningMean average;

    /**
     * Nothing added so far.
     *
     * @param weights number of weights, at least 1
     * @param window number of gradients to average over, at least 1
     * @throws IllegalArgumentException if an argument is out of range
     */
    public WindowedAlignment(int weights, int window) {
        average = new RunningMean(weights, window);
    }

    /**
     * Adds the gradient of one evaluation.
     *
     * @param gradient of the sum of the losses with respect to all weights, divided by {@code exp(logScale)}; finite
     * @param logScale 0 for the true gradient; the logarithm of the largest {@code |l'|} if the output's error was scaled
     * @param logDerivativeSum logarithm of {@code Sum |l'|}, finite
     * @param norm euclidean norm rho of all weights, positive and finite
     * @param degree degree of homogeneity L, positive and finite
     * @return this
     * @throws IllegalArgumentException if an argument is out of range
     */
    public WindowedAlignment add(
            double[] gradient, double logScale, double logDerivativeSum, double norm, double degree) {
        Vectors.norm(gradient);
        Checks.positive("degree", degree);
        double logFactor = Checks.finite("log scale", logScale)
                - Checks.finite("log sum of derivatives", logDerivativeSum)
                - (degree - 1) * Math.log(Checks.positive("norm", norm));
        average.add(gradient, Checks.positive("factor of the gradient", Math.exp(logFactor)));
        return this;
    }

    /**
     * The alignment with the average.
     *
     * @param weights all weights now, finite, not all 0
     * @return the alignment
     * @throws IllegalArgumentException if the weights are bad, or the average is 0, as before the first gradient
     */
    public Alignment with(double[] weights) {
        return Alignment.of(weights, average.values());
    }
}
