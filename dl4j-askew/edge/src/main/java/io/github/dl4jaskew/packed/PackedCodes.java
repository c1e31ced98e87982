package io.github.dl4jaskew.packed;

import java.util.Arrays;

/**
 * Codes of 1 to 8 bits in as few bytes as {@link Packing} finds. Immutable and thread safe, with value equality.
 */
public final class PackedCodes {

    private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;
    private static final int BLOCK = 4096;

    private final int levels;
    private final long size;
    private final Packing packing;
    private final byte[] bytes;
    private final byte[] digits;

    private PackedCodes(int levels, long size, Packing packing, byte[] bytes) {
        this.levels = levels;
        this.size = size;
        this.packing = packing;
        this.bytes = bytes;
        this.digits = packing == Packing.RADIX ? digits(levels) : new byte[0];
    }

    /** Collects codes from first to last. */
    public static final class Builder {

        private final int levels;
        private final long size;
        private final Packing packing;
        private final byte[] bytes;
        private long count;
        private int at;
        private int pending;
        private int filled;
        private int power = 1;

        /**
         * An empty collection.
         *
         * @param levels number of levels K, 2 to 256
         * @param size number of codes that will be added; they take at most 2^31 - 9 bytes
         * @throws IllegalArgumentException if an argument is out of range
         */
        public Builder(int levels, long size) {
            if (levels < 2 || levels > 256) {
                throw new IllegalArgumentException("levels is " + levels + "; allowed are 2 to 256");
            }
            if (size < 0 || Packing.smallest(levels, size).byteCount(levels, size) > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "size is " + size + "; codes of " + levels + " levels take 0 to " + MAX_BYTES + " bytes");
            }
            this.levels = levels;
            this.size = size;
            this.packing = Packing.smallest(levels, size);
            this.bytes = new byte[(int) packing.byteCount(levels, size)];
        }

        /**
         * Adds the next code.
         *
         * @param code 0 to K - 1
         * @return this
         * @throws IllegalArgumentException if the code is out of range
         * @throws IllegalStateException if all codes have been added
         */
        public Builder add(int code) {
            if (code < 0 || code >= levels) {
                throw new IllegalArgumentException("code is " + code + "; allowed are 0 to " + (levels - 1));
            }
            if (count == size) {
                throw new IllegalStateException("all " + size + " codes have been added");
            }
            count++;
            if (packing == Packing.BITS) {
                addBits(code);
            } else {
                addDigit(code);
            }
            return this;
        }

        private void addBits(int code) {
            pending |= code << filled;
            filled += Packing.bits(levels);
            if (filled >= 8) {
                bytes[at++] = (byte) pending;
                pending >>>= 8;
                filled -= 8;
            }
        }

        private void addDigit(int code) {
            pending += code * power;
            power *= levels;
            if (power * levels > 256) {
                bytes[at++] = (byte) pending;
                pending = 0;
                power = 1;
            }
        }

