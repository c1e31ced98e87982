package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Stage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rule on memory that the host can address. A block is copied into Java arrays, passes over it compute the rule, and
 * it is copied back if anything has changed. Subclasses hold the arrays, for float and for double.
 *
 * <p>The passes are called through an interface with many implementations: that keeps HotSpot from inlining them into
 * one method, where it would no longer vectorize their loops. A kernel belongs to one thread at a time.
 */
abstract class BlockKernel {

    /** Elements of a block: the arrays of a float kernel stay in the first-level cache. */
    static final int BLOCK = 1024;

    /** Elements that are opened at once, and that threads share a parameter in. */
    static final int SPAN = 64 * BLOCK;

    /** A rule without constraint, for what needs no more than the ends of the hull. */
    private static final SkewRule HULL = SkewRule.step(1, 0, 1);

    /** One loop over a block. */
    @FunctionalInterface
    private interface Pass {
        void run(BlockKernel kernel, int n);
    }

    private static final Pass[] MULTIPLY = {BlockKernel::multiply};
    private static final Pass[] LOCATE_IN_ONE_CELL = {BlockKernel::locateInOneCell};
    private static final Pass[] LOCATE_IN_EVEN_CELLS = {BlockKernel::locateInEvenCells};
    private static final Pass[] LOCATE_IN_BUCKETS = {
        BlockKernel::bucket, BlockKernel::locateInBuckets, BlockKernel::multiplyHalf
    };
    private static final Pass[] LOCATE_STEPWISE = {
        BlockKernel::bucket, BlockKernel::locateStepwise, BlockKernel::multiplyHalf
    };
    private static final Pass[] VIOLATE = {BlockKernel::violate};
    private static final Pass[] SKEW = {BlockKernel::restore, BlockKernel::choose, BlockKernel::compare};
    private static final Pass[] SKEW_AND_CLIP = {
        BlockKernel::restore, BlockKernel::choose, BlockKernel::clipChosen, BlockKernel::compare
    };
    private static final Pass[] CLIP = {BlockKernel::clip, BlockKernel::compare};
    private static final Pass[] CLAMP = {BlockKernel::clamp, BlockKernel::compare};
    private static final Pass[] SCALE = {BlockKernel::scale, BlockKernel::compare};
    private static final Pass[] KEEP = {BlockKernel::keep, BlockKernel::compare};

    private @Nullable SkewRule preparedRule;
    private @Nullable ScaledGrid preparedGrid;
    final ChannelTables channels = new ChannelTables();
    double epsilon;
    double rho;
    double limit;
    /** The middle of the hull in half cells, and the numbers of the end cells counted from there. */
    double middle;

    int lowestCell;
    int highestCell;

    @Nullable
    CellTable table;

    /** Applies the rule to the elements {@code from <= i < to}, where {@code from} is a multiple of the span. */
    final void skew(SkewRule rule, ScaledGrid grid, INDArray weights, INDArray velocity, long from, long to) {
        prepareOnce(rule, grid);
        boolean step = rule.stage() == Stage.STEP;
        boolean scaled = step && rule.cellPower() > 0;
        boolean skews = rule.epsilon() < 1 && (step || rule.gamma() > 0);
        Pass[] locate = locating(grid.grid());
        for (long start = from; start < to; start += SPAN) {
            int size = (int) Math.min(SPAN, to - start);
            open(weights, velocity, start);
            boolean free = true;
            for (int at = 0; at < size; at += BLOCK) {
                int n = Math.min(BLOCK, size - at);
                load(at, n);
                spreadChannels(start + at, n);
                if (scaled) {
                    run(MULTIPLY, n);
                }
                if (skews) {
                    run(locate, n);
                    // Where all weights of a block are free, those of the next one are likely to be.
                    if (free) {
                        run(VIOLATE, n);
                        free = sumOfViolations(n) == 0;
                    }
                }
                boolean skew = skews && !free;
                run(skew ? (step ? SKEW_AND_CLIP : SKEW) : (step ? CLIP : KEEP), n);
                double change = sumOfChanges(n);
                if (!(change < Double.POSITIVE_INFINITY)) {
                    load(at, n);
                    recompute(rule, grid, start + at, n);
                    change = 1;
                }
                if (change > 0 || scaled) {
                    store(at, n);
                }
            }
        }
    }

    /**
     * Moves the weights {@code from <= i < to} beyond the hull to its ends.
     *
     * @throws NotFiniteException if a weight is not finite
     */
    final void clip(ScaledGrid grid, INDArray weights, long from, long to) {
        transform(HULL, CLAMP, "weight", grid, weights, from, to);
    }

    /** Multiplies the velocities {@code from <= i < to} by the unit of a rule in their channel. */
    final void multiply(SkewRule units, ScaledGrid grid, INDArray velocity, long from, long to) {
        transform(units, SCALE, "update", grid, velocity, from, to);
    }

