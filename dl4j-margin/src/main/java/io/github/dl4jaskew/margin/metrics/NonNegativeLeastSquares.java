package io.github.dl4jaskew.margin.metrics;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Minimizes {@code ||b - Sum x_k a_k||} over {@code x_k >= 0} by the active-set method of Lawson and Hanson ("Solving Least
 * Squares Problems", 1974, chapter 23). The columns a_k are long and few, and only those that enter the active set are
 * multiplied with all others. Not thread safe.
 */
final class NonNegativeLeastSquares {

    /** Of columns of length 1: a smaller gain is rounding. */
    private static final double TOLERANCE = 1e-13;

    private static final double SMALLEST_PIVOT = 1e-12;
    private static final int STEPS_PER_COLUMN = 10;

    private final List<double[]> columns;
    private final double[] inner;
    private final double[] @Nullable [] gram;
    private final boolean[] active;
    private double[] x;

    /**
     * A problem.
     *
     * @param columns each of euclidean norm 1
     * @param b of the same length
     */
    NonNegativeLeastSquares(List<double[]> columns, double[] b) {
        this.columns = columns;
        inner = columns.stream().mapToDouble(a -> Vectors.dot(a, b)).toArray();
        gram = new double[columns.size()][];
        active = new boolean[columns.size()];
        x = new double[columns.size()];
    }

    /** {@return the minimum's x, one for each column; after very many steps a point near it} */
    double[] solve() {
        boolean[] dependent = new boolean[x.length];
        for (int step = 0; step < STEPS_PER_COLUMN * x.length; step++) {
            int next = steepest(dependent);
            if (next < 0) {
                break;
            }
            active[next] = true;
            if (descend(next)) {
                dependent = new boolean[x.length];
            } else {
                active[next] = false;
                dependent[next] = true;
            }
        }
        return x;
    }

    /** The column whose weight would lower the distance fastest; -1 if none would. */
    private int steepest(boolean[] excluded) {
        int best = -1;
        double most = TOLERANCE;
        for (int k = 0; k < x.length; k++) {
            if (!active[k] && !excluded[k]) {
                double gain = inner[k];
                for (int j = 0; j < x.length; j++) {
                    gain -= active[j] ? x[j] * products(j)[k] : 0;
                }
                if (gain > most) {
                    most = gain;
                    best = k;
                }
            }
        }
        return best;
    }

    /** Goes to the minimum over the active columns, dropping those that reach 0 on the way. False: nothing was done. */
    private boolean descend(int entered) {
        double[] z = minimum();
        if (z == null || !(z[entered] > 0)) {
            return false;
        }
        while (z != null) {
            double share = 1;
            for (int k = 0; k < x.length; k++) {
                if (active[k] && z[k] <= 0) {
                    share = Math.min(share, x[k] / (x[k] - z[k]));
                }
            }
            for (int k = 0; k < x.length; k++) {
                boolean stops = active[k] && z[k] <= 0 && x[k] / (x[k] - z[k]) <= share;
                x[k] = stops ? 0 : x[k] + share * (z[k] - x[k]);
                active[k] &= !stops;
            }
            if (share == 1) {
                return true;
            }
            z = minimum();
        }
        return true;
    }

    /** Over the active columns, without bounds; null if they are linearly dependent. */
    private double @Nullable [] minimum() {
        int[] index = IntStream.range(0, x.length).filter(k -> active[k]).toArray();
        double[][] factor = new double[index.length][index.length];
        double[] y = new double[index.length];
        for (int i = 0; i < index.length; i++) {
            double[] row = products(index[i]);
            for (int j = 0; j <= i; j++) {
                double sum = row[index[j]];
                for (int k = 0; k < j; k++) {
                    sum -= factor[i][k] * factor[j][k];
                }
                if (i == j && !(sum > SMALLEST_PIVOT)) {
                    return null;
                }
                factor[i][j] = i == j ? Math.sqrt(sum) : sum / factor[j][j];
            }
            double sum = inner[index[i]];
            for (int k = 0; k < i; k++) {
                sum -= factor[i][k] * y[k];
            }
            y[i] = sum / factor[i][i];
        }
        double[] z = new double[x.length];
        for (int i = index.length - 1; i >= 0; i--) {
            double sum = y[i];
            for (int k = i + 1; k < index.length; k++) {
                sum -= factor[k][i] * z[index[k]];
            }
            z[index[i]] = sum / factor[i][i];
        }
        return z;
    }

    private double[] products(int column) {
        double[] known = gram[column];
        if (known == null) {
            double[] a = columns.get(column);
            known = columns.stream().mapToDouble(other -> Vectors.dot(a, other)).toArray();
            gram[column] = known;
        }
        return known;
    }
}
