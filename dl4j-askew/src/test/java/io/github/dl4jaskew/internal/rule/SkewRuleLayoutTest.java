package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Any two views of the same shape work, and nothing outside the velocity's view is written. */
class SkewRuleLayoutTest {

    private static final int ROWS = 30;
    private static final int COLUMNS = 50;

    /** A view of 30 x 50 elements of a vector of 6000. */
    private static Stream<Arguments> views() {
        return Stream.of(
                view("dense c", base -> base.get(interval(0, 1500)).reshape('c', ROWS, COLUMNS)),
                view("dense f", base -> base.get(interval(0, 1500)).reshape('f', ROWS, COLUMNS)),
                view("c at an offset", base -> base.get(interval(77, 1577)).reshape('c', ROWS, COLUMNS)),
                view("f at an offset", base -> base.get(interval(77, 1577)).reshape('f', ROWS, COLUMNS)),
                view("rows of c", base -> base.reshape('c', 120, COLUMNS).get(interval(40, 70), all())),
                view("columns of c", base -> base.reshape('c', ROWS, 200).get(all(), interval(9, 59))),
                view("rows of f", base -> base.reshape('f', 120, COLUMNS).get(interval(40, 70), all())),
                view("columns of f", base -> base.reshape('f', ROWS, 200).get(all(), interval(9, 59))),
                view("every second", base -> base.reshape('c', 60, 100).get(interval(0, 2, 60), interval(0, 2, 100))),
                view(
                        "transposed c",
                        base -> base.get(interval(5, 1505))
                                .reshape('c', COLUMNS, ROWS)
                                .transpose()),
                view(
                        "transposed f",
                        base -> base.get(interval(5, 1505))
                                .reshape('f', COLUMNS, ROWS)
                                .transpose()),
                view(
                        "slice of three axes",
                        base -> base.reshape('c', ROWS, 4, COLUMNS).get(all(), point(2), all())),
                view("outer slice", base -> base.reshape('c', 4, ROWS, COLUMNS).get(point(2), all(), all())));
    }

    private static Arguments view(String name, UnaryOperator<INDArray> view) {
        return arguments(name, view);
    }

    private static Stream<Arguments> pairs() {
        return views().flatMap(
                        w -> views().map(v -> arguments(w.get()[0] + " / " + v.get()[0], w.get()[1], v.get()[1])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void viewsOfEveryOrder(String name, UnaryOperator<INDArray> weightView, UnaryOperator<INDArray> view) {
        DataType type = name.hashCode() % 2 == 0 ? DataType.FLOAT : DataType.DOUBLE;
        Random random = new Random(name.hashCode());
        INDArray weightBase = base(type, random);
        INDArray velocityBase = base(type, random);
        INDArray w = weightView.apply(weightBase);
        INDArray v = view.apply(velocityBase);
        assertThat(w.shape()).isEqualTo(v.shape()).containsExactly(ROWS, COLUMNS);
        int axis = random.nextInt(2);
        Channels channels = Channels.alongAxis(w.shape(), axis, w.ordering());
        double[] scales = random.doubles(channels.count(), 0.5, 1.5).toArray();
        ScaledGrid grid = new ScaledGrid(Grid.binary(), scales, channels);
        SkewRule rule = SkewRule.step(0.3, 0.1, 0.5);

        INDArray expected = velocityBase.dup();
        INDArray expectedView = view.apply(expected);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                double after = Reference.apply(rule, grid, axis == 0 ? i : j, w.getDouble(i, j), v.getDouble(i, j));
                expectedView.putScalar(i, j, after);
            }
        }
        INDArray unchanged = weightBase.dup();
        rule.apply(grid, w, v);
        assertThat(weightBase).isEqualTo(unchanged);
        assertThat(velocityBase.equalsWithEps(expected, 1e-5)).isTrue();

        INDArray again = view.apply(base(type, random));
        again.assign(expectedView);
        ArrayKernel.apply(rule, grid, w, again);
        assertThat(again.equalsWithEps(expectedView, 1e-5))
                .as("idempotent, other kernel")
                .isTrue();
    }

    /** Away from levels, middles and the border of h = 0, where float and double may decide apart. */
    private static INDArray base(DataType type, Random random) {
        double[] values = new double[6000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (random.nextBoolean() ? 1 : -1) * (0.01 + 0.4 * random.nextDouble());
        }
        return Nd4j.createFromArray(values).castTo(type);
    }
}
