package io.github.dl4jaskew.interval;

/**
 * The formulas of the rule for one weight, in the coordinate {@code t} of its cell: -1 and +1 are the two
 * levels, 0 is the middle. Written for reading and for tests; the kernels compute the same for blocks.
 *
 * <p>The weight is feasible where {@code h(t) = eps - psi(t) >= 0}, that is where {@code |t| >= tau}.
 *
 * <p>Source: Leconte, Schechtman, Moulines, "ASkewSGD", AISTATS 2023, with eps relative to its largest
 * useful value, so that eps = 1 is no constraint on any grid.
 */
public final class Interval {

    private Interval() {}

    /**
     * {@code psi(t) = (1 - t^2)^2}: 0 on the levels, 1 in the middle of the cell.
     *
     * @param t cell coordinate
     * @return at least 0
     */
    public static double psi(double t) {
        double u = (1 - t) * (1 + t);
        return u * u;
    }

    /**
     * Whether a weight is inside the intervals: {@code psi(t) <= eps}.
     *
     * @param t cell coordinate
     * @param epsilon in [0, 1]
     * @return true if it moves freely
     */
    public static boolean isFeasible(double t, double epsilon) {
        return psi(t) <= epsilon;
    }

    /**
     * The inner edge of the intervals: {@code tau = sqrt(1 - sqrt(eps))}.
     *
     * @param epsilon in [0, 1]
     * @return tau in [0, 1]
     * @throws IllegalArgumentException if epsilon is out of range or NaN
     */
    public static double tau(double epsilon) {
        return Math.sqrt(1 - Math.sqrt(requireFraction("epsilon", epsilon)));
    }

    /**
     * The inverse of {@link #tau}: {@code eps = (1 - tau^2)^2}.
     *
     * @param tau in [0, 1]
     * @return eps in [0, 1]
     * @throws IllegalArgumentException if tau is out of range or NaN
     */
    public static double epsilon(double tau) {
        return psi(requireFraction("tau", tau));
    }

    /**
     * The restoring displacement before its clamp, {@code K = -rho h(t) / h'(t)} with {@code h'(t) = 4 t (1 -
     * t^2)}: to first order the share rho of the way to the interval. Zero for a feasible weight and in the
     * middle of the cell, where the direction is undefined.
     *
     * @param t cell coordinate
     * @param epsilon in [0, 1]
     * @param rho restoring rate in [0, 1]
     * @return K in units of t; positive towards the upper level
     */
    public static double restoring(double t, double epsilon, double rho) {
        double violation = psi(t) - epsilon;
        if (!(violation > 0) || t == 0) {
            return 0;
        }
        return rho * violation / (4 * t * (1 - t) * (1 + t));
    }

    /**
     * The skewed displacement: {@code d} where the weight is feasible or where d already restores faster
     * than K, {@code d K > K^2}; K limited to {@code [-m, m]} otherwise. If rho, and so K, is 0: d where it
     * restores, 0 otherwise.
     *
     * @param t cell coordinate
     * @param displacement proposed displacement d, in units of t
     * @param epsilon in [0, 1]
     * @param rho restoring rate in [0, 1]
     * @param maxStep m, positive; may be infinite
     * @return the displacement to take, in units of t
     */
    public static double skew(double t, double displacement, double epsilon, double rho, double maxStep) {
        if (t == 0 || isFeasible(t, epsilon)) {
            return displacement;
        }
        double k = restoring(t, epsilon, rho);
        double outward = Math.abs(t) < 1 ? Math.signum(t) : -Math.signum(t);
        if (outward * displacement > Math.abs(k)) {
            return displacement;
        }
        return Math.max(-maxStep, Math.min(maxStep, k));
    }

    /**
     * The nearest feasible coordinate: t itself, or the inner edge of the interval on its side (the upper
     * one for t = 0), and never beyond a level.
     *
     * @param t cell coordinate
     * @param epsilon in [0, 1]
     * @return a coordinate with {@code tau <= |t| <= 1}
     */
    public static double project(double t, double epsilon) {
        double magnitude = Math.min(1, Math.max(tau(epsilon), Math.abs(t)));
        return t < 0 ? -magnitude : magnitude;
    }

    /**
     * A step that may cross the middle of the cell although its interval has closed there: the position in the
     * interval is stretched to the whole half of the cell, moves, and is shrunk to the interval as it is now,
     *
     * <pre>  z = sgn(t) max(0, |t| - tau_0) / (1 - tau_0),    z' = clip(z + d, -1, 1),    t' = sgn(z') tau + (1 - tau) z'.  </pre>
     *
     * <p>A weight on the inner border, z = 0, crosses to the other interval when d pushes on, and is carried along by the
     * border, on its own side, when d is 0. Where tau_0 is 1 the intervals were points, and z is the level, sgn(t).
     *
     * <p>z is the latent weight y of BinaryRelax, and t its blend {@code (lambda sgn(y) + y) / (lambda + 1)} with {@code tau =
     * lambda / (1 + lambda)}: Yin, Zhang, Lyu, Osher, Qi, Xin, "BinaryRelax", SIAM Journal on Imaging Sciences 11(4), 2018,
     * arXiv:1801.06313.
     *
     * @param t cell coordinate in [-1, 1]; sgn(0) is 1
     * @param displacement proposed displacement d of z
     * @param tauBefore tau_0, the border that t was moved at, in [0, 1]
     * @param tau the border now, in [0, 1]
     * @return t', in [-1, -tau] or [tau, 1]
     * @throws IllegalArgumentException if a tau is out of range or NaN
     */
    public static double cross(double t, double displacement, double tauBefore, double tau) {
        double width = 1 - requireFraction("tauBefore", tauBefore);
        double inside = Math.max(0, Math.abs(t) - tauBefore);
        double side = t < 0 ? -1 : 1;
        double z = side * (width == 0 ? 1 : inside / width);
        double moved = Math.max(-1, Math.min(1, z + displacement));
        double newSide = moved != 0 ? Math.signum(moved) : displacement == 0 ? side : 1;
        return newSide * requireFraction("tau", tau) + (1 - tau) * moved;
    }

    private static double requireFraction(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are 0 to 1");
        }
        return value;
    }
}
