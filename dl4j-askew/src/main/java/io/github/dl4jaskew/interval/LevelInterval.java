package io.github.dl4jaskew.interval;

import java.util.ArrayList;
import java.util.List;

/**
 * The interval around one level in which weights move freely, in the positions of {@link CellHistogram}: level i is at
 * position i. It reaches {@code (1 - tau) / 2} into each neighbouring cell, and not beyond the hull.
 *
 * @param level position of the level
 * @param lower lower edge
 * @param upper upper edge
 */
public record LevelInterval(int level, double lower, double upper) {

    /**
     * The intervals of all levels.
     *
     * @param levels number of levels K, at least 2
     * @param epsilon width of the intervals, in [0, 1]
     * @return K intervals; they touch each other at eps = 1 and are points at eps = 0
     * @throws IllegalArgumentException if epsilon is out of range or NaN
     */
    public static List<LevelInterval> of(int levels, double epsilon) {
        double reach = 0.5 * (1 - Interval.tau(epsilon));
        List<LevelInterval> intervals = new ArrayList<>();
        for (int i = 0; i < levels; i++) {
            intervals.add(new LevelInterval(i, Math.max(0, i - reach), Math.min(levels - 1, i + reach)));
        }
        return intervals;
    }
}
