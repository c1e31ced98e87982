package io.github.dl4jaskew.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelsTest {

    /** Dense, bias, 1-D, 2-D, transposed and 3-D convolution, recurrent, separable. */
    private static final long[][] SHAPES = {
        {5, 7}, {1, 7}, {6, 4, 3, 1}, {8, 3, 5, 5}, {3, 8, 2, 2}, {4, 2, 3, 3, 3}, {5, 16}, {2, 3, 1, 1}, {9}
    };

    @ParameterizedTest
    @ValueSource(chars = {'c', 'f'})
    void alongEveryAxisOfEveryShape(char order) {
        for (long[] shape : SHAPES) {
            for (int axis = 0; axis < shape.length; axis++) {
                Channels channels = Channels.alongAxis(shape, axis, order);
                assertThat(channels.count()).isEqualTo((int) shape[axis]);
                long length = 1;
                for (long n : shape) {
                    length *= n;
                }
                for (long i = 0; i < length; i++) {
                    assertThat(channels.of(i)).isEqualTo(index(shape, i, axis, order));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(chars = {'c', 'f'})
    void runsAreMaximal(char order) {
        for (long[] shape : SHAPES) {
            for (int axis = 0; axis < shape.length; axis++) {
                Channels channels = Channels.alongAxis(shape, axis, order);
                for (long i = 0; i < 200; i++) {
                    long end = channels.runEnd(i);
                    assertThat(end).isGreaterThan(i);
                    if (channels.count() > 1) {
                        assertThat(channels.of(end - 1)).isEqualTo(channels.of(i));
                        assertThat(channels.of(end)).isNotEqualTo(channels.of(i));
                    }
                }
            }
        }
    }

    @Test
    void perTensorIsOneRun() {
        Channels channels = Channels.perTensor();
        assertThat(channels.count()).isEqualTo(1);
        assertThat(channels.of(1L << 40)).isZero();
        assertThat(channels.runEnd(5)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void longIndices() {
        Channels channels = new Channels(3, 1L << 33);
        assertThat(channels.of((1L << 34) + 5)).isEqualTo(2);
        assertThat(channels.runEnd(1L << 33)).isEqualTo(1L << 34);
    }

    @Test
    void refusesAxesOrdersAndCounts() {
        assertThatThrownBy(() -> Channels.alongAxis(new long[] {3, 4}, 2, 'c'))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("axis is 2; allowed are 0 to 1");
        assertThatThrownBy(() -> Channels.alongAxis(new long[] {3, 4}, -1, 'f'))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Channels.alongAxis(new long[] {3, 4}, 1, 'a'))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("order is 'a'; allowed are 'c' and 'f'");
        assertThatThrownBy(() -> new Channels(0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count is 0 and stride 1");
        assertThatThrownBy(() -> new Channels(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static int index(long[] shape, long element, int axis, char order) {
        long rest = element;
        long index = 0;
        for (int k = 0; k < shape.length; k++) {
            int current = order == 'c' ? shape.length - 1 - k : k;
            index = rest % shape[current];
            rest /= shape[current];
            if (current == axis) {
                return (int) index;
            }
        }
        throw new AssertionError("no axis " + axis);
    }
}
