package io.github.dl4jaskew.export;

import io.github.dl4jaskew.grid.Grid;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Levels as multiples of one step.
 *
 * @param step the distance that counts as 1, at unit scale
 * @param values the multiple of each code, -127 to 127
 */
record IntegerLevels(double step, List<Integer> values) {

    private static final int MOST = 127;
    private static final double TOLERANCE = 1e-9;

    /** The multiples with the largest step, or null if none has 127 at most on a side. */
    static @Nullable IntegerLevels of(Grid grid) {
        double[] levels = grid.levels();
        for (int most = 1; most <= MOST; most++) {
            double step = grid.maxMagnitude() / most;
            if (Arrays.stream(levels).allMatch(level -> isInteger(level / step))) {
                return new IntegerLevels(
                        step,
                        Arrays.stream(levels)
                                .mapToObj(level -> (int) Math.rint(level / step))
                                .toList());
            }
        }
        return null;
    }

    private static boolean isInteger(double x) {
        return Math.abs(x - Math.rint(x)) <= TOLERANCE;
    }

    /** The width of the smallest of ONNX' integers that holds the values: 2, 4 or 8 bits. */
    int bits() {
        int most = values.stream().mapToInt(Math::abs).max().orElseThrow();
        return most <= 1 ? 2 : most <= 7 ? 4 : 8;
    }
}
