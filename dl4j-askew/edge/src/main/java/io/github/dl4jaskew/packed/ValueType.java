package io.github.dl4jaskew.packed;

import java.nio.ByteBuffer;

/** The type of a parameter's numbers. The number stored in a file is the position here, from 0. */
public enum ValueType {
    /** IEEE 754 binary32. */
    FLOAT32(Float.BYTES) {
        @Override
        public double round(double value) {
            return (float) value;
        }

        @Override
        double get(ByteBuffer bytes, int index) {
            return bytes.getFloat(index * Float.BYTES);
        }

        @Override
        void put(ByteBuffer bytes, int index, double value) {
            bytes.putFloat(index * Float.BYTES, (float) value);
        }
    },
    /** IEEE 754 binary64. */
    FLOAT64(Double.BYTES) {
        @Override
        public double round(double value) {
            return value;
        }

        @Override
        double get(ByteBuffer bytes, int index) {
            return bytes.getDouble(index * Double.BYTES);
        }

        @Override
        void put(ByteBuffer bytes, int index, double value) {
            bytes.putDouble(index * Double.BYTES, value);
        }
    },
    /** IEEE 754 binary16. */
    FLOAT16(Short.BYTES) {
        @Override
        public double round(double value) {
            return SmallFloats.half(SmallFloats.toHalf((float) value));
        }

        @Override
        double get(ByteBuffer bytes, int index) {
            return SmallFloats.half(bytes.getShort(index * Short.BYTES));
        }

        @Override
        void put(ByteBuffer bytes, int index, double value) {
            bytes.putShort(index * Short.BYTES, SmallFloats.toHalf((float) value));
        }
    },
    /** The upper half of a binary32. */
    BFLOAT16(Short.BYTES) {
        @Override
        public double round(double value) {
            return SmallFloats.brain(SmallFloats.toBrain((float) value));
        }

        @Override
        double get(ByteBuffer bytes, int index) {
            return SmallFloats.brain(bytes.getShort(index * Short.BYTES));
        }

        @Override
        void put(ByteBuffer bytes, int index, double value) {
            bytes.putShort(index * Short.BYTES, SmallFloats.toBrain((float) value));
        }
    };

    private final int bytes;

    ValueType(int bytes) {
        this.bytes = bytes;
    }

    /** {@return the size of a number in bytes: 2, 4 or 8} */
    public int bytes() {
        return bytes;
    }

    /**
     * The number of this type that stands for a level: the value rounded once to float32 and, for the two small types,
     * from there once more; to nearest, ties to even. A float64 number stays as it is.
     *
     * @param value any number
     * @return the number, which this type represents exactly
     */
    public abstract double round(double value);

    /** The number at an index of little-endian bytes. */
    abstract double get(ByteBuffer bytes, int index);

    /** Puts a number at an index of little-endian bytes. */
    abstract void put(ByteBuffer bytes, int index, double value);
}
