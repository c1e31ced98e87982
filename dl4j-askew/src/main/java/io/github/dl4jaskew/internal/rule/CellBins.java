package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.interval.CellHistogram;

/** Counts weights into the bins of a {@link CellHistogram}. */
final class CellBins {

    private final int perCell;
    private final int[] counts;

    /** Empty bins for so many levels and at most 2^31 - 1 weights. */
    CellBins(int levels) {
        perCell = CellHistogram.binsPerCell(levels);
        counts = new int[levels * perCell + 1];
    }

    /** Adds a weight at coordinate t of a cell; any finite t. */
    void add(int cell, double t) {
        // Half a bin, and half a cell before the first level, so that levels are the centres of bins.
        double bin = (cell + 0.5 * t + 1) * perCell + 0.5;
        counts[(int) Math.max(0, Math.min(counts.length - 1, bin))]++;
    }

    CellHistogram histogram() {
        long[] wide = new long[counts.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = counts[i];
        }
        return new CellHistogram(perCell, wide);
    }
}
