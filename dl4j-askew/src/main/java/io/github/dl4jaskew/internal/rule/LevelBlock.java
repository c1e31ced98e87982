package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A block of weights with their nearest levels and cells, computed in double. Levels are those of the number type that the
 * weights come from. A block belongs to one thread at a time.
 */
final class LevelBlock {

    static final int SIZE = 1024;

    /** Up to here comparing with all middles of an uneven grid beats a search, whose branches are taken at random. */
    private static final int FEW = 32;

    private static final double ULP_OF_UNIFORM = 0x1p-53;

    /** What becomes of {@code n} weights, the first of which is element {@code first}: from {@code w} to {@code result}. */
    @FunctionalInterface
    interface Formula {
        void apply(LevelBlock block, int n, long first);
    }

    private final double[] w = new double[SIZE];
    /** What is to be written over. */
    private final double[] v = new double[SIZE];

    private final double[] result = new double[SIZE];
    private final int[] codes = new int[SIZE];
    private final double[] nearest = new double[SIZE];
    private final double[] lower = new double[SIZE];
    private final double[] upper = new double[SIZE];

    private @Nullable ScaledGrid grid;
    private boolean single;
    private boolean even;
    private int top;
    private double[] middles = {};
    /** All levels of all channels. */
    private double[] levels = {};

    private double[] scales = {};
    private double lowest;
    private double cellsPerUnit;

    /** Sets the grid, whose levels are rounded to float if {@code inFloat}. */
    LevelBlock on(ScaledGrid newGrid, boolean inFloat) {
        if (!Objects.equals(newGrid, grid) || single != inFloat) {
            prepare(newGrid, inFloat);
        }
        return this;
    }

    private void prepare(ScaledGrid newGrid, boolean inFloat) {
        Grid unit = newGrid.grid();
        grid = newGrid;
        single = inFloat;
        even = unit.isUniform();
        top = unit.size() - 1;
        lowest = unit.level(0);
        cellsPerUnit = top / (unit.level(top) - lowest);
        middles = new double[top];
        for (int i = 0; i < top; i++) {
            middles[i] = 0.5 * (unit.level(i) + unit.level(i + 1));
        }
        scales = newGrid.scales();
        levels = new double[scales.length * (top + 1)];
        for (int c = 0; c < scales.length; c++) {
            for (int i = 0; i <= top; i++) {
                double level = newGrid.level(c, i);
                levels[c * (top + 1) + i] = inFloat ? (float) level : level;
            }
        }
    }

    /** Applies a formula to the elements {@code from <= i < to} of weights and of what is written. */
    void run(Elements weights, Elements out, boolean readsOut, Formula formula, long from, long to) {
        for (long first = from; first < to; first += SIZE) {
            int n = (int) Math.min(SIZE, to - first);
            weights.read(first, w, n);
            requireFinite("weight", w, n, first);
            if (readsOut) {
                out.read(first, v, n);
            }
            formula.apply(this, n, first);
            out.write(first, result, n);
        }
    }

    private static void requireFinite(String what, double[] values, int n, long first) {
        boolean finite = true;
        for (int i = 0; i < n; i++) {
            finite &= Math.abs(values[i]) <= Double.MAX_VALUE;
        }
        for (int i = 0; !finite && i < n; i++) {
            NotFiniteException.require(what, first + i, values[i]);
        }
    }

    /** The nearest levels, which are the result. */
    void nearest(int n, long first) {
        locate(n, first, false);
        System.arraycopy(nearest, 0, result, 0, n);
    }

    void relax(int n, long first, double lambda) {
        locate(n, first, false);
        for (int i = 0; i < n; i++) {
            result[i] = LevelFormulas.relax(w[i], nearest[i], lambda);
        }
    }

    void sharpen(int n, long first, double inverseSlope) {
        if (inverseSlope == 0) {
            nearest(n, first);
            return;
        }
        locate(n, first, true);
        for (int i = 0; i < n; i++) {
            result[i] = LevelFormulas.sharpen(w[i], lower[i], upper[i], inverseSlope);
        }
    }

    void sample(int n, long first, long seed) {
        locate(n, first, true);
        for (int i = 0; i < n; i++) {
            result[i] = LevelFormulas.sample(w[i], lower[i], upper[i], uniform(seed, first + i));
        }
    }

    void adaptive(int n, long first, double mu, double alpha) {
        locate(n, first, true);
        for (int i = 0; i < n; i++) {
            double half = 0.5 * (upper[i] - lower[i]);
            double s = LevelFormulas.adaptive((w[i] - lower[i]) / half - 1, mu, alpha);
            // exactly a level at both ends
            result[i] = s == 1 ? upper[i] : s == -1 ? lower[i] : lower[i] + (1 + s) * half;
        }
    }

    /** Multiplies v by a function of the coordinate in the cell. */
    void scaleGradient(int n, long first, LevelMap.Slope slope) {
        requireFinite("gradient", v, n, first);
        locate(n, first, true);
        for (int i = 0; i < n; i++) {
            double t = (w[i] - lower[i]) / (0.5 * (upper[i] - lower[i])) - 1;
            result[i] = v[i] * slope.of(t, v[i]);
        }
    }

