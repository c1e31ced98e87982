package io.github.dl4jaskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.internal.rule.SkewRule;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import io.github.dl4jaskew.testkit.Nets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Channels of any magnitude get levels that float32 can hold, or the tensor is refused; nothing becomes NaN or infinite. */
class ScaleMagnitudesTest {

    private static final int CHANNELS = 3;
    private static final int ROWS = 32;
    private static final double[] MAGNITUDES = {0, 1e-300, 1e-42, 1e-38, 1e-30, 1e-5, 1, 1e5, 1e30, 1e37, 1e38, 1e300};

    static Stream<Grid> grids() {
        return Stream.of(
                Grid.binary(),
                Grid.ternary(),
                Grid.uniform(2),
                Grid.uniform(4),
                Grid.uniform(8),
                Grid.powersOfTwo(3),
                Grid.powersOfTwo(6),
                Grid.of(0, 0.5, 2),
                Grid.of(-3, 1));
    }

    private static List<Scale> scales(Grid grid) {
        List<Scale> scales = new ArrayList<>(List.of(Scale.max(), Scale.meanAbs(), Scale.mse(), Scale.unit()));
        if (grid.equals(Grid.uniform(2)) || grid.equals(Grid.uniform(4))) {
            scales.add(Scale.sawb());
        }
        return scales;
    }

    @ParameterizedTest
    @MethodSource("grids")
    void levelsAndStepsAreFinite(Grid grid) {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            for (double magnitude : MAGNITUDES) {
                for (Scale scale : scales(grid)) {
                    check(grid, scale.perChannel(), weights(type, magnitude));
                    check(grid, scale, weights(type, magnitude));
                }
            }
        }
    }

    /** Columns of magnitude 0.1, of the given one, and of 0.1 again. */
    private static INDArray weights(DataType type, double magnitude) {
        INDArray weights = Nets.normal(5, ROWS, CHANNELS).castTo(type).muli(0.1);
        double largest = type == DataType.FLOAT ? Math.min(magnitude, 1e38) : magnitude;
        INDArray column = weights.getColumn(1);
        weights.putColumn(1, column.div(column.amaxNumber()).mul(largest));
        return weights.dup('f');
    }

    private static void check(Grid grid, Scale scale, INDArray weights) {
        String subject = grid + ", " + scale + ", " + weights.dataType() + ", " + weights.getDouble(0, 1);
        ScaledGrid scaled;
        try {
            scaled = scale.fit(grid, new ArrayWeights(weights), new Channels(CHANNELS, ROWS));
        } catch (IllegalArgumentException e) {
            // no float32 holds levels of this size
            assertThat(e).as(subject).hasMessageContaining("the scale of the tensor is ");
            return;
        }
        for (int c = 0; c < scaled.channels().count(); c++) {
            for (int code = 1; code < grid.size(); code++) {
                assertThat((float) scaled.level(c, code))
                        .as(subject)
                        .isGreaterThan((float) scaled.level(c, code - 1))
                        .isFinite();
            }
        }
        for (int power = 0; power <= 2; power++) {
            for (double overhang : new double[] {0, 1}) {
                INDArray step = Nets.normal(6, ROWS, CHANNELS)
                        .castTo(weights.dataType())
                        .muli(0.3)
                        .dup('f');
                new SkewRule(0.3, 0.3, 0.25, Stage.STEP, 1, power, overhang).apply(scaled, weights, step);
                requireFinite(subject + ", power " + power, weights.sub(step));
            }
        }
        INDArray rounded = weights.dup('f');
        QuantizedParameter.snap("layer", "W", rounded, scaled);
        requireFinite(subject, rounded);
    }

    private static void requireFinite(String subject, INDArray array) {
        for (double x : array.data().asDouble()) {
            assertThat(x).as(subject).isFinite();
        }
    }
}
