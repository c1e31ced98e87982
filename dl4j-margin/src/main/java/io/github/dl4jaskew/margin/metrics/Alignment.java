package io.github.dl4jaskew.margin.metrics;

/**
 * The angle between the weights and the direction of steepest descent of the loss: {@code beta = cos(w, -grad Loss)}.
 * Training approaches a critical point of the normalized margin on the sphere when beta goes to 1 and {@link
 * KktResiduals#delta} to 0. Beta alone does not tell: at a finite loss, examples far above the smallest margin still have
 * weight in the gradient, and beta can be 1 where the margin is not critical. Immutable and thread safe.
 *
 * <p>The gradient must be that of the whole training set, with the output's error multiplied by {@code exp(-log of the
 * largest |l'|)} before backpropagation; its length does not matter, but in float an unscaled one underflows.
 *
 * <p>Where a ReLU network has a kink, a single gradient is not the convex combination that the theorems speak of, and
 * beta can stay far below 1 at a critical point; see {@link WindowedAlignment}.
 *
 * <p>Held as the distance {@code d = ||w/|w| + g/|g|||} with {@code beta = 1 - d^2/2}, which keeps all digits near 1.
 *
 * <p>Source: Lyu and Li, ICLR 2020.
 *
 * @param distance d, 0 (aligned) to 2 (opposed)
 */
public record Alignment(double distance) {

    /**
     * Checks the distance.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public Alignment {
        if (!(distance >= 0 && distance <= 2 + 1e-12)) {
            throw new IllegalArgumentException("distance of the directions is " + distance + "; allowed is 0 to 2");
        }
        distance = Math.min(distance, 2);
    }

    /**
     * The alignment of two arrays.
     *
     * @param weights all weights w, finite, not all 0
     * @param gradient of the loss with respect to them, times any positive number; finite, not all 0
     * @return the alignment
     * @throws IllegalArgumentException if the lengths differ or an array is bad
     */
    public static Alignment of(double[] weights, double[] gradient) {
        return accumulator(Vectors.norm(weights), Vectors.norm(gradient))
                .add(weights, gradient)
                .value();
    }

    /**
     * For large networks: an alignment that is fed block by block.
     *
     * @param norm euclidean norm of all weights, positive and finite
     * @param gradientNorm euclidean norm of the whole gradient, positive and finite
     * @return an empty accumulator
     * @throws IllegalArgumentException if a norm is out of range
     */
    public static Accumulator accumulator(double norm, double gradientNorm) {
        return new Accumulator(norm, gradientNorm);
    }

    /** {@return the cosine, {@code beta}, -1 to 1} */
    public double beta() {
        return 1 - distance * distance / 2;
    }

    /**
     * {@return the tangent of the angle, {@code sqrt(1 - beta^2) / beta}: length of the gradient's part along the
     * sphere over its radial part, 0 or above; infinity if beta is not above 0}
     */
    public double stationarity() {
        double beta = beta();
        return beta > 0 ? distance * Math.sqrt(1 - distance * distance / 4) / beta : Double.POSITIVE_INFINITY;
    }

    /** Takes weights and gradient block by block. Mutable, not thread safe. */
    public static final class Accumulator {

        private final UnitDistance distance;

        private Accumulator(double norm, double gradientNorm) {
            distance = new UnitDistance(
                    Checks.positive("norm", norm), -Checks.positive("norm of the gradient", gradientNorm));
        }

        /**
         * Adds a block.
         *
         * @param weights some weights
         * @param gradient of the same weights
         * @return this
         * @throws IllegalArgumentException if the lengths differ
         */
        public Accumulator add(double[] weights, double[] gradient) {
            distance.add(weights, gradient);
            return this;
        }

        /**
         * The alignment, once every block was added.
         *
         * @return the alignment
         * @throws IllegalArgumentException if the norms are not those of what was added
         */
        public Alignment value() {
            return new Alignment(distance.value());
        }
    }
}
