package io.github.dl4jaskew.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.schedule.ScheduleType;

class CosineScheduleTest {

    private static final CosineSchedule BY_EPOCH = new CosineSchedule(ScheduleType.EPOCH, 0.5, 8);

    @Test
    void valuesAtStartMiddleAndEnd() {
        assertThat(BY_EPOCH.valueAt(999, 0)).isEqualTo(0.5);
        assertThat(BY_EPOCH.valueAt(999, 2)).isEqualTo(0.25 * (1 + Math.sqrt(0.5)), within(1e-15));
        assertThat(BY_EPOCH.valueAt(999, 4)).isEqualTo(0.25, within(1e-15));
        assertThat(BY_EPOCH.valueAt(999, 8)).isZero();
        assertThat(BY_EPOCH.valueAt(999, 80)).isZero();
        assertThat(new CosineSchedule(ScheduleType.ITERATION, 0.5, 8).valueAt(4, 999))
                .isEqualTo(0.25, within(1e-15));
    }

    @Test
    void survivesJsonSerializationAndClone() throws Exception {
        assertThat(ScheduleJson.roundTrip(BY_EPOCH)).isEqualTo(BY_EPOCH).hasSameHashCodeAs(BY_EPOCH);
        assertThat(JavaSerialization.roundTrip(BY_EPOCH)).isEqualTo(BY_EPOCH);
        assertThat(BY_EPOCH.clone()).isEqualTo(BY_EPOCH);
    }

    @Test
    void equalityAndName() {
        assertThat(BY_EPOCH)
                .isNotEqualTo(new CosineSchedule(ScheduleType.ITERATION, 0.5, 8))
                .isNotEqualTo(new CosineSchedule(ScheduleType.EPOCH, 0.25, 8))
                .isNotEqualTo(new CosineSchedule(ScheduleType.EPOCH, 0.5, 9))
                .isNotEqualTo("cosine")
                .hasToString("cosine from 0.5 to 0 over 8.0 by EPOCH");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesNumbers(double value) {
        assertThatThrownBy(() -> new CosineSchedule(ScheduleType.EPOCH, value, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("initial is " + value);
        assertThatThrownBy(() -> new CosineSchedule(ScheduleType.EPOCH, 0.5, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("length is " + value);
    }
}
