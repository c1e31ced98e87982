package io.github.dl4jaskew.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The search finds the least squared error that a fine scan of all scales finds. */
class LeastSquaresScaleTest {

    private enum Shape {
        GAUSS,
        UNIFORM,
        LAPLACE,
        SKEWED,
        POSITIVE,
        NEGATIVE,
        SPARSE,
        OUTLIER,
        TWO_POINTS;

        double[] sample(int n) {
            Random random = new Random(n * 31L + ordinal());
            double[] w = new double[n];
            for (int i = 0; i < n; i++) {
                double g = random.nextGaussian();
                double side = random.nextBoolean() ? 1 : -1;
                double u = random.nextDouble();
                switch (this) {
                    case UNIFORM:
                        w[i] = side * u;
                        break;
                    case LAPLACE:
                        w[i] = side * -Math.log(1 - u);
                        break;
                    case SKEWED:
                        w[i] = Math.exp(g) - 0.5;
                        break;
                    case POSITIVE:
                        w[i] = Math.abs(g) + 0.1;
                        break;
                    case NEGATIVE:
                        w[i] = -Math.abs(g) - 0.1;
                        break;
                    case SPARSE:
                        w[i] = i > 1 && u < 0.9 ? 0 : g;
                        break;
                    case OUTLIER:
                        w[i] = i == 0 ? 30 : g;
                        break;
                    case TWO_POINTS:
                        w[i] = side * (0.5 + 0.01 * g);
                        break;
                    default:
                        w[i] = g;
                }
            }
            return w;
        }
    }

    private static Stream<Grid> grids() {
        return Stream.concat(GridTest.grids(), Stream.of(Grid.of(-0.5, 0, 0.5, 1), Grid.of(-1.5, -1, 0.2)));
    }

    /**
     * The tolerance is 1e-3 of the error, and for grids of more than 8 levels, whose error is tiny and has hundreds of
     * local minima, 5e-5 of the weights' power more.
     */
    @ParameterizedTest
    @MethodSource("grids")
    void isTheGlobalMinimum(Grid grid) {
        for (Shape shape : Shape.values()) {
            double[] w = shape.sample(400);
            double found = error(grid, fit(grid, w), w);
            assertThat(found)
                    .as("%s, %s", grid, shape)
                    .isLessThanOrEqualTo(1.001 * least(grid, w) + (grid.size() > 8 ? 5e-5 : 1e-9) * power(w));
        }
    }

    /** A handful of weights lie on some scale's levels: only the order of the error can be asked for. */
    @ParameterizedTest
    @MethodSource("grids")
    void tinyTensors(Grid grid) {
        for (int n : new int[] {1, 2, 5, 20}) {
            for (Shape shape : new Shape[] {Shape.GAUSS, Shape.UNIFORM, Shape.LAPLACE, Shape.TWO_POINTS}) {
                double[] w = shape.sample(n);
                if (Arrays.stream(w).noneMatch(x -> x > 0)) {
                    continue;
                }
                double found = error(grid, fit(grid, w), w);
                assertThat(found)
                        .as("%s, %s %s", grid, n, shape)
                        .isLessThanOrEqualTo(1.001 * least(grid, w) + 5e-3 * power(w));
            }
        }
    }

    @Test
    void binaryIsTheMeanMagnitude() {
        for (Shape shape : Shape.values()) {
            for (int n : new int[] {1, 3, 1000}) {
                double[] w = shape.sample(n);
                double mean = Arrays.stream(w).map(Math::abs).average().orElseThrow();
                assertThat(fit(Grid.binary(), w)).isEqualTo(mean, within(1e-6 * mean));
            }
        }
    }

    @Test
    void weightsOnLevelsAreFound() {
        for (Grid grid : new Grid[] {Grid.ternary(), Grid.uniform(3), Grid.powersOfTwo(4)}) {
            double[] w = Arrays.stream(grid.levels()).map(level -> 0.37 * level).toArray();
            assertThat(fit(grid, w)).isEqualTo(0.37, within(1e-7));
        }
    }

    @Test
    void largeTensorsAreSearchedOnASample() {
        double[] w = Shape.GAUSS.sample(60_000);
        Grid grid = Grid.uniform(2);
        assertThat(error(grid, fit(grid, w), w)).isLessThan(1.001 * least(grid, w));
        // Known: the best scale of four levels for a unit Gaussian has a spacing of 0.9957
        assertThat(fit(grid, w)).isEqualTo(1.5 * 0.9957, within(0.02));
    }

    @Test
    void everyChannelOfALargeTensorIsVisited() {
        Channels channels = new Channels(2, 1);
        double[] w = Shape.GAUSS.sample(100_000);
        for (int i = 1; i < w.length; i += 2) {
            w[i] *= 10;
        }
        ScaledGrid fitted = Scale.mse().perChannel().fit(Grid.ternary(), Weights.of(w), channels);
        assertThat(fitted.scale(1) / fitted.scale(0)).isEqualTo(10, within(0.2));
    }

    private static double fit(Grid grid, double[] w) {
        return Scale.mse().fit(grid, Weights.of(w), Channels.perTensor()).scale(0);
    }

    private static double power(double[] w) {
        return Arrays.stream(w).map(x -> x * x).sum();
    }

    private static double error(Grid grid, double s, double[] w) {
        double sum = 0;
        for (double x : w) {
            double miss = x - s * grid.level(grid.nearest(x / s));
            sum += miss * miss;
        }
        return sum;
    }

    private static double least(Grid grid, double[] w) {
        double top = Arrays.stream(w).map(Math::abs).max().orElseThrow();
        int points = w.length > 1000 ? 300 : 800;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i <= points; i++) {
            least = Math.min(least, error(grid, top * 0.02 * Math.pow(1000, (double) i / points), w));
        }
        return least;
    }

    /** So many weights that the search takes every third one, which must not be the same channels each time. */
    @Test
    void seesEveryChannelOfALargeParameter() {
        int count = 6;
        int each = 40_000;
        Random random = new Random(7);
        double[] sideBySide = new double[count * each];
        double[] oneByOne = new double[count * each];
        for (int i = 0; i < each; i++) {
            for (int c = 0; c < count; c++) {
                double w = (c + 1) * random.nextGaussian();
                sideBySide[i * count + c] = w;
                oneByOne[c * each + i] = w;
            }
        }
        Grid grid = Grid.powersOfTwo(4);
        Scale scale = Scale.mse().perChannel();
        double[] expected =
                scale.fit(grid, Weights.of(oneByOne), new Channels(count, each)).scales();
        double[] found =
                scale.fit(grid, Weights.of(sideBySide), new Channels(count, 1)).scales();
        for (int c = 0; c < count; c++) {
            double[] channel = Arrays.copyOfRange(oneByOne, c * each, (c + 1) * each);
            assertThat(error(grid, found[c], channel)).isLessThan(1.05 * error(grid, expected[c], channel));
        }
    }
}
