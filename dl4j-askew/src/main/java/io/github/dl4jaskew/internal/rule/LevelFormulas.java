package io.github.dl4jaskew.internal.rule;

/**
 * What methods other than the rule make of one weight, given its nearest level {@code q} or the two levels {@code a <=
 * w <= b} of its cell. {@link LevelMap} applies them to whole parameters.
 *
 * <p>Sources, each with the formula it gives for any grid: Courbariaux, Bengio, David, "BinaryConnect", NeurIPS 2015; Yin
 * et al., "BinaryRelax", SIAM Journal on Imaging Sciences 11(4), 2018; Bai, Wang, Liberty, "ProxQuant", ICLR 2019; Jin et
 * al., "PARQ: Piecewise-Affine Regularized Quantization", ICML 2025; Le, Høier, Lin, Zach, "AdaSTE", CVPR 2022; Wu, Zheng, Liu, Zheng, "ReSTE",
 * ICCV 2023.
 */
final class LevelFormulas {

    /** AdaSTE's limit of a slope, as in its published code. */
    private static final double MOST_ADAPTIVE = 0.5;

    /** Below this ReSTE takes the secant instead of the derivative, which has a pole at 0. */
    private static final double SMALL = 0.1;

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
     * AdaSTE's forward map in cell coordinates: {@code s(t) = clip((t + mu (1 + alpha) sgn t) / (1 + mu), -1, 1)}, which is
     * sgn t for mu alpha >= 1. sgn(0) is 1: ties go up, as everywhere.
     *
     * @param t cell coordinate
     * @param mu at least 0, may be infinite
     * @param alpha positive
     * @return in [-1, 1]
     */
    public static double adaptive(double t, double mu, double alpha) {
        if (mu * alpha >= 1) {
            return t < 0 ? -1 : 1;
        }
        double side = t < 0 ? -1 : 1;
        return Math.max(-1, Math.min(1, (t + mu * (1 + alpha) * side) / (1 + mu)));
    }

    /**
     * What AdaSTE multiplies a gradient g by. One that pushes the weight towards the middle of its cell meets the finite
     * difference of {@link #adaptive} across the middle, {@code |s(t) - s(-0)| / |t|}, limited to 1/2; every other one meets the
     * derivative of s, which is 0 on the levels and {@code 1 / (1 + mu)} between them.
     *
     * @param t cell coordinate
     * @param gradient g; only its sign matters
     * @param mu as for {@link #adaptive}
     * @param alpha as for {@link #adaptive}
     * @return in [0, 1]
     */
    public static double adaptiveSlope(double t, double gradient, double mu, double alpha) {
        if ((t < 0 ? -gradient : gradient) > 0) {
            double across = mu * alpha >= 1 ? 1 : mu * (1 + alpha) / (1 + mu);
            double difference = Math.abs(adaptive(t, mu, alpha)) + across;
            return difference == 0 ? MOST_ADAPTIVE : Math.min(MOST_ADAPTIVE, difference / Math.abs(t));
        }
        return Math.abs(adaptive(t, mu, alpha)) == 1 ? 0 : 1 / (1 + mu);
    }

    /**
     * The slope of ReSTE's estimator {@code sgn(t) |t|^(1/o)}, with its two truncations: {@code |t|^((1 - o) / o) / o} for {@code
     * 0.1 < |t| <= limit}, {@code 0.1^(1/o) / 0.1} nearer to 0, and 0 beyond the limit.
     *
     * @param t cell coordinate
     * @param power o, at least 1
     * @param limit from where on a weight has no gradient
     * @return at least 0
     */
    public static double powerSlope(double t, double power, double limit) {
        double magnitude = Math.abs(t);
        if (magnitude > limit) {
            return 0;
        }
        return magnitude <= SMALL
                ? Math.pow(SMALL, 1 / power) / SMALL
                : Math.pow(magnitude, (1 - power) / power) / power;
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
