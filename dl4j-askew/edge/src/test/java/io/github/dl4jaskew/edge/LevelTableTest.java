package io.github.dl4jaskew.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.packed.ActivationKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What layers before a quantized activation can make of finite inputs. */
class LevelTableTest {

    private static float[] beyond() {
        return new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0.2f};
    }

    private static float[] levels(double clip, double most, double least) {
        float[] x = beyond();
        new LevelTable(List.of(clip, most, least), x.length).run(x, x, Step.NO_SCRATCH);
        return x;
    }

    @Test
    void infinitiesAreClippedAndNanStays() {
        assertThat(levels(1.5, 3, 0)).containsExactly(Float.NaN, 1.5f, 0, 0);
        assertThat(levels(1.5, 3, -3)).containsExactly(Float.NaN, 1.5f, -1.5f, 0);
        assertThat(levels(0, 3, -3)).containsExactly(Float.NaN, 0, -0f, 0);
    }

    @Test
    void signsOfInfinitiesAreSignsAndNanStays() {
        float[] x = beyond();
        new Elementwise(ActivationKind.SIGN, List.of(), x.length).run(x, x, Step.NO_SCRATCH);
        assertThat(x).containsExactly(Float.NaN, 1, -1, -1);
    }
}
