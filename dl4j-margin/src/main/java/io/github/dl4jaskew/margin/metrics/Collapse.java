package io.github.dl4jaskew.margin.metrics;

import java.util.Arrays;

/** The formulas of {@link NeuralCollapse} on the centred class means, one row for each of K classes. */
final class Collapse {

    /** Eigenvalues of the scatter between classes below this share of the largest count as 0. */
    private static final double RANK_TOLERANCE = 1e-12;

    private Collapse() {}

    /**
     * {@code tr(S_W S_B^+) / K}. With {@code S_B = M^T M / K} and the eigenpairs (l, v) of {@code M M^T / K}, the trace
     * is the sum over {@code l > 0} of {@code v^T (M S_W M^T) v / (K l^2)}.
     */
    static double variability(double[][] centred, double[][] projected, long count) {
        int classes = centred.length;
        double[][] gram = new double[classes][classes];
        for (int i = 0; i < classes; i++) {
            for (int j = 0; j < classes; j++) {
                gram[i][j] = Vectors.dot(centred[i], centred[j]) / classes;
            }
        }
        SymmetricEigen eigen = new SymmetricEigen(gram);
        double largest = 0;
        for (int i = 0; i < classes; i++) {
            largest = Math.max(largest, eigen.value(i));
        }
        double trace = 0;
        for (int i = 0; i < classes; i++) {
            double value = eigen.value(i);
            if (value > RANK_TOLERANCE * largest) {
                double[] v = eigen.vector(i);
                double[] scatter = Arrays.stream(projected)
                        .mapToDouble(row -> Vectors.dot(row, v))
                        .toArray();
                trace += Vectors.dot(v, scatter) / count / classes / (value * value);
            }
        }
        return largest == 0 ? Double.NaN : trace / classes;
    }

    /** Standard deviation over mean of the norms. */
    static double normSpread(double[][] centred) {
        double[] norms = Arrays.stream(centred).mapToDouble(Vectors::norm).toArray();
        return deviation(norms) / mean(norms);
    }

    /** Standard deviation of the cosines. */
    static double angleSpread(double[][] centred) {
        return deviation(cosines(centred));
    }

    /** Mean of {@code |cos + 1/(K - 1)|}. */
    static double simplexGap(double[][] centred) {
        double simplex = -1.0 / (centred.length - 1);
        return mean(Arrays.stream(cosines(centred))
                .map(cosine -> Math.abs(cosine - simplex))
                .toArray());
    }

    /** {@code || W / ||W|| - M / ||M|| ||}, in Frobenius norms. */
    static double dualityGap(double[][] centred, double[][] weights) {
        double[] m = Arrays.stream(centred).flatMapToDouble(Arrays::stream).toArray();
        double[] w = Arrays.stream(weights).flatMapToDouble(Arrays::stream).toArray();
        double normM = Vectors.norm(m);
        double normW = Vectors.norm(w);
        if (normM == 0 || normW == 0) {
            return Double.NaN;
        }
        UnitDistance distance = new UnitDistance(normM, normW);
        distance.add(m, w);
        return distance.value();
    }

    private static double[] cosines(double[][] centred) {
        int classes = centred.length;
        double[] cosines = new double[classes * (classes - 1) / 2];
        int next = 0;
        for (int i = 0; i < classes; i++) {
            for (int j = 0; j < i; j++) {
                double product = Vectors.norm(centred[i]) * Vectors.norm(centred[j]);
                cosines[next++] = Vectors.dot(centred[i], centred[j]) / product;
            }
        }
        return cosines;
    }

    private static double mean(double[] x) {
        return Arrays.stream(x).average().orElseThrow();
    }

    private static double deviation(double[] x) {
        double mean = mean(x);
        return Math.sqrt(
                Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
    }
}
