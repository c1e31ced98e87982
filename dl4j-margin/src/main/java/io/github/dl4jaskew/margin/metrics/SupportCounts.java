package io.github.dl4jaskew.margin.metrics;

import java.util.Arrays;

/**
 * How many examples are nearly as hard as the hardest: {@code n_k = #{ i : q_i < q_min + log 10^k }} for k = 1 to 7,
 * those whose loss is above a 10^k-th of the largest. Pure functions; thread safe.
 *
 * <p>Source: the code of Lyu and Li, "Gradient descent maximizes the margin of homogeneous neural networks", ICLR 2020.
 */
public final class SupportCounts {

    /** The number of counts, 7. */
    public static final int COUNTS = 7;

    private SupportCounts() {}

    /**
     * The counts.
     *
     * @param margins at least one, finite
     * @return 7 counts that do not decrease, the first for k = 1
     * @throws IllegalArgumentException if there is no margin or one is not finite
     */
    public static int[] of(double... margins) {
        Checks.atLeast(1, "number of margins", margins.length);
        for (int i = 0; i < margins.length; i++) {
            Checks.finite("margin " + i, margins[i]);
        }
        double minimum = Arrays.stream(margins).min().getAsDouble();
        int[] counts = new int[COUNTS];
        for (double margin : margins) {
            for (int k = 1; k <= COUNTS; k++) {
                if (margin - minimum < k * Math.log(10)) {
                    counts[k - 1]++;
                }
            }
        }
        return counts;
    }
}
