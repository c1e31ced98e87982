package io.github.dl4jaskew.examples.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RanksTest {

    @Test
    void correlationIsThatOfTheOrder() {
        assertThat(Ranks.correlation(new double[] {1, 10, 100}, new double[] {-3, 0, 7}))
                .isEqualTo(1);
        assertThat(Ranks.correlation(new double[] {1, 2, 3}, new double[] {3, 2, 1}))
                .isEqualTo(-1);
        assertThat(Ranks.correlation(new double[] {1, 2, 3, 4}, new double[] {2, 1, 4, 3}))
                .isEqualTo(0.6);
        assertThat(Ranks.correlation(new double[] {1, 1}, new double[] {1, 2})).isNaN();
    }

    @Test
    void areaCountsPairsInOrder() {
        boolean[] event = {true, false, true, false};
        assertThat(Ranks.areaBelow(new double[] {1, 3, 2, 4}, event)).isEqualTo(1);
        assertThat(Ranks.areaBelow(new double[] {1, 2, 3, 4}, event)).isEqualTo(0.75);
        assertThat(Ranks.areaBelow(new double[] {5, 5, 5, 5}, event)).isEqualTo(0.5);
        assertThat(Ranks.areaBelow(new double[] {1, 2}, new boolean[2])).isNaN();
    }
}
