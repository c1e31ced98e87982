package io.github.dl4jaskew.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrowthTest {

    @Test
    void growsByEpochOrIteration() {
        assertThat(Growth.linear(0.5).valueAt(100, 3)).isEqualTo(1.5);
        assertThat(Growth.linear(0.5).byIteration().valueAt(100, 3)).isEqualTo(50);
        assertThat(Growth.linear(0.5).valueAt(9, 0)).isZero();
        assertThat(Growth.exponential(2, 1.5).valueAt(9, 0)).isEqualTo(2);
        assertThat(Growth.exponential(2, 1.5).valueAt(9, 2)).isEqualTo(4.5, within(1e-12));
        assertThat(Growth.exponential(2, 1.5).byIteration().valueAt(1, 0)).isEqualTo(3);
    }

    @Test
    void isInfiniteFromTheEnd() {
        Growth growth = Growth.linear(1).infiniteFrom(7);
        assertThat(growth.valueAt(0, 6)).isEqualTo(6);
        assertThat(growth.valueAt(0, 7)).isInfinite();
        assertThat(growth.byIteration().valueAt(8, 0)).isInfinite();
    }

    @Test
    void isAValueThatSurvivesJson() throws IOException {
        for (Growth growth : new Growth[] {
            Growth.linear(0.1),
            Growth.exponential(1, 1.02).byIteration(),
            Growth.linear(0.1).infiniteFrom(3)
        }) {
            assertThat(ScheduleJson.roundTrip(growth)).isEqualTo(growth).hasSameHashCodeAs(growth);
            assertThat(growth.clone()).isEqualTo(growth).isNotEqualTo(Growth.linear(9));
        }
        assertThat(Growth.linear(0.1).infiniteFrom(3)).hasToString("0.1 * k by EPOCH, infinite from 3.0");
        assertThat(Growth.exponential(1, 1.02)).hasToString("1.0 * 1.02^k by EPOCH");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesRates(double bad) {
        assertThatIllegalArgumentException().isThrownBy(() -> Growth.linear(bad));
        assertThatIllegalArgumentException().isThrownBy(() -> Growth.exponential(bad, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> Growth.exponential(1, bad));
    }

    @Test
    void refusesAnEndBeforeTheStart() {
        assertThatIllegalArgumentException().isThrownBy(() -> Growth.linear(1).infiniteFrom(-1));
    }
}
