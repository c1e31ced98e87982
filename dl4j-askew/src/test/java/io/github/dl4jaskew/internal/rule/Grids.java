package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Grid;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Grids of every kind, and weights that meet all their corners. */
final class Grids {

    private Grids() {}

    static Stream<Grid> all() {
        return Stream.of(
                        Stream.of(Grid.binary(), Grid.ternary()),
                        IntStream.rangeClosed(2, 8).mapToObj(Grid::uniform),
                        IntStream.rangeClosed(2, 6).mapToObj(Grid::powersOfTwo),
                        Stream.of(Grid.of(-0.7, 0.1, 0.25, 1.3), Grid.of(-0.3, 1), Grid.of(0, 0.5, 1, 1.5)))
                .flatMap(grids -> grids);
    }

    /** One of every kind, for tests that are slow in ND4J operations. */
    static Stream<Grid> few() {
        return Stream.of(
                Grid.binary(), Grid.ternary(), Grid.uniform(3), Grid.powersOfTwo(3), Grid.of(-0.7, 0.1, 0.25, 1.3));
    }

    static double low(Grid grid) {
        return grid.level(0);
    }

    static double high(Grid grid) {
        return grid.level(grid.size() - 1);
    }

    /** The weight of coordinate t in a cell. */
    static double weight(Grid grid, int cell, double t) {
        double half = 0.5 * (grid.level(cell + 1) - grid.level(cell));
        return 0.5 * (grid.level(cell + 1) + grid.level(cell)) + t * half;
    }

    /** Weights inside the hull, some on levels, in middles and next to both; as floats hold them. */
    static double[] inside(Grid grid, int n, Random random) {
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            int cell = random.nextInt(grid.size() - 1);
            double side = random.nextBoolean() ? 1 : -1;
            double t;
            switch (random.nextInt(8)) {
                case 0:
                    t = side;
                    break;
                case 1:
                    t = 0;
                    break;
                case 2:
                    t = side * (1 - 1e-4 * random.nextDouble());
                    break;
                case 3:
                    t = side * 1e-4 * random.nextDouble();
                    break;
                default:
                    t = side * random.nextDouble();
            }
            weights[i] = (float) weight(grid, cell, t);
        }
        return weights;
    }

    /** Weights as {@link #inside}, every eighth up to half the hull outside. */
    static double[] anywhere(Grid grid, int n, Random random) {
        double[] weights = inside(grid, n, random);
        for (int i = 0; i < n; i += 8) {
            double beyond = (float) (0.5 * random.nextDouble() * (high(grid) - low(grid)));
            weights[i] = random.nextBoolean() ? high(grid) + beyond : low(grid) - beyond;
        }
        return floats(weights);
    }

    /** Velocities of many magnitudes, some of them 0. */
    static double[] velocities(int n, Random random) {
        double[] velocities = new double[n];
        for (int i = 0; i < n; i++) {
            velocities[i] = random.nextInt(10) == 0
                    ? 0
                    : (float) (random.nextGaussian() * Math.pow(10, -4 * random.nextDouble()));
        }
        return velocities;
    }

    static double[] times(double factor, double[] values) {
        double[] products = values.clone();
        for (int i = 0; i < products.length; i++) {
            products[i] *= factor;
        }
        return products;
    }

    static double[] floats(double[] values) {
        double[] rounded = values.clone();
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) rounded[i];
        }
        return rounded;
    }
}