        /**
         * Builds the codes. The builder must not be used afterwards.
         *
         * @return all codes
         * @throws IllegalStateException if codes are missing
         */
        public PackedCodes build() {
            if (count < size) {
                throw new IllegalStateException("only " + count + " of " + size + " codes have been added");
            }
            if (at < bytes.length) {
                bytes[at] = (byte) pending;
            }
            return new PackedCodes(levels, size, packing, bytes);
        }
    }

    /** Takes bytes over that were read; they must be as a builder makes them. */
    static PackedCodes of(int levels, long size, Packing packing, byte[] bytes) throws PackedFormatException {
        PackedCodes codes = new PackedCodes(levels, size, packing, bytes);
        codes.requireCanonical();
        return codes;
    }

    private void requireCanonical() throws PackedFormatException {
        if (packing == Packing.RADIX) {
            int end = (int) Math.pow(levels, Packing.codesPerByte(levels));
            for (int i = 0; i < bytes.length; i++) {
                requireBelow(bytes[i] & 0xFF, end, i);
            }
            int last = (int) (size % Packing.codesPerByte(levels));
            if (last > 0) {
                requireBelow(bytes[bytes.length - 1] & 0xFF, (int) Math.pow(levels, last), bytes.length - 1);
            }
            return;
        }
        int used = (int) (size % 8 * bits() % 8);
        if (used > 0) {
            requireBelow(bytes[bytes.length - 1] & 0xFF, 1 << used, bytes.length - 1);
        }
        if (Integer.bitCount(levels) != 1) {
            requireCodesBelowLevels();
        }
    }

    private static void requireBelow(int value, int end, int at) throws PackedFormatException {
        if (value >= end) {
            throw new PackedFormatException("byte " + at + " of the codes is " + value + ", but must be below " + end);
        }
    }

    private void requireCodesBelowLevels() throws PackedFormatException {
        byte[] block = new byte[BLOCK];
        for (long first = 0; first < size; first += BLOCK) {
            int n = (int) Math.min(BLOCK, size - first);
            get(first, block, 0, n);
            for (int i = 0; i < n; i++) {
                if ((block[i] & 0xFF) >= levels) {
                    throw new PackedFormatException("code " + (first + i) + " is " + (block[i] & 0xFF)
                            + ", but there are " + levels + " levels");
                }
            }
        }
    }

    /** The codes in each value of a byte. */
    private static byte[] digits(int levels) {
        int each = Packing.codesPerByte(levels);
        byte[] digits = new byte[256 * each];
        for (int value = 0; value < 256; value++) {
            int rest = value;
            for (int j = 0; j < each; j++) {
                digits[value * each + j] = (byte) (rest % levels);
                rest /= levels;
            }
        }
        return digits;
    }

    /** {@return the number of levels K, 2 to 256; codes are below it} */
    public int levels() {
        return levels;
    }

    /** {@return the width of a code in bits, {@code ceil(log2 K)}: 1 to 8} Packed by radix, it takes less. */
    public int bits() {
        return Packing.bits(levels);
    }

    /** {@return the number of codes, at least 0} */
    public long size() {
        return size;
    }

    /** {@return how the codes are packed: the smaller packing, if these codes were built here} */
    public Packing packing() {
        return packing;
    }

    /** {@return the number of packed bytes, at least 0} */
    public int byteCount() {
        return bytes.length;
    }

    /** {@return a copy of the packed bytes} */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** The packed bytes themselves, not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /**
     * One code.
     *
     * @param index 0 to {@code size() - 1}
     * @return 0 to K - 1
     * @throws IndexOutOfBoundsException if there is no such code
     */
    public int get(long index) {
        byte[] one = new byte[1];
        get(index, one, 0, 1);
        return one[0] & 0xFF;
    }

    /**
     * Several codes, which is faster than one by one.
     *
     * @param from index of the first code
     * @param target receives them as unsigned bytes
     * @param offset where in the target
     * @param count how many
     * @throws IndexOutOfBoundsException if there are no such codes, or no such places in the target
     */
    public void get(long from, byte[] target, int offset, int count) {
        if (from < 0 || count < 0 || from > size - count) {
            throw new IndexOutOfBoundsException("codes " + from + " to " + (from + count - 1) + " of " + size);
        }
        if (offset < 0 || offset > target.length - count) {
            throw new IndexOutOfBoundsException(
                    "places " + offset + " to " + (offset + count - 1) + " of " + target.length);
        }
        if (count > 0 && packing == Packing.RADIX) {
            getDigits(from, target, offset, count);
        } else if (count > 0) {
            getBits(from, target, offset, count);
        }
    }

    private void getBits(long from, byte[] target, int offset, int count) {
        int bits = bits();
        int mask = (1 << bits) - 1;
        int at = (int) (from / 8 * bits + from % 8 * bits / 8);
        int skipped = (int) (from % 8 * bits % 8);
        int pending = (bytes[at] & 0xFF) >>> skipped;
        int held = 8 - skipped;
        for (int i = 0; i < count; i++) {
            if (held < bits) {
                pending |= (bytes[++at] & 0xFF) << held;
                held += 8;
            }
            target[offset + i] = (byte) (pending & mask);
            pending >>>= bits;
            held -= bits;
        }
    }

    private void getDigits(long from, byte[] target, int offset, int count) {
        int each = digits.length / 256;
        int at = (int) (from / each);
        int digit = (int) (from % each);
        for (int i = 0; i < count; ) {
            int n = Math.min(each - digit, count - i);
            System.arraycopy(digits, (bytes[at++] & 0xFF) * each + digit, target, offset + i, n);
            i += n;
            digit = 0;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PackedCodes that
                && levels == that.levels
                && size == that.size
                && packing == that.packing
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bytes) + levels;
    }

    @Override
    public String toString() {
        return size + " codes of " + levels + " levels in " + bytes.length + " bytes";
    }
}
