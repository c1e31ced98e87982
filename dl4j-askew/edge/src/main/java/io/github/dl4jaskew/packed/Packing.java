package io.github.dl4jaskew.packed;

/** How codes are put into bytes. The number stored in a file is the position here, from 1; 0 stands for none. */
public enum Packing {
    /** {@code b = ceil(log2 K)} bits for each code, the least significant bit first, across byte boundaries. */
    BITS {
        @Override
        public long byteCount(int levels, long size) {
            int bits = bits(levels);
            // In two parts, so that the product does not overflow.
            return size / 8 * bits + (size % 8 * bits + 7) / 8;
        }
    },
    /** {@code m = floor(log 256 / log K)} codes in each byte, which is {@code sum of code_j K^j}. */
    RADIX {
        @Override
        public long byteCount(int levels, long size) {
            int each = codesPerByte(levels);
            return size / each + (size % each == 0 ? 0 : 1);
        }
    };

    /**
     * The bytes that codes take.
     *
     * @param levels number of levels K, 2 to 256
     * @param size number of codes N, at least 0
     * @return {@code ceil(N b / 8)}, or {@code ceil(N / m)}
     * @throws IllegalArgumentException if the number of levels is out of range
     */
    public abstract long byteCount(int levels, long size);

    /**
     * The packing of fewest bytes; of two equal ones, bits.
     *
     * @param levels number of levels, 2 to 256
     * @param size number of codes, at least 0
     * @return radix for many codes of 3, 5 or 6 levels
     * @throws IllegalArgumentException if the number of levels is out of range
     */
    public static Packing smallest(int levels, long size) {
        return RADIX.byteCount(levels, size) < BITS.byteCount(levels, size) ? RADIX : BITS;
    }

    /** {@code ceil(log2 levels)}. */
    static int bits(int levels) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(requireLevels(levels) - 1);
    }

    /** {@code floor(log 256 / log levels)}. */
    static int codesPerByte(int levels) {
        int count = 1;
        requireLevels(levels);
        for (int power = levels * levels; power <= 256; power *= levels) {
            count++;
        }
        return count;
    }

    private static int requireLevels(int levels) {
        if (levels < 2 || levels > 256) {
            throw new IllegalArgumentException("levels is " + levels + "; allowed are 2 to 256");
        }
        return levels;
    }
}
