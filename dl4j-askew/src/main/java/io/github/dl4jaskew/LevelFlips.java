package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.grid.Weights;

/** Counts the weights of one parameter whose nearest level has changed since the last count. */
final class LevelFlips {

    private final byte[] codes;
    private boolean counted;

    LevelFlips(long weights) {
        codes = new byte[Math.toIntExact(weights)];
    }

    /** The number of changes, or -1 the first time. */
    long count(ScaledGrid grid, Weights weights) {
        long flips = 0;
        for (int i = 0; i < codes.length; i++) {
            byte code = (byte) grid.code(grid.channels().of(i), weights.at(i));
            if (code != codes[i]) {
                flips++;
                codes[i] = code;
            }
        }
        if (!counted) {
            counted = true;
            return -1;
        }
        return flips;
    }
}
