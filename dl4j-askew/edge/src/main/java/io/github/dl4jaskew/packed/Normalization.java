package io.github.dl4jaskew.packed;

import java.util.List;

/**
 * How features were normalized for the training. It goes with a network but is no part of it: code that predicts applies
 * it to the features first.
 *
 * @param kind the formula
 * @param constants its numbers; see the kind
 * @param arrays its arrays; see the kind
 */
public record Normalization(Kind kind, List<Double> constants, List<Values> arrays) {

    /** A formula. The number stored in a file is the position here, from 1. */
    public enum Kind {
        /** {@code (x - mean) / deviation}. Arrays: mean, deviation; perhaps the same of the labels. */
        STANDARDIZE(0, true),
        /**
         * {@code (x - min) / (max - min) * (b - a) + a}. Constants: a, b. Arrays: minimum, maximum; perhaps the same of the
         * labels.
         */
        MIN_MAX(2, true),
        /** {@code x / p * (b - a) + a}. Constants: a, b, the largest pixel value p, and 1 if labels are treated likewise, else 0. */
        IMAGE_RANGE(4, false),
        /** {@code x - mean} of its channel. Constants: the means of the three channels. */
        IMAGE_MEAN(3, false);

        private final int constants;
        private final boolean hasArrays;

        Kind(int constants, boolean hasArrays) {
            this.constants = constants;
            this.hasArrays = hasArrays;
        }
    }

    /**
     * An array of numbers.
     *
     * @param type the type that they had
     * @param shape the shape, of 1 to 32 axes
     * @param numbers the numbers in c order
     */
    public record Values(ValueType type, List<Long> shape, List<Double> numbers) {

        /**
         * Checks the shape.
         *
         * @throws IllegalArgumentException if shape and number of numbers disagree, or a number is not finite
         */
        public Values {
            shape = List.copyOf(shape);
            numbers = List.copyOf(numbers);
            if (shape.isEmpty()
                    || shape.size() > 32
                    || shape.stream().anyMatch(n -> n < 1)
                    || product(shape) != numbers.size()) {
                throw new IllegalArgumentException(
                        "an array of the normalization has shape " + shape + " but " + numbers.size() + " numbers");
            }
            requireFinite(numbers);
        }

        private static double product(List<Long> shape) {
            return shape.stream().mapToDouble(n -> n).reduce(1, (a, b) -> a * b);
        }
    }

    /**
     * Checks that the kind has what it needs.
     *
     * @throws IllegalArgumentException if there are too few or too many, or a constant is not finite
     */
    public Normalization {
        constants = List.copyOf(constants);
        arrays = List.copyOf(arrays);
        boolean fits = kind.hasArrays ? arrays.size() == 2 || arrays.size() == 4 : arrays.isEmpty();
        if (constants.size() != kind.constants || !fits) {
            throw new IllegalArgumentException("the normalization " + kind + " has " + constants.size()
                    + " constants and " + arrays.size() + " arrays");
        }
        requireFinite(constants);
    }

    private static void requireFinite(List<Double> numbers) {
        for (double number : numbers) {
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException("number " + numbers.indexOf(number) + " of the normalization is "
                        + number + "; allowed are finite numbers");
            }
        }
    }
}
