package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Stage;

/**
 * What the passes need to know of each channel of a parameter. Where channels change from element to element, the numbers
 * continue from the start behind the last channel for the length of a block, so that any block is one piece of them. The
 * arrays are kept from call to call, and grow with the largest number of channels.
 */
final class ChannelTables {

    /** What turns a weight into half cells on evenly spaced levels, into unit scale on others. */
    double[] inverse = {};
    /** The inverse of {@link #inverse}, in units of v. */
    double[] half = {};

    double[] low = {};
    double[] high = {};
    /** What a velocity in units of the cell is multiplied by. */
    double[] unit = {};

    int count;
    long stride;

    void set(SkewRule rule, ScaledGrid grid) {
        count = grid.channels().count();
        // A single channel is one run without end.
        stride = count == 1 ? Long.MAX_VALUE / 2 : grid.channels().stride();
        int length = stride == 1 && count > 1 ? count + BlockKernel.BLOCK : count;
        if (inverse.length < length) {
            inverse = new double[length];
            half = new double[length];
            low = new double[length];
            high = new double[length];
            unit = new double[length];
        }
        boolean step = rule.stage() == Stage.STEP;
        for (int c = 0; c < count; c++) {
            unit[c] = rule.unit(grid, c);
            double size = grid.grid().isUniform() ? SkewRule.meanHalfCell(grid, c) : grid.scale(c);
            inverse[c] = 1 / size;
            half[c] = step ? size : size / (rule.gamma() * unit[c]);
            low[c] = rule.low(grid, c);
            high[c] = rule.high(grid, c);
        }
        for (int c = count; c < length; c++) {
            unit[c] = unit[c - count];
            inverse[c] = inverse[c - count];
            half[c] = half[c - count];
            low[c] = low[c - count];
            high[c] = high[c - count];
        }
    }

    /**
     * The psi that rounding a level to a precision of {@code ulp} can show: below it a weight counts as on its level.
     *
     * @param ulp relative distance of neighbouring numbers
     */
    static double rounding(Grid grid, double ulp) {
        double largest = 0;
        for (int i = 1; i < grid.size(); i++) {
            double half = 0.5 * (grid.level(i) - grid.level(i - 1));
            double magnitude = Math.max(Math.abs(grid.level(i)), Math.abs(grid.level(i - 1)));
            largest = Math.max(largest, magnitude / half);
        }
        double u = 4 * ulp * largest;
        return Math.min(0x1p-10, u * u);
    }
}
