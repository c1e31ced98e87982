package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HullClipTest {

    private static final int N = 3 * BlockKernel.SPAN + 17;
    private static final ScaledGrid GRID =
            new ScaledGrid(Grid.of(-1, 0, 3), new double[] {0.5, 1, 2}, new Channels(3, 5));

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE", "HALF"})
    void clipsToTheHullOfEachChannel(DataType type) {
        int n = type == DataType.FLOAT16 ? 150 : N;
        INDArray w = random(type, n).muli(3);
        double[] before = w.castTo(DataType.DOUBLE).toDoubleVector();
        HullClip.clip(GRID, w);
        double[] after = w.castTo(DataType.DOUBLE).toDoubleVector();
        for (int i = 0; i < n; i++) {
            double scale = GRID.scale(GRID.channels().of(i));
            assertThat(after[i]).isEqualTo(Math.max(-scale, Math.min(3 * scale, before[i])));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE", "HALF"})
    void multipliesByHalfCells(DataType type) {
        int n = type == DataType.FLOAT16 ? 150 : N;
        for (int power = 0; power <= 2; power++) {
            INDArray v = random(type, n);
            double[] before = v.castTo(DataType.DOUBLE).toDoubleVector();
            HullClip.multiply(power, GRID, v);
            double[] after = v.castTo(DataType.DOUBLE).toDoubleVector();
            for (int i = 0; i < n; i++) {
                // Half cells are 0.5, 1 and 2: exact.
                double half = GRID.scale(GRID.channels().of(i));
                assertThat(after[i]).isEqualTo(before[i] * Math.pow(half, power));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void namesWhatIsNotFinite(DataType type) {
        INDArray array = random(type, N);
        array.putScalar(N - 3, Double.NaN);
        assertThatThrownBy(() -> HullClip.clip(GRID, array))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weight of element " + (N - 3) + " is NaN; it must be finite");
        assertThatThrownBy(() -> HullClip.multiply(1, GRID, array))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("update of element " + (N - 3) + " is NaN; it must be finite");
    }

    private static INDArray random(DataType type, int n) {
        Nd4j.getRandom().setSeed(3);
        return Nd4j.randn(DataType.FLOAT, n).castTo(type);
    }
}
