package io.github.dl4jaskew.packed;

/** Conversions between float32 and the 16-bit types; Java 17 has none. Rounding is to nearest, ties to even. */
final class SmallFloats {

    private static final int HALF_INFINITY = 0x7C00;
    private static final float HALF_SMALLEST = 0x1p-24f;
    private static final float HALF_SMALLEST_NORMAL = 0x1p-14f;

    private SmallFloats() {}

    static float half(short bits) {
        int exponent = (bits >>> 10) & 0x1F;
        int mantissa = bits & 0x3FF;
        float magnitude;
        if (exponent == 0) {
            magnitude = mantissa * HALF_SMALLEST;
        } else if (exponent == 0x1F) {
            magnitude = mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            magnitude = Float.intBitsToFloat((exponent + 112) << 23 | mantissa << 13);
        }
        return bits < 0 ? -magnitude : magnitude;
    }

    static short toHalf(float value) {
        int bits = Float.floatToIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        float magnitude = Math.abs(value);
        int half;
        if (Float.isNaN(value)) {
            half = HALF_INFINITY | 0x200;
        } else if (magnitude < HALF_SMALLEST_NORMAL) {
            // A product with a power of two is exact, and rint rounds ties to even.
            half = (int) Math.rint((double) magnitude / HALF_SMALLEST);
        } else {
            int rebased = (bits & 0x7FFFFFFF) - (112 << 23);
            half = Math.min(roundOff(rebased, 13), HALF_INFINITY);
        }
        return (short) (sign | half);
    }

    static float brain(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    static short toBrain(float value) {
        return (short) (Float.isNaN(value) ? 0x7FC0 : roundOff(Float.floatToIntBits(value), 16));
    }

    /** Drops low bits; the carry of the mantissa goes into the exponent, as it should. */
    private static int roundOff(int bits, int dropped) {
        int tie = 1 << (dropped - 1);
        int odd = (bits >>> dropped) & 1;
        return (bits + tie - 1 + odd) >>> dropped;
    }
}
