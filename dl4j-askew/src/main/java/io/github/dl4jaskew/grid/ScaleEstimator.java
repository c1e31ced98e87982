package io.github.dl4jaskew.grid;

import java.util.Arrays;

/** The estimators behind {@link Scale}. Each reads the weights in passes and keeps O(channels) state. */
interface ScaleEstimator {

    /** One scale for each channel; not yet checked to be positive. */
    double[] estimate(Grid grid, Weights weights, Channels channels);

    /** Refuses a grid for which the estimator is not defined. */
    default void requireDefinedFor(Grid grid) {}

    /** A given scale. */
    record Fixed(double value) implements ScaleEstimator {
        @Override
        public double[] estimate(Grid grid, Weights weights, Channels channels) {
            double[] scales = new double[channels.count()];
            Arrays.fill(scales, value);
            return scales;
        }

        @Override
        public String toString() {
            return value == 1 ? "unit" : "fixed(" + value + ")";
        }
    }

    /** max|w| / max|c|. */
    record Max() implements ScaleEstimator {
        @Override
        public double[] estimate(Grid grid, Weights weights, Channels channels) {
            return WeightMoments.of(weights, channels).map(m -> m.max() / grid.maxMagnitude());
        }

        @Override
        public String toString() {
            return "max";
        }
    }

    /** mean|w|. */
    record MeanAbs() implements ScaleEstimator {
        @Override
        public double[] estimate(Grid grid, Weights weights, Channels channels) {
            return WeightMoments.of(weights, channels).map(WeightMoments.Channel::meanAbs);
        }

        @Override
        public String toString() {
            return "meanAbs";
        }
    }

    /** Least squared error. */
    record Mse() implements ScaleEstimator {
        @Override
        public double[] estimate(Grid grid, Weights weights, Channels channels) {
            return new LeastSquaresScale(grid, weights, channels).solve();
        }

        @Override
        public String toString() {
            return "mse";
        }
    }

    /** c1 sqrt(mean w^2) - c2 mean|w|, over the largest level. */
    record Sawb() implements ScaleEstimator {
        @Override
        public double[] estimate(Grid grid, Weights weights, Channels channels) {
            double[] c = coefficients(grid);
            return WeightMoments.of(weights, channels)
                    .map(m -> (c[0] * m.rootMeanSquare() - c[1] * m.meanAbs()) / grid.maxMagnitude());
        }

        @Override
        public void requireDefinedFor(Grid grid) {
            coefficients(grid);
        }

        private static double[] coefficients(Grid grid) {
            if (grid.equals(Grid.uniform(grid.bits()))) {
                switch (grid.bits()) {
                    case 2 -> {
                        return new double[] {3.12, 2.064};
                    }
                    case 3 -> {
                        return new double[] {7.509, 6.892};
                    }
                    case 4 -> {
                        return new double[] {12.1, 12.2};
                    }
                    case 5 -> {
                        return new double[] {17.74, 18.64};
                    }
                    default -> {}
                }
            }
            throw new IllegalArgumentException(
                    "SAWB has published coefficients for uniform grids of 2, 3, 4 and 5 bits, not for " + grid);
        }

        @Override
        public String toString() {
            return "sawb";
        }
    }
}