    private void transform(
            SkewRule rule, Pass[] passes, String what, ScaledGrid grid, INDArray array, long from, long to) {
        prepareOnce(rule, grid);
        for (long start = from; start < to; start += SPAN) {
            int size = (int) Math.min(SPAN, to - start);
            open(array, array, start);
            for (int at = 0; at < size; at += BLOCK) {
                int n = Math.min(BLOCK, size - at);
                load(at, n);
                spreadChannels(start + at, n);
                run(passes, n);
                double change = sumOfChanges(n);
                if (!(change < Double.POSITIVE_INFINITY)) {
                    for (int i = 0; i < n; i++) {
                        NotFiniteException.require(what, start + at + i, weight(i));
                    }
                }
                if (change != 0) {
                    store(at, n);
                }
            }
        }
    }

    private void run(Pass[] passes, int n) {
        for (Pass pass : passes) {
            pass.run(this, n);
        }
    }

    /** A parameter comes in spans, and its channels may be many. */
    private void prepareOnce(SkewRule rule, ScaledGrid grid) {
        if (!Objects.equals(rule, preparedRule) || !Objects.equals(grid, preparedGrid)) {
            prepare(rule, grid);
        }
    }

    private void prepare(SkewRule rule, ScaledGrid grid) {
        preparedRule = rule;
        preparedGrid = grid;
        channels.set(rule, grid);
        epsilon = Math.max(rule.epsilon(), ChannelTables.rounding(grid.grid(), ulp()));
        rho = rule.rho();
        limit = rule.maxStep();
        int cells = grid.grid().size() - 1;
        double half = (grid.grid().level(cells) - grid.grid().level(0)) / (2 * cells);
        middle = 0.5 * (grid.grid().level(cells) + grid.grid().level(0)) / half;
        // Of an even number of cells, the one above the middle has the number 0.
        middle += cells % 2 == 0 ? 1 : 0;
        lowestCell = -(cells / 2);
        highestCell = (cells - 1) / 2;
        table = grid.grid().isUniform() ? null : table(grid.grid());
        if (channels.count == 1) {
            spread(0, BLOCK);
        }
    }

    /** The numbers of a single channel have been spread for all blocks. */
    private void spreadChannels(long first, int n) {
        if (channels.count > 1) {
            spread(first, n);
        }
    }

    private Pass[] locating(Grid grid) {
        if (table != null) {
            return table.severalEdges() ? LOCATE_STEPWISE : LOCATE_IN_BUCKETS;
        }
        return grid.size() == 2 ? LOCATE_IN_ONE_CELL : LOCATE_IN_EVEN_CELLS;
    }

    /** Names a number that is not finite; if there is none, a pass has overflowed, and the scalar rule does the block. */
    private void recompute(SkewRule rule, ScaledGrid grid, long first, int n) {
        for (int i = 0; i < n; i++) {
            NotFiniteException.require("weight", first + i, weight(i));
        }
        for (int i = 0; i < n; i++) {
            NotFiniteException.require(rule.stage() == Stage.STEP ? "update" : "gradient", first + i, velocity(i));
        }
        SkewRule same = new SkewRule(
                epsilon, rule.rho(), rule.maxStep(), rule.stage(), rule.gamma(), rule.cellPower(), rule.overhang());
        for (int i = 0; i < n; i++) {
            setResult(i, same.apply(grid, grid.channels().of(first + i), weight(i), velocity(i)));
        }
    }

    /** Distance of the number after 1 from 1. */
    abstract double ulp();

    abstract CellTable table(Grid grid);

    abstract void open(INDArray weights, INDArray velocity, long first);

    abstract void load(int at, int n);

    abstract void store(int at, int n);

    /** Fills the arrays of the channels' numbers for the elements from {@code first}. */
    abstract void spread(long first, int n);

    abstract double weight(int i);

    abstract double velocity(int i);

    /** Sets what is left of a velocity; beyond the type's largest number, that number. */
    abstract void setResult(int i, double value);

    abstract void multiply(int n);

    abstract void locateInOneCell(int n);

    abstract void locateInEvenCells(int n);

    abstract void bucket(int n);

    abstract void locateInBuckets(int n);

    abstract void locateStepwise(int n);

    abstract void multiplyHalf(int n);

    abstract void violate(int n);

    abstract void restore(int n);

    abstract void choose(int n);

    abstract void clipChosen(int n);

    abstract void clip(int n);

    abstract void keep(int n);

    abstract void clamp(int n);

    abstract void scale(int n);

    abstract void compare(int n);

    abstract double sumOfViolations(int n);

    abstract double sumOfChanges(int n);
}
