package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Grid;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cell from the table is the cell from the search, on both sides of every edge. */
class CellTableTest {

    private static final FloatLoops FLOATS = new FloatLoops();
    private static final DoubleLoops DOUBLES = new DoubleLoops();

    static List<Grid> grids() {
        Random random = new Random(1);
        double[] many = random.doubles(256, -1, 1).sorted().distinct().toArray();
        return List.of(
                Grid.powersOfTwo(3),
                Grid.powersOfTwo(6),
                Grid.of(-1, 0.3),
                Grid.of(-0.7, 0.1, 0.25, 1.3),
                Grid.of(5, 5.5, 7),
                Grid.of(-1, -1e-6, 0, 1e-6, 2e-6, 1),
                Grid.of(many));
    }

    @ParameterizedTest
    @MethodSource("grids")
    void inFloat(Grid grid) {
        float[] x = new float[BlockKernel.BLOCK];
        places(grid, n -> {
            int size = Math.min(x.length, n.length);
            for (int i = 0; i < size; i++) {
                x[i] = (float) n[i];
            }
            float[] ones = new float[x.length];
            java.util.Arrays.fill(ones, 1);
            CellTable table = CellTable.forFloats(grid);
            float[] t = new float[x.length];
            float[] bucket = new float[x.length];
            float[] half = new float[x.length];
            FLOATS.bucket(x, ones, t, bucket, size, table);
            if (table.severalEdges()) {
                FLOATS.locateStepwise(t, bucket, half, size, table);
            } else {
                FLOATS.locateInBuckets(t, bucket, half, size, table);
            }
            for (int i = 0; i < size; i++) {
                int cell = cell(grid, x[i]);
                assertThat(half[i]).isEqualTo((float) (0.5 * (grid.level(cell + 1) - grid.level(cell))));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("grids")
    void inDouble(Grid grid) {
        places(grid, x -> {
            double[] ones = new double[x.length];
            java.util.Arrays.fill(ones, 1);
            CellTable table = CellTable.forDoubles(grid);
            double[] t = new double[x.length];
            double[] bucket = new double[x.length];
            double[] half = new double[x.length];
            DOUBLES.bucket(x, ones, t, bucket, x.length, table);
            if (table.severalEdges()) {
                DOUBLES.locateStepwise(t, bucket, half, x.length, table);
            } else {
                DOUBLES.locateInBuckets(t, bucket, half, x.length, table);
            }
            for (int i = 0; i < x.length; i++) {
                int cell = grid.cell(x[i]);
                assertThat(half[i]).isEqualTo(0.5 * (grid.level(cell + 1) - grid.level(cell)));
            }
        });
    }

    /** In float, as levels are rounded there. */
    private static int cell(Grid grid, float x) {
        return IntStream.range(1, grid.size() - 1)
                .filter(edge -> x >= (float) grid.level(edge))
                .max()
                .orElse(0);
    }

    private static void places(Grid grid, java.util.function.Consumer<double[]> check) {
        double[] levels =
                IntStream.range(0, grid.size()).mapToDouble(grid::level).toArray();
        double[] beside = Stream.of(levels)
                .flatMapToDouble(java.util.Arrays::stream)
                .flatMap(x -> java.util.stream.DoubleStream.of(
                        x,
                        (float) x,
                        Math.nextUp((float) x),
                        Math.nextDown((float) x),
                        Math.nextUp(x),
                        Math.nextDown(x)))
                .toArray();
        double width = levels[levels.length - 1] - levels[0];
        double[] anywhere = new Random(2)
                .doubles(900, levels[0] - width, levels[levels.length - 1] + width)
                .toArray();
        for (double[] all : List.of(beside, anywhere)) {
            for (int i = 0; i < all.length; i += BlockKernel.BLOCK) {
                check.accept(java.util.Arrays.copyOfRange(all, i, Math.min(all.length, i + BlockKernel.BLOCK)));
            }
        }
    }
}
