package io.github.dl4jaskew.packed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackedCodesTest {

    static IntStream everyNumberOfLevels() {
        return IntStream.rangeClosed(2, 256);
    }

    private static PackedCodes pack(int levels, int... codes) {
        PackedCodes.Builder builder = new PackedCodes.Builder(levels, codes.length);
        for (int code : codes) {
            builder.add(code);
        }
        return builder.build();
    }

    @ParameterizedTest
    @MethodSource("everyNumberOfLevels")
    void holdWhatWasAdded(int levels) {
        Random random = new Random(levels);
        for (int size : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 1000}) {
            int[] expected = random.ints(size, 0, levels).toArray();
            PackedCodes codes = pack(levels, expected);
            assertThat(codes.size()).isEqualTo(size);
            assertThat(codes.levels()).isEqualTo(levels);
            assertThat(codes.toByteArray())
                    .hasSize((int) Packing.smallest(levels, size).byteCount(levels, size))
                    .hasSize(codes.byteCount());
            for (int i = 0; i < size; i++) {
                assertThat(codes.get(i)).isEqualTo(expected[i]);
            }
            if (size > 0) {
                requireSameInBlocks(codes, expected, random);
            }
        }
    }

    private static void requireSameInBlocks(PackedCodes codes, int[] expected, Random random) {
        for (int n = 0; n < 10; n++) {
            int from = random.nextInt(expected.length);
            int count = random.nextInt(expected.length - from + 1);
            byte[] block = new byte[count + 3];
            codes.get(from, block, 2, count);
            for (int i = 0; i < count; i++) {
                assertThat(block[2 + i] & 0xFF).isEqualTo(expected[from + i]);
            }
            assertThat(block[0] + block[1] + block[count + 2]).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("everyNumberOfLevels")
    void readBackWhatTheyWrote(int levels) throws PackedFormatException {
        for (int size : new int[] {1, 7, 8, 9, 101}) {
            PackedCodes codes =
                    pack(levels, new Random(size).ints(size, 0, levels).toArray());
            PackedCodes read = PackedCodes.of(levels, size, codes.packing(), codes.toByteArray());
            assertThat(read).isEqualTo(codes).hasSameHashCodeAs(codes);
        }
    }

    @Test
    void bitsLieSideBySideFromTheLowest() {
        PackedCodes codes = pack(8, 0b101, 0b011, 0b110);
        assertThat(codes.packing()).isEqualTo(Packing.BITS);
        assertThat(codes.toByteArray()).containsExactly(0b10_011_101, 0b1);
        codes.toByteArray()[0] = 0;
        assertThat(codes.get(0)).isEqualTo(0b101);
    }

    @Test
    void fiveTernaryCodesFillAByte() {
        PackedCodes codes = pack(3, 1, 2, 0, 2, 1, 2, 1, 0, 1);
        assertThat(codes.packing()).isEqualTo(Packing.RADIX);
        assertThat(codes.toByteArray()).containsExactly(1 + 2 * 3 + 2 * 27 + 81, 2 + 3 + 27);
    }

    @Test
    void radixIsTakenWhereItIsSmaller() {
        assertThat(everyNumberOfLevels().filter(k -> Packing.smallest(k, 1000) == Packing.RADIX))
                .containsExactly(3, 5, 6);
        assertThat(Packing.RADIX.byteCount(3, 1000)).isEqualTo(200);
        assertThat(Packing.BITS.byteCount(3, 1000)).isEqualTo(250);
        assertThat(Packing.smallest(3, 4)).isEqualTo(Packing.BITS);
        assertThat(Packing.smallest(3, 5)).isEqualTo(Packing.RADIX);
        for (int levels = 2; levels <= 256; levels++) {
            int each = Packing.codesPerByte(levels);
            assertThat(Math.pow(levels, each)).isLessThanOrEqualTo(256);
            assertThat(Math.pow(levels, each + 1.0)).isGreaterThan(256);
        }
    }

    @Test
    void theOtherPackingIsReadAsWell() throws PackedFormatException {
        PackedCodes bits = PackedCodes.of(3, 5, Packing.BITS, new byte[] {(byte) 0b01_10_00_10, 0b01});
        assertThat(IntStream.range(0, 5).map(bits::get)).containsExactly(2, 0, 2, 1, 1);
        PackedCodes radix = PackedCodes.of(16, 3, Packing.RADIX, new byte[] {0x21, 0x0F});
        assertThat(IntStream.range(0, 3).map(radix::get)).containsExactly(1, 2, 15);
    }

    @Test
    void bytesThatNoBuilderMakesAreRefused() {
        requireRefused(3, 5, Packing.RADIX, "byte 0 of the codes is 243, but must be below 243", 243);
        requireRefused(3, 6, Packing.RADIX, "byte 1 of the codes is 3, but must be below 3", 0, 3);
        requireRefused(2, 7, Packing.BITS, "byte 0 of the codes is 128, but must be below 128", 128);
        requireRefused(5, 3, Packing.BITS, "code 1 is 5, but there are 5 levels", 0b00_101_100, 0);
    }

    private static void requireRefused(int levels, long size, Packing packing, String message, int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        assertThatExceptionOfType(PackedFormatException.class)
                .isThrownBy(() -> PackedCodes.of(levels, size, packing, bytes))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 0, 1, 257})
    void levelsAreBounded(int levels) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PackedCodes.Builder(levels, 1))
                .withMessageContaining("levels is " + levels);
    }

    @Test
    void sizesAreBounded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PackedCodes.Builder(2, -1))
                .withMessageContaining("size is -1");
        assertThatIllegalArgumentException().isThrownBy(() -> new PackedCodes.Builder(256, 1L << 31));
        assertThatIllegalArgumentException().isThrownBy(() -> new PackedCodes.Builder(3, Long.MAX_VALUE));
        assertThatIllegalArgumentException().isThrownBy(() -> new PackedCodes.Builder(255, Long.MAX_VALUE / 4));
    }

    @Test
    void buildersCount() {
        PackedCodes.Builder builder = new PackedCodes.Builder(3, 2).add(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add(3))
                .withMessageContaining("code is 3; allowed are 0 to 2");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.add(-1));
        assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("only 1 of 2");
        builder.add(0);
        assertThatIllegalStateException().isThrownBy(() -> builder.add(0)).withMessageContaining("all 2");
        assertThat(builder.build()).hasToString("2 codes of 3 levels in 1 bytes");
    }

    @Test
    void indicesAreChecked() {
        PackedCodes codes = pack(4, 0, 1, 2, 3, 0);
        byte[] block = new byte[4];
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> codes.get(-1))
                .withMessageContaining("-1");
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> codes.get(5));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> codes.get(2, block, 0, 4));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> codes.get(0, block, 1, 4));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> codes.get(0, block, -1, 2));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> codes.get(0, block, 0, -1));
        codes.get(5, block, 4, 0);
        assertThat(codes).isNotEqualTo(pack(4, 0, 1, 2, 3, 1)).isNotEqualTo(pack(5, 0, 1, 2, 3, 0));
    }
}
