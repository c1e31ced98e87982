package io.github.dl4jaskew.packed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** That ND4J rounds in the same way, a test of dl4j-askew shows. */
class SmallFloatsTest {

    @Test
    void everyHalfSurvives() {
        for (int bits = 0; bits < 65536; bits++) {
            float half = SmallFloats.half((short) bits);
            float brain = SmallFloats.brain((short) bits);
            if (!Float.isNaN(half)) {
                assertThat(SmallFloats.toHalf(half)).isEqualTo((short) bits);
            }
            if (!Float.isNaN(brain)) {
                assertThat(SmallFloats.toBrain(brain)).isEqualTo((short) bits);
            }
        }
        assertThat(SmallFloats.half(SmallFloats.toHalf(Float.NaN))).isNaN();
        assertThat(SmallFloats.brain(SmallFloats.toBrain(Float.NaN))).isNaN();
        assertThat(SmallFloats.half(SmallFloats.toHalf(1e6f))).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(SmallFloats.half(SmallFloats.toHalf(-1e6f))).isEqualTo(Float.NEGATIVE_INFINITY);
    }
}
