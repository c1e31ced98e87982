package io.github.dl4jaskew.margin.metrics;

import java.util.Arrays;

/** Quantiles of margins, by linear interpolation between order statistics. Pure functions; thread safe. */
public final class MarginQuantiles {

    private MarginQuantiles() {}

    /**
     * The quantiles: with the sorted margins {@code q_0 <= ... <= q_(N-1)}, the value at place {@code p (N - 1)},
     * interpolated (type 7 of Hyndman and Fan, the default of R and NumPy).
     *
     * @param margins at least one, finite; not changed
     * @param probabilities each 0 (the minimum) to 1 (the maximum)
     * @return one quantile for each probability, in their order
     * @throws IllegalArgumentException if there is no margin, one is not finite, or a probability is out of range
     */
    public static double[] of(double[] margins, double... probabilities) {
        Checks.atLeast(1, "number of margins", margins.length);
        double[] sorted = margins.clone();
        Arrays.sort(sorted);
        Checks.finite("smallest margin", sorted[0]);
        Checks.finite("largest margin", sorted[sorted.length - 1]);
        return Arrays.stream(probabilities).map(p -> at(sorted, p)).toArray();
    }

    private static double at(double[] sorted, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability is " + probability + "; allowed is 0 to 1");
        }
        double place = probability * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        double share = place - below;
        return sorted[below] * (1 - share) + sorted[above] * share;
    }
}
