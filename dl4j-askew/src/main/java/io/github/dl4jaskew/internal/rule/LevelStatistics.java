package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.grid.Weights;
import io.github.dl4jaskew.interval.CellHistogram;
import io.github.dl4jaskew.interval.Interval;
import org.jspecify.annotations.Nullable;

/**
 * Counts, in one pass over the weights of a parameter, how far they are from the grid and how many have another nearest
 * level than the last time. It remembers a byte for each weight. Not thread safe.
 */
public final class LevelStatistics {

    /** What counts as rounding of a level to float32 on any grid: in a cell coordinate, and in psi next to a level. */
    private static final double COORDINATE_ROUNDING = 2e-5;

    private static final double PSI_ROUNDING = 1e-9;

    private static final double FLOAT_ULP = 0x1p-23;

    private final byte @Nullable [] codes;
    private @Nullable CellBins bins;
    private boolean counted;
    private double highestPsi;
    private double endCoordinate;
    private double lowestCoordinate;
    private double highestCoordinate;
    private boolean restoring;

    private long infeasible;
    private double sum;
    private double largest;
    private long flips;

    /**
     * A census that has not been taken yet.
     *
     * @param weights number of weights, at most 2^31 - 9
     */
    public LevelStatistics(long weights) {
        this(new byte[Math.toIntExact(weights)]);
    }

    private LevelStatistics(byte @Nullable [] codes) {
        this.codes = codes;
    }

    /** The distances alone. */
    static Distances distances(ScaledGrid grid, Weights weights, double epsilon, double overhang) {
        return new LevelStatistics(null).take(grid, weights, epsilon, overhang);
    }

    /**
     * Counts, with the hull closed.
     *
     * @param grid the levels
     * @param weights as many finite weights as this census has been made for
     * @param epsilon width of the intervals, in [0, 1]
     * @return their distances from the grid
     */
    public Distances take(ScaledGrid grid, Weights weights, double epsilon) {
        return take(grid, weights, epsilon, 0);
    }

    /**
     * Counts.
     *
     * @param grid the levels
     * @param weights as many finite weights as this census has been made for
     * @param epsilon width of the intervals, in [0, 1]
     * @param overhang how far weights may be beyond the hull, in mean half cells; at least 0, may be infinite
     * @return their distances from the grid
     */
    public Distances take(ScaledGrid grid, Weights weights, double epsilon, double overhang) {
        bins = null;
        return count(grid, weights, epsilon, overhang);
    }

    /**
     * Counts, with the hull closed, and sorts the weights into a histogram in the same pass.
     *
     * @param grid the levels
     * @param weights as many finite weights as this census has been made for
     * @param epsilon width of the intervals, in [0, 1]
     * @return their distances from the grid; {@link #histogram} has the rest
     */
    public Distances takeWithHistogram(ScaledGrid grid, Weights weights, double epsilon) {
        return takeWithHistogram(grid, weights, epsilon, 0);
    }

    /**
     * Counts, and sorts the weights into a histogram in the same pass.
     *
     * @param grid the levels
     * @param weights as many finite weights as this census has been made for
     * @param epsilon width of the intervals, in [0, 1]
     * @param overhang how far weights may be beyond the hull, in mean half cells; at least 0, may be infinite
     * @return their distances from the grid; {@link #histogram} has the rest
     */
    public Distances takeWithHistogram(ScaledGrid grid, Weights weights, double epsilon, double overhang) {
        bins = new CellBins(grid.grid().size());
        return count(grid, weights, epsilon, overhang);
    }

    /** {@return the bins of the last count's histogram, or null if it was counted without} */
    public @Nullable CellHistogram histogram() {
        return bins == null ? null : bins.histogram();
    }

    private Distances count(ScaledGrid grid, Weights weights, double epsilon, double overhang) {
        infeasible = 0;
        sum = 0;
        largest = 0;
        // Where the rule no longer moves a weight, it is feasible.
        double ofLevels = ChannelTables.rounding(grid.grid(), FLOAT_ULP);
        double rounding = Math.max(PSI_ROUNDING, ofLevels);
        // At the border psi has the slope 4 tau sqrt(eps).
        highestPsi = Math.max(epsilon + PSI_ROUNDING + Math.sqrt(epsilon * ofLevels), rounding);
        endCoordinate = 1 + Math.max(COORDINATE_ROUNDING, 0.5 * Math.sqrt(rounding));
        lowestCoordinate = -endCoordinate - overhang * perEndCell(grid.grid(), 0);
        highestCoordinate =
                endCoordinate + overhang * perEndCell(grid.grid(), grid.grid().size() - 2);
        // At eps 1 the rule draws nothing back, and within the open hull psi has no bound.
        restoring = epsilon < 1;
        long changed = 0;
        long size = weights.size();
        for (long first = 0; first < size; ) {
            long end = Math.min(size, grid.channels().runEnd(first));
            double scale = grid.scale(grid.channels().of(first));
            changed += grid.grid().isUniform()
                    ? onEvenLevels(grid.grid(), scale, weights, first, end)
                    : onUnevenLevels(grid.grid(), scale, weights, first, end);
            first = end;
        }
        flips = counted ? changed : -1;
        counted = true;
        return new Distances(size, infeasible, sum, largest);
    }

    /**
     * {@return the number of weights whose nearest level has changed between the last two counts; -1 after the first
     * count}
     */
    public long flips() {
        return flips;
    }

    private long onEvenLevels(Grid grid, double scale, Weights weights, long first, long end) {
        int top = grid.size() - 1;
        double low = scale * grid.level(0);
        double perWeight = top / (scale * grid.level(top) - low);
        long changed = 0;
        for (long i = first; i < end; i++) {
            double position = (weights.at(i) - low) * perWeight;
            int cell = Math.max(0, Math.min(top - 1, (int) position));
            double t = 2 * (position - cell) - 1;
            count(cell, t);
            changed += change(i, t >= 0 ? cell + 1 : cell);
        }
        return changed;
    }

    private long onUnevenLevels(Grid grid, double scale, Weights weights, long first, long end) {
        long changed = 0;
        for (long i = first; i < end; i++) {
            double x = weights.at(i) / scale;
            int cell = grid.cell(x);
            double low = grid.level(cell);
            double t = 2 * (x - low) / (grid.level(cell + 1) - low) - 1;
            count(cell, t);
            changed += change(i, t >= 0 ? cell + 1 : cell);
        }
        return changed;
    }

    /** The mean half cell in units of the half cell at an end of the hull. */
    private static double perEndCell(Grid grid, int cell) {
        int cells = grid.size() - 1;
        return (grid.level(cells) - grid.level(0)) / (cells * (grid.level(cell + 1) - grid.level(cell)));
    }

    private void count(int cell, double t) {
        double a = Math.abs(t);
        double distance = Math.abs(1 - a);
        sum += distance;
        largest = Math.max(largest, distance);
        double psi = Interval.psi(a <= endCoordinate ? Math.min(a, 1) : a);
        if (t > highestCoordinate || t < lowestCoordinate || (restoring && psi > highestPsi)) {
            infeasible++;
        }
        if (bins != null) {
            bins.add(cell, t);
        }
    }

    private int change(long i, int code) {
        if (codes == null || codes[(int) i] == (byte) code) {
            return 0;
        }
        codes[(int) i] = (byte) code;
        return 1;
    }
}