    /** Turns v into the update that ends in the soft threshold; the threshold is in mean half cells. */
    void thresholdUpdate(int n, long first, double threshold) {
        requireFinite("update", v, n, first);
        for (int i = 0; i < n; i++) {
            w[i] -= v[i];
        }
        locate(n, first, false);
        ScaledGrid g = Objects.requireNonNull(grid);
        for (int i = 0; i < n; ) {
            double size = threshold * SkewRule.meanHalfCell(g, g.channels().of(first + i));
            int end = (int) Math.min(n, g.channels().runEnd(first + i) - first);
            for (; i < end; i++) {
                result[i] = w[i] + v[i] - LevelFormulas.softThreshold(w[i], nearest[i], size);
            }
        }
    }

    /** Turns v into the update of {@link LevelMap#cross}; widths are those of the intervals, in half cells. */
    void crossUpdate(int n, long first, SkewRule rule, double widthBefore, double widthNow) {
        requireFinite("update", v, n, first);
        locate(n, first, false);
        System.arraycopy(w, 0, result, 0, n);
        ScaledGrid g = Objects.requireNonNull(grid);
        for (int i = 0; i < n; ) {
            int channel = g.channels().of(first + i);
            double lowest = rule.low(g, channel);
            double highest = rule.high(g, channel);
            int end = (int) Math.min(n, g.channels().runEnd(first + i) - first);
            for (; i < end; i++) {
                double q = nearest[i];
                int code = codes[i];
                double below = code == 0 ? Double.NEGATIVE_INFINITY : middles[code - 1] * scales[channel];
                double above = code == top ? Double.POSITIVE_INFINITY : middles[code] * scales[channel];
                double stretched = widthBefore == 0 ? q : q + (w[i] - q) / widthBefore;
                lower[i] = q;
                upper[i] = v[i];
                double y = Math.max(below, Math.min(above, stretched));
                w[i] = Math.max(lowest, Math.min(highest, y - v[i]));
            }
        }
        locate(n, first, false);
        for (int i = 0; i < n; i++) {
            // On the middle, a weight that is not pushed stays on its side.
            double q = upper[i] == 0 ? lower[i] : nearest[i];
            result[i] -= q + (w[i] - q) * widthNow;
        }
    }

    /** The weights with Gaussian noise. */
    void addNoise(int n, long first, double deviation, long seed) {
        ScaledGrid g = Objects.requireNonNull(grid);
        RandomGenerator random = new SplittableRandom(seed + first / SIZE);
        for (int i = 0; i < n; ) {
            double size = deviation * SkewRule.meanHalfCell(g, g.channels().of(first + i));
            int end = (int) Math.min(n, g.channels().runEnd(first + i) - first);
            for (; i < end; i++) {
                result[i] = w[i] + size * random.nextGaussian();
            }
        }
    }

    private void locate(int n, long first, boolean cells) {
        Channels channels = Objects.requireNonNull(grid).channels();
        for (int i = 0; i < n; ) {
            int channel = channels.of(first + i);
            int end = (int) Math.min(n, channels.runEnd(first + i) - first);
            locateRun(i, end, channel);
            if (cells) {
                boundRun(i, end, channel * (top + 1));
            }
            i = end;
        }
    }

    /**
     * Division and comparison are those of ScaledGrid.code, so that a weight next to a middle ends on the same side. Fields
     * are read once: the loops write arrays, and HotSpot would read them again for each element.
     */
    private void locateRun(int from, int to, int channel) {
        double scale = scales[channel];
        int base = channel * (top + 1);
        double[] edge = middles;
        int[] code = codes;
        if (even) {
            double low = lowest;
            double perUnit = cellsPerUnit;
            int last = top - 1;
            for (int i = from; i < to; i++) {
                double x = w[i] / scale;
                int guess = Math.max(0, Math.min(last, (int) ((x - low) * perUnit)));
                code[i] = x < edge[guess] ? guess : guess + 1;
            }
        } else {
            for (int i = from; i < to; i++) {
                code[i] = unevenCode(w[i] / scale, edge);
            }
        }
        double[] level = levels;
        for (int i = from; i < to; i++) {
            nearest[i] = level[base + code[i]];
        }
    }

    private int unevenCode(double x, double[] edge) {
        if (edge.length > FEW) {
            return Objects.requireNonNull(grid).grid().nearest(x);
        }
        int code = 0;
        for (double middle : edge) {
            code += x < middle ? 0 : 1;
        }
        return code;
    }

    /** The cell lies below the nearest level where the weight does, and never beyond the hull. */
    private void boundRun(int from, int to, int base) {
        for (int i = from; i < to; i++) {
            int cell = Math.max(0, Math.min(top - 1, codes[i] - (w[i] < nearest[i] ? 1 : 0)));
            lower[i] = levels[base + cell];
            upper[i] = levels[base + cell + 1];
        }
    }

    /** The generator of SplittableRandom, asked for its i-th number, as a number in [0, 1). */
    private static double uniform(long seed, long i) {
        long z = seed + (i + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return ((z ^ (z >>> 31)) >>> 11) * ULP_OF_UNIFORM;
    }
}
