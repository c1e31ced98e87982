package io.github.dl4jaskew.quantized;

/**
 * Codes of 1 to 8 bits side by side in bytes. Code {@code i} takes the bits {@code i b .. i b + b - 1}, the least
 * significant bit first; bit {@code k} is bit {@code k mod 8} of byte {@code k / 8}. Unused bits of the last byte are 0.
 *
 * <p>Reading is thread safe once all codes are set.
 */
public final class PackedCodes {

    private final int bits;
    private final long size;
    private final byte[] bytes;

    /**
     * Codes that are all 0.
     *
     * @param bits width of a code, 1 to 8
     * @param size number of codes; {@code size * bits} is at most 8 * (2^31 - 9)
     * @throws IllegalArgumentException if an argument is out of range
     */
    public PackedCodes(int bits, long size) {
        if (bits < 1 || bits > 8) {
            throw new IllegalArgumentException("bits is " + bits + "; allowed are 1 to 8");
        }
        if (size < 0 || size > (Integer.MAX_VALUE - 8L) * 8 / bits) {
            throw new IllegalArgumentException("size is " + size + "; allowed are 0 to "
                    + (Integer.MAX_VALUE - 8L) * 8 / bits + " codes of " + bits + " bits");
        }
        this.bits = bits;
        this.size = size;
        this.bytes = new byte[(int) byteCount(bits, size)];
    }

    /**
     * The bytes that codes take: {@code ceil(size * bits / 8)}.
     *
     * @param bits width of a code
     * @param size number of codes
     * @return number of bytes
     */
    public static long byteCount(int bits, long size) {
        return (size * bits + 7) / 8;
    }

    /**
     * Width of a code.
     *
     * @return 1 to 8
     */
    public int bits() {
        return bits;
    }

    /**
     * Number of codes.
     *
     * @return at least 0
     */
    public long size() {
        return size;
    }

    /**
     * The packed bytes.
     *
     * @return a copy
     */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /**
     * One code.
     *
     * @param index 0 to {@code size() - 1}
     * @return 0 to {@code 2^bits - 1}
     * @throws IndexOutOfBoundsException if there is no such code
     */
    public int get(long index) {
        long bit = position(index);
        int at = (int) (bit >>> 3);
        int word = bytes[at] & 0xFF;
        if (at + 1 < bytes.length) {
            word |= (bytes[at + 1] & 0xFF) << 8;
        }
        return (word >>> (bit & 7)) & mask();
    }

    void set(long index, int code) {
        if (code < 0 || code > mask()) {
            throw new IllegalArgumentException("code is " + code + "; allowed are 0 to " + mask());
        }
        long bit = position(index);
        int at = (int) (bit >>> 3);
        int shift = (int) (bit & 7);
        bytes[at] = (byte) ((bytes[at] & ~(mask() << shift)) | (code << shift));
        if (shift + bits > 8) {
            int rest = 8 - shift;
            bytes[at + 1] = (byte) ((bytes[at + 1] & ~(mask() >>> rest)) | (code >>> rest));
        }
    }

    private int mask() {
        return (1 << bits) - 1;
    }

    private long position(long index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("code " + index + " of " + size);
        }
        return index * bits;
    }
}
