package io.github.dl4jaskew.margin.metrics;

/**
 * Eigenvalues and vectors of a small symmetric matrix by cyclic Jacobi rotations, after Golub and Van Loan, "Matrix
 * Computations", section 8.5. About n^3 operations for each of some ten sweeps.
 */
final class SymmetricEigen {

    private static final int SWEEPS = 100;

    private final double[][] matrix;
    private final double[][] vectors;

    SymmetricEigen(double[][] symmetric) {
        int n = symmetric.length;
        matrix = new double[n][];
        vectors = new double[n][n];
        for (int i = 0; i < n; i++) {
            matrix[i] = symmetric[i].clone();
            vectors[i][i] = 1;
        }
        for (int sweep = 0; sweep < SWEEPS && !diagonal(); sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(p, q);
                }
            }
        }
    }

    double value(int i) {
        return matrix[i][i];
    }

    double[] vector(int i) {
        double[] vector = new double[vectors.length];
        for (int row = 0; row < vector.length; row++) {
            vector[row] = vectors[row][i];
        }
        return vector;
    }

    private boolean diagonal() {
        double on = 0;
        double off = 0;
        for (int i = 0; i < matrix.length; i++) {
            on += matrix[i][i] * matrix[i][i];
            for (int j = 0; j < i; j++) {
                off += matrix[i][j] * matrix[i][j];
            }
        }
        return off <= 1e-32 * on;
    }

    private void rotate(int p, int q) {
        if (matrix[p][q] == 0) {
            return;
        }
        double ratio = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
        double sign = ratio < 0 ? -1 : 1;
        double tangent = sign / (Math.abs(ratio) + Math.hypot(1, ratio));
        double cosine = 1 / Math.hypot(1, tangent);
        double sine = tangent * cosine;
        for (double[] row : matrix) {
            rotate(row, p, q, cosine, sine);
        }
        for (int i = 0; i < matrix.length; i++) {
            double atP = matrix[p][i];
            double atQ = matrix[q][i];
            matrix[p][i] = cosine * atP - sine * atQ;
            matrix[q][i] = sine * atP + cosine * atQ;
        }
        for (double[] row : vectors) {
            rotate(row, p, q, cosine, sine);
        }
    }

    private static void rotate(double[] row, int p, int q, double cosine, double sine) {
        double atP = row[p];
        double atQ = row[q];
        row[p] = cosine * atP - sine * atQ;
        row[q] = sine * atP + cosine * atQ;
    }
}
