package io.github.dl4jaskew.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedCodesTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void holdWhatWasSet(int bits) {
        Random random = new Random(bits);
        for (int size : new int[] {0, 1, 7, 8, 9, 1000}) {
            PackedCodes codes = new PackedCodes(bits, size);
            int[] expected = new int[size];
            // In any order, and more than once
            for (int n = 0; n < 3 * size; n++) {
                int i = random.nextInt(size);
                expected[i] = random.nextInt(1 << bits);
                codes.set(i, expected[i]);
            }
            for (int i = 0; i < size; i++) {
                assertThat(codes.get(i)).isEqualTo(expected[i]);
            }
            assertThat(codes.toByteArray()).hasSize((size * bits + 7) / 8);
            assertThat(codes.size()).isEqualTo(size);
            assertThat(codes.bits()).isEqualTo(bits);
        }
    }

    @Test
    void lieSideBySideFromTheLowestBit() {
        PackedCodes codes = new PackedCodes(3, 3);
        codes.set(0, 0b101);
        codes.set(1, 0b011);
        codes.set(2, 0b110);
        assertThat(codes.toByteArray()).containsExactly(0b10_011_101, 0b1);
        codes.toByteArray()[0] = 0;
        assertThat(codes.get(0)).isEqualTo(0b101);
    }

    @Test
    void boundsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PackedCodes(0, 1))
                .withMessageContaining("bits is 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new PackedCodes(9, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PackedCodes(1, -1))
                .withMessageContaining("size is -1");
        assertThatIllegalArgumentException().isThrownBy(() -> new PackedCodes(8, 1L << 31));
        assertThatIllegalArgumentException().isThrownBy(() -> new PackedCodes(8, Long.MAX_VALUE / 4));
        PackedCodes codes = new PackedCodes(2, 5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codes.set(0, 4))
                .withMessageContaining("code is 4; allowed are 0 to 3");
        assertThatIllegalArgumentException().isThrownBy(() -> codes.set(0, -1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> codes.set(5, 0));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> codes.get(-1))
                .withMessageContaining("-1");
    }
}
