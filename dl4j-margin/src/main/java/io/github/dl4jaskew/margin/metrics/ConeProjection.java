package io.github.dl4jaskew.margin.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The combination {@code Sum lambda_k g_k} with {@code lambda_k >= 0} whose direction is nearest to a vector w: the projection of w
 * onto the cone that the g_k span. With the gradients of the smallest margins for g_k, w is a critical point of the margin on
 * the sphere exactly if it lies in that cone, where the tangent is 0. Immutable and thread safe.
 *
 * <p>Source of the condition: Schechtman and Schreuder, COLT 2025.
 *
 * @param cosine of the angle between w and the combination, 0 to 1; the largest that any combination has
 * @param tangent of that angle, 0 or above; empty if the cosine is 0
 * @param multipliers lambda_k, scaled to sum 1; all 0 if the cosine is 0
 */
public record ConeProjection(double cosine, OptionalDouble tangent, List<Double> multipliers) {

    /** Copies the list. */
    public ConeProjection {
        multipliers = List.copyOf(multipliers);
    }

    /**
     * The projection, by non-negative least squares. Takes as many doubles again as the g_k have.
     *
     * @param w finite, not all 0
     * @param generators the g_k, at least one, finite, each as long as w; those that are 0 get the multiplier 0
     * @return the projection
     * @throws IllegalArgumentException if an argument is bad
     */
    public static ConeProjection of(double[] w, List<double[]> generators) {
        Checks.atLeast(1, "number of generators", generators.size());
        double[] norms = new double[generators.size()];
        List<double[]> units = new ArrayList<>();
        for (int k = 0; k < norms.length; k++) {
            Checks.sameLength("vector and generator " + k, w.length, generators.get(k).length);
            norms[k] = Vectors.norm(generators.get(k));
            if (norms[k] > 0) {
                units.add(divided(generators.get(k), norms[k]));
            }
        }
        double[] u = divided(w, Checks.positive("norm", Vectors.norm(w)));
        double[] x = new NonNegativeLeastSquares(units, u).solve();
        double[] sum = new double[w.length];
        for (int k = 0; k < x.length; k++) {
            for (int i = 0; x[k] > 0 && i < sum.length; i++) {
                sum[i] += x[k] * units.get(k)[i];
            }
        }
        // The remainder itself keeps the digits that 1 - cosine^2 would lose.
        double remainder = 0;
        for (int i = 0; i < sum.length; i++) {
            remainder += (u[i] - sum[i]) * (u[i] - sum[i]);
        }
        double length = Vectors.norm(sum);
        OptionalDouble tangent = length > 0 ? Finite.of(Math.sqrt(remainder) / length) : OptionalDouble.empty();
        double cosine = length > 0 ? length / Math.hypot(length, Math.sqrt(remainder)) : 0;
        return new ConeProjection(cosine, tangent, multipliers(x, norms));
    }

    private static List<Double> multipliers(double[] x, double[] norms) {
        double[] lambda = new double[norms.length];
        double sum = 0;
        for (int k = 0, unit = 0; k < norms.length; k++) {
            lambda[k] = norms[k] > 0 ? x[unit++] / norms[k] : 0;
            sum += lambda[k];
        }
        List<Double> scaled = new ArrayList<>();
        for (double value : lambda) {
            scaled.add(sum > 0 ? value / sum : 0);
        }
        return scaled;
    }

    private static double[] divided(double[] vector, double divisor) {
        double[] quotient = new double[vector.length];
        for (int i = 0; i < vector.length; i++) {
            quotient[i] = vector[i] / divisor;
        }
        return quotient;
    }
}
