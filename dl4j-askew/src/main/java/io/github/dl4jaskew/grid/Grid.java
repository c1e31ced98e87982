package io.github.dl4jaskew.grid;

import java.io.Serializable;
import java.util.Arrays;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The levels {@code c_1 < ... < c_K} that a quantized weight may take, before a {@link Scale} is
 * applied. A level's code is its index, {@code 0 .. K-1}; a code takes {@link #bits()} bits.
 *
 * <p>Two neighbouring levels {@code [a, b]} bound a cell; {@code K} levels have {@code K - 1} cells.
 * Immutable, thread safe, with value equality; survives JSON.
 *
 * @serial exclude
 */
public final class Grid implements Serializable {

    private static final long serialVersionUID = 1L;

    /** The most levels that a code of 8 bits can name. */
    static final int MAX_LEVELS = 256;

    private static final int MAX_POWER_BITS = 6;

    private final double[] levels;
    private final boolean uniform;

    private Grid(double[] levels) {
        this.levels = levels;
        this.uniform = evenlySpaced(levels);
    }

    /** {@return the 1-bit grid with levels {@code -1, +1}} */
    public static Grid binary() {
        return new Grid(new double[] {-1, 1});
    }

    /** {@return the 2-bit grid with the three levels {@code -1, 0, +1}} */
    public static Grid ternary() {
        return new Grid(new double[] {-1, 0, 1});
    }

    /**
     * {@code 2^bits} evenly spaced levels from -1 to +1, symmetric about zero: {@code c_i = (2i -
     * (2^bits - 1)) / (2^bits - 1)}, {@code i = 0 .. 2^bits - 1}. Zero itself is not a level. One bit is
     * {@link #binary()}.
     *
     * @param bits the code's width, 1 to 8
     * @return the grid
     * @throws IllegalArgumentException if {@code bits} is out of range
     */
    public static Grid uniform(int bits) {
        requireBits(bits, 1, 8);
        int last = (1 << bits) - 1;
        double[] levels = new double[last + 1];
        for (int i = 0; i <= last; i++) {
            levels[i] = (2.0 * i - last) / last;
        }
        return new Grid(levels);
    }

    /**
     * Zero and signed powers of two: {@code {0} and {+-2^-k : k = 0 .. 2^(bits-1) - 2}}, which is {@code
     * 2^bits - 1} levels from -1 to +1. Two bits are {@link #ternary()}.
     *
     * @param bits the code's width, 2 to 6: beyond that the smallest levels are lost in float32
     * @return the grid
     * @throws IllegalArgumentException if {@code bits} is out of range
     */
    public static Grid powersOfTwo(int bits) {
        requireBits(bits, 2, MAX_POWER_BITS);
        int powers = (1 << (bits - 1)) - 1;
        double[] levels = new double[2 * powers + 1];
        for (int k = 0; k < powers; k++) {
            double power = Math.scalb(1.0, -k);
            levels[k] = -power;
            levels[levels.length - 1 - k] = power;
        }
        return new Grid(levels);
    }

    /**
     * Any set of levels.
     *
     * @param levels 2 to 256 finite values in strictly ascending order
     * @return the grid
     * @throws IllegalArgumentException if a level is not finite, or the levels are not strictly
     *     ascending, or there are too few or too many
     */
    @JsonCreator
    public static Grid of(@JsonProperty("levels") double... levels) {
        if (levels.length < 2 || levels.length > MAX_LEVELS) {
            throw new IllegalArgumentException(
                    "a grid has 2 to " + MAX_LEVELS + " levels, but " + levels.length + " were given");
        }
        for (int i = 0; i < levels.length; i++) {
            if (!Double.isFinite(levels[i])) {
                throw new IllegalArgumentException("level " + i + " is " + levels[i] + "; levels are finite");
            }
            if (i > 0 && !(levels[i] > levels[i - 1])) {
                throw new IllegalArgumentException("levels are strictly ascending, but level " + i + " is " + levels[i]
                        + " after " + levels[i - 1]);
            }
        }
        return new Grid(levels.clone());
    }

    /** {@return the number of levels {@code K}, 2 to 256} */
    public int size() {
        return levels.length;
    }

    /** {@return the bit-width of a code, {@code ceil(log2 K)}: 1 to 8} */
    public int bits() {
        return Integer.SIZE - Integer.numberOfLeadingZeros(levels.length - 1);
    }

    /**
     * One level at unit scale.
     *
     * @param code index of the level, 0 to {@code size() - 1}
     * @return the level
     */
    public double level(int code) {
        return levels[code];
    }

    /** {@return a copy of all levels at unit scale, ascending} */
    @JsonProperty("levels")
    public double[] levels() {
        return levels.clone();
    }

    /** {@return the largest magnitude of a level, {@code max(|c_1|, |c_K|)}} */
    public double maxMagnitude() {
        return Math.max(Math.abs(levels[0]), Math.abs(levels[levels.length - 1]));
    }

    /**
     * {@return whether all cells are equally wide (to within rounding), as in binary, ternary and uniform grids, so
     * that a cell is found by arithmetic instead of search}
     */
    public boolean isUniform() {
        return uniform;
    }

    /**
     * The code of the level nearest to {@code x}; halfway between two levels, the upper one. Beyond
     * the ends, the end level.
     *
     * @param x a finite value at unit scale
     * @return the code, 0 to {@code size() - 1}
     */
    public int nearest(double x) {
        int cell = cell(x);
        double middle = 0.5 * (levels[cell] + levels[cell + 1]);
        return x < middle ? cell : cell + 1;
    }

    /**
     * The cell that holds {@code x}: the largest {@code i} with {@code c_i <= x}, limited to existing
     * cells. A value on an inner level belongs to the cell above it.
     *
     * @param x a finite value at unit scale
     * @return index of the cell's lower level, 0 to {@code size() - 2}
     */
    public int cell(double x) {
        int low = 0;
        int high = levels.length - 1;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (levels[middle] <= x) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static boolean evenlySpaced(double[] levels) {
        double first = levels[0];
        double spacing = (levels[levels.length - 1] - first) / (levels.length - 1);
        for (int i = 1; i < levels.length; i++) {
            if (Math.abs(levels[i] - (first + i * spacing)) > 1e-12 * spacing) {
                return false;
            }
        }
        return true;
    }

    private static void requireBits(int bits, int low, int high) {
        if (bits < low || bits > high) {
            throw new IllegalArgumentException("bits is " + bits + "; allowed are " + low + " to " + high);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Grid that && Arrays.equals(levels, that.levels);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(levels);
    }

    /** The grid's usual name, or its levels if it has none. */
    @Override
    public String toString() {
        if (equals(binary())) {
            return "binary";
        }
        if (equals(ternary())) {
            return "ternary";
        }
        if (levels.length == 1 << bits() && equals(uniform(bits()))) {
            return "uniform(" + bits() + ")";
        }
        if (bits() >= 2 && bits() <= MAX_POWER_BITS && equals(powersOfTwo(bits()))) {
            return "powersOfTwo(" + bits() + ")";
        }
        return levels.length <= 8 ? Arrays.toString(levels) : "levels(" + levels.length + ")";
    }
}
