package io.github.dl4jaskew.interval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CellHistogramTest {

    @Test
    void hasAboutFiveHundredBinsAtMost() {
        for (int levels = 2; levels <= 256; levels++) {
            int perCell = CellHistogram.binsPerCell(levels);
            CellHistogram histogram = new CellHistogram(perCell, new long[levels * perCell + 1]);
            assertThat(histogram.levels()).isEqualTo(levels);
            assertThat(histogram.counts().length).isBetween(129, 515);
        }
    }

    @Test
    void refusesNonsense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CellHistogram(3, new long[7]))
                .withMessage("binsPerCell is 3; allowed are even numbers from 2 to 64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CellHistogram(2, new long[6]))
                .withMessage("6 bins of 2 for a cell are not those of 2 to 256 levels");
        assertThatIllegalArgumentException().isThrownBy(() -> new CellHistogram(2, new long[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> new CellHistogram(2, new long[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> new CellHistogram(2, new long[2 * 257 + 1]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CellHistogram(2, new long[] {0, 1, -1, 0, 0}))
                .withMessage("bin 2 holds -1 weights");
    }

    @Test
    void copiesAndCompares() {
        long[] counts = {0, 1, 2, 3, 4};
        CellHistogram histogram = new CellHistogram(2, counts);
        counts[0] = 9;
        histogram.counts()[1] = 9;
        assertThat(histogram)
                .isEqualTo(new CellHistogram(2, new long[] {0, 1, 2, 3, 4}))
                .hasSameHashCodeAs(new CellHistogram(2, new long[] {0, 1, 2, 3, 4}))
                .isNotEqualTo(new CellHistogram(2, counts))
                .hasToString("10 weights in 5 bins of 2 levels");
    }

    @Test
    void intervalsCloseAroundTheLevels() {
        assertThat(LevelInterval.of(3, 1))
                .isEqualTo(List.of(
                        new LevelInterval(0, 0, 0.5), new LevelInterval(1, 0.5, 1.5), new LevelInterval(2, 1.5, 2)));
        assertThat(LevelInterval.of(2, 0)).isEqualTo(List.of(new LevelInterval(0, 0, 0), new LevelInterval(1, 1, 1)));
        double tau = Interval.tau(0.25);
        LevelInterval middle = LevelInterval.of(3, 0.25).get(1);
        assertThat(middle.lower()).isCloseTo(1 - (1 - tau) / 2, within(1e-15));
        assertThat(middle.upper()).isCloseTo(1 + (1 - tau) / 2, within(1e-15));
        // The edge in the position p of cell 1 is the coordinate t = 2 (p - 1) - 1 = -tau.
        assertThat(2 * (middle.upper() - 1) - 1).isCloseTo(-tau, within(1e-15));
        assertThatIllegalArgumentException().isThrownBy(() -> LevelInterval.of(2, Double.NaN));
    }
}
