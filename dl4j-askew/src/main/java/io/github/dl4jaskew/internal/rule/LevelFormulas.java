package io.github.dl4jaskew.internal.rule;

/**
 * What methods other than the rule make of one weight, given its nearest level {@code q} or the two levels {@code a <=
 * w <= b} of its cell. {@link LevelMap} applies them to whole parameters.
 *
 * <p>Sources, each with the formula it gives for any grid: Courbariaux, Bengio, David, "BinaryConnect", NeurIPS 2015; Yin
 * et al., "BinaryRelax", SIAM Journal on Imaging Sciences 11(4), 2018; Bai, Wang, Liberty, "ProxQuant", ICLR 2019; Jin et
 * al., "PARQ: Piecewise-Affine Regularized Quantization", ICML 2025.
 */
final class LevelFormulas {

    private LevelFormulas() {}

    /**
     * Stochastic rounding: {@code P(b) = clip((w - a) / (b - a), 0, 1)}, unbiased inside the hull. On the binary grid of
     * scale 1 this is BinaryConnect's {@code P(+1) = clip((w + 1) / 2, 0, 1)}.
     *
     * @param weight w
     * @param lower a
     * @param upper b
     * @param uniform a random number in [0, 1)
     * @return a or b
     */
    public static double sample(double weight, double lower, double upper, double uniform) {
        return uniform < (weight - lower) / (upper - lower) ? upper : lower;
    }

    /**
     * BinaryRelax: {@code (w + lambda q) / (1 + lambda)}, the minimiser of {@code |x - w|^2 / 2 + lambda |x - q|^2 / 2}.
     *
     * @param weight w
     * @param nearest q
     * @param lambda at least 0; infinite gives q
     * @return between w and q
     */
    public static double relax(double weight, double nearest, double lambda) {
        // This form is exactly q for an infinite lambda, and exactly w for 0.
        return nearest + (weight - nearest) * (1 / (1 + lambda));
    }

    /**
     * PARQ's proximal map: {@code clip(m + (w - m) / r, a, b)} with {@code m = (a + b) / 2}, which is the identity on the hull
     * for r = 1 and the nearest level for r = 0. Beyond the hull it is the end level.
     *
     * @param weight w
     * @param lower a
     * @param upper b
     * @param inverseSlope r, in [0, 1]
     * @return between a and b
     */
    public static double sharpen(double weight, double lower, double upper, double inverseSlope) {
        double middle = 0.5 * (lower + upper);
        double offset = weight - middle;
        // The middle itself would be 0/0 for r = 0; ties go up, as everywhere.
        double stretched = offset == 0 && inverseSlope == 0 ? upper : middle + offset / inverseSlope;
        return Math.max(lower, Math.min(upper, stretched));
    }

    /**
     * ProxQuant's proximal map of {@code threshold * |w - q|}, the soft threshold around the nearest level: {@code q +
     * sign(w - q) max(|w - q| - threshold, 0)}.
     *
     * @param weight w
     * @param nearest q
     * @param threshold at least 0; infinite gives q
     * @return between w and q
     */
    public static double softThreshold(double weight, double nearest, double threshold) {
        double offset = weight - nearest;
        return nearest + Math.copySign(Math.max(Math.abs(offset) - threshold, 0), offset);
    }
}
