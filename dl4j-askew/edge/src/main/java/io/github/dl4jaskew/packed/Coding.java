package io.github.dl4jaskew.packed;

import java.util.List;

/**
 * How a quantized parameter is coded. Element {@code i}, in memory order, belongs to channel {@code (i / stride) mod
 * channels} and is worth {@code scale[channel] * levels[code]}.
 *
 * @param levels 2 to 256 finite levels at unit scale, strictly ascending
 * @param packing how the codes are put into bytes
 * @param channels number of channels, which is the number of scales, at least 1
 * @param stride elements from one channel to the next, at least 1
 */
public record Coding(List<Double> levels, Packing packing, int channels, long stride) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is out of range
     */
    public Coding {
        levels = List.copyOf(levels);
        if (levels.size() < 2 || levels.size() > 256) {
            throw new IllegalArgumentException("a grid has 2 to 256 levels, not " + levels.size());
        }
        double previous = Double.NEGATIVE_INFINITY;
        for (double level : levels) {
            if (!(level > previous && level <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "levels are finite and strictly ascending, but level " + level + " follows " + previous);
            }
            previous = level;
        }
        if (channels < 1 || stride < 1) {
            throw new IllegalArgumentException("channels is " + Integer.toUnsignedString(channels) + " and stride is "
                    + Long.toUnsignedString(stride) + "; both are at least 1, with at most 2^31 - 1 channels");
        }
    }

    /**
     * {@return the width of a code in bits, if it is not packed by radix: {@code ceil(log2 K)} for K levels, 1 to 8}
     */
    public int bits() {
        return Packing.bits(levels.size());
    }

    /** Bytes of the scales and of so many codes. */
    long dataBytes(long size) {
        return (long) channels * Float.BYTES + packing.byteCount(levels.size(), size);
    }
}
