package io.github.dl4jaskew.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sum of rows times levels is there, with its sign. */
class SignedSumsTest {

    private static final int WIDTH = 3;
    private static final float[][] ROWS = {{1, 10, -7}, {2, 30, 5}, {4, -50, 3}, {8, 0.5f, 0}};

    static Stream<float[]> symmetricLevels() {
        return Stream.of(
                new float[] {-1, 1},
                new float[] {-0.5f, 0.5f},
                new float[] {-2, 0, 2},
                new float[] {-4, -1, 1, 4},
                new float[] {-1e38f, 1e38f});
    }

    @ParameterizedTest
    @MethodSource("symmetricLevels")
    void eachCodeFindsItsSum(float[] levels) {
        assertThat(SignedSums.covers(levels)).isTrue();
        SignedSums sums = new SignedSums(levels);
        int n = sums.columns();
        float[][] rows = new float[n + sums.rows()][WIDTH];
        System.arraycopy(ROWS, 0, rows, 0, n);
        sums.fill(rows, 0, n, WIDTH);
        byte[] kernel = new byte[n];
        for (int number = 0; number < Math.pow(levels.length, n); number++) {
            float[] expected = new float[WIDTH];
            for (int t = 0, rest = number; t < n; t++, rest /= levels.length) {
                kernel[t] = (byte) (rest % levels.length);
                for (int i = 0; i < WIDTH; i++) {
                    expected[i] += levels[kernel[t]] / levels[levels.length - 1] * ROWS[t][i];
                }
            }
            int code = sums.code(kernel, 0);
            for (int i = 0; i < WIDTH; i++) {
                assertThat(sums.sign(code) * rows[n + sums.row(code)][i] + 0f).isEqualTo(expected[i] + 0f);
            }
        }
    }

    @Test
    void otherLevelsAreNotCovered() {
        assertThat(SignedSums.covers(new float[] {-1, 2})).isFalse();
        assertThat(SignedSums.covers(new float[] {0, 1, 2})).isFalse();
        assertThat(SignedSums.covers(new float[] {-0f, 0f})).isFalse();
        assertThat(SignedSums.covers(new float[] {-2, -1, 0, 1, 2})).isFalse();
    }
}
