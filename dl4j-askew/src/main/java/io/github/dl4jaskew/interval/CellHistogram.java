package io.github.dl4jaskew.interval;

import java.util.Arrays;

/**
 * Where the weights of one parameter lie between the levels of its grid. The position of a weight is {@code cell + (t +
 * 1) / 2}, with t its cell coordinate: 0 on the lowest level, 1 on the next, K - 1 on the highest, whatever the widths of
 * the cells and the scales of the channels.
 *
 * <p>Bins are evenly spaced and centred on the levels, so that weights on a level are in one bin: bin i has its centre at
 * {@code i / binsPerCell - 1/2}, and there are {@code K binsPerCell + 1} of them. The first and the last also hold what
 * lies beyond. Immutable and thread safe, with value equality.
 */
public final class CellHistogram {

    private static final int MOST_PER_CELL = 64;
    private static final int MOST = 512;

    private final int binsPerCell;
    private final long[] counts;

    /**
     * A histogram that was counted before.
     *
     * @param binsPerCell an even number, 2 to 64
     * @param counts weights in each bin, none negative
     * @throws IllegalArgumentException if a number is out of range, or the bins are not those of 2 to 256 levels
     */
    public CellHistogram(int binsPerCell, long[] counts) {
        if (binsPerCell < 2 || binsPerCell > MOST_PER_CELL || binsPerCell % 2 != 0) {
            throw new IllegalArgumentException(
                    "binsPerCell is " + binsPerCell + "; allowed are even numbers from 2 to " + MOST_PER_CELL);
        }
        int levels = (counts.length - 1) / binsPerCell;
        if (counts.length % binsPerCell != 1 || levels < 2 || levels > 256) {
            throw new IllegalArgumentException(
                    counts.length + " bins of " + binsPerCell + " for a cell are not those of 2 to 256 levels");
        }
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] < 0) {
                throw new IllegalArgumentException("bin " + i + " holds " + counts[i] + " weights");
            }
        }
        this.binsPerCell = binsPerCell;
        this.counts = counts.clone();
    }

    /**
     * The bins of a cell that keep their number at about 512.
     *
     * @param levels number of levels, 2 to 256
     * @return an even number, 2 to 64
     */
    public static int binsPerCell(int levels) {
        return Math.max(2, Math.min(MOST_PER_CELL, MOST / levels / 2 * 2));
    }

    /** {@return the bins of a cell, an even number, 2 to 64} */
    public int binsPerCell() {
        return binsPerCell;
    }

    /** {@return the number of levels K, 2 to 256} */
    public int levels() {
        return (counts.length - 1) / binsPerCell;
    }

    /** {@return a copy of the number of weights in each bin, {@code K binsPerCell + 1} numbers} */
    public long[] counts() {
        return counts.clone();
    }

    /** {@return the number of weights in all bins} */
    public long weights() {
        return Arrays.stream(counts).sum();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CellHistogram that
                && binsPerCell == that.binsPerCell
                && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * binsPerCell + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return weights() + " weights in " + counts.length + " bins of " + levels() + " levels";
    }
}
