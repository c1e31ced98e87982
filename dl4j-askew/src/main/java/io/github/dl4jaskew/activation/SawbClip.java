package io.github.dl4jaskew.activation;

import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.Weights;

/**
 * The clip of a uniform grid that has zero as a level: {@code n} even steps from 0 to {@code clip}, and the same below zero
 * if numbers have both signs. Statistics-aware weight binning (SAWB; Choi et al., "Accurate and efficient 2-bit quantized
 * neural networks", MLSys 2019) takes the clip of least squared error from two moments,
 *
 * <pre>{@code clip = c1 sqrt(mean x^2) - c2 mean|x|,}</pre>
 *
 * with coefficients fitted to six symmetric distributions: normal, uniform, Laplace, logistic, triangle and von Mises.
 *
 * <p>The paper publishes coefficients for weights, on grids without zero, which {@link Scale#sawb()} uses. Those here were
 * found in the paper's way for grids with zero: for each distribution the clip of least squared error, then a straight line
 * of {@code clip / mean|x|} against {@code sqrt(mean x^2) / mean|x|} by least squares. (On the paper's grids this way gives
 * 12.10 and 12.16 for 4 bits, where 12.1 and 12.2 are published.) A grid with zero splits into two mirror images, so numbers
 * of one sign, such as those behind a ReLU, have the coefficients of the symmetric distribution that they are half of.
 *
 * <pre>
 *   n      1        3        7        15       31
 *   c1     2.5322   6.9427   11.8232  16.9266  22.1730
 *   c2     1.6114   6.3046   11.8588  17.8089  23.9939
 * </pre>
 *
 * <p>Against the least squared error there is on normal numbers, that at these clips is 0.1, 0.2, 1.6, 4.4 and 8.4 % larger.
 * With more steps one straight line no longer describes the six distributions.
 *
 * <p>Moments are those of the numbers that are not zero: a zero is a level whatever the clip, and half of what a ReLU gives is
 * zeros. The result is moved into {@code [mean|x|, max|x|]}. Below the mean there is no optimum: at one, {@code clip = sum q
 * |x| / sum q^2} with the nearest level {@code q} in [0, 1], which grows with |x|, so {@code sum q |x| / sum q^2 >= sum q |x| /
 * sum q >= mean|x|} (Chebyshev). Above the maximum levels stay empty. Without this, numbers of equal magnitude would have a
 * clip of {@code c1 - c2} times it, which can be negative.
 *
 * <p>Stateless, thread safe.
 */
public final class SawbClip {

    private static final double[] C1 = {2.5322, 6.9427, 11.8232, 16.9266, 22.1730};
    private static final double[] C2 = {1.6114, 6.3046, 11.8588, 17.8089, 23.9939};

    private SawbClip() {}

    /**
     * The clip of some numbers.
     *
     * @param values finite numbers
     * @param steps {@code n}, levels above zero: 1, 3, 7, 15 or 31
     * @return the clip; 0 if all numbers are zero, or there are none
     * @throws IllegalArgumentException if a number is not finite, or there are no coefficients for so many steps
     */
    public static double of(Weights values, int steps) {
        int row = row(steps);
        double sum = 0;
        double squares = 0;
        double max = 0;
        long count = 0;
        for (long i = 0; i < values.size(); i++) {
            double x = Math.abs(values.at(i));
            sum += x;
            squares += x * x;
            max = Math.max(max, x);
            count += x == 0 ? 0 : 1;
        }
        if (!Double.isFinite(sum)) {
            throw new IllegalArgumentException(
                    "activations have a sum of magnitudes of " + sum + "; they must be finite");
        }
        if (count == 0) {
            return 0;
        }
        double mean = sum / count;
        double clip = C1[row] * Math.sqrt(squares / count) - C2[row] * mean;
        return Math.min(Math.max(clip, mean), max);
    }

    private static int row(int steps) {
        for (int row = 0; row < C1.length; row++) {
            if (steps == (2 << row) - 1) {
                return row;
            }
        }
        throw new IllegalArgumentException("steps is " + steps + "; allowed are 1, 3, 7, 15 and 31");
    }
}
