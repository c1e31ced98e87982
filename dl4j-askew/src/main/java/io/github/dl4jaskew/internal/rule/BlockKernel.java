package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Stage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rule on memory that the host can address. A block is copied into Java arrays, passes over it compute the rule, and
 * it is copied back if anything has changed.
 *
 * <p>The passes are called through an interface with many implementations: that keeps HotSpot from inlining them into
 * one method, where it would no longer vectorize their loops. A kernel belongs to one thread at a time.
 *
 * @param <A> float[] or double[]
 */
final class BlockKernel<A> {

    /**
     * Elements of a block: the arrays of a kernel stay in the second-level cache. With blocks that the first level holds, the
     * passes are no faster, and main memory is read in pieces of a page, each of which begins with a wait.
     */
    static final int BLOCK = 4096;

    /** Elements that are opened at once, and that threads share a parameter in. */
    static final int SPAN = 16 * BLOCK;

    /** A rule without constraint, for what needs no more than the ends of the hull. */
    private static final SkewRule HULL = SkewRule.step(1, 0, 1);

    /** One loop over a block. */
    @FunctionalInterface
    private interface Pass {
        void run(BlockKernel<?> kernel, int n);
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
    private static final Pass[] CHECK = {BlockKernel::check};

    private final Loops<A> loops;
    private final HostMemory.Window<A> weights;
    private final HostMemory.Window<A> velocities;

    private final A w;
    private final A v;
    /** Cell coordinates, then |K|, then what has changed. */
    private final A t;
    /** Buckets, or violations, then directions, then the result. */
    private final A d;

    private final A inverse;
    private final A unitHalf;
    private final A unevenHalf;
    private final A low;
    private final A high;
    private final A unit;
    private final A eighth;

    private @Nullable SkewRule preparedRule;
    private @Nullable ScaledGrid preparedGrid;
    private final ChannelTables channels = new ChannelTables();
    private double epsilon;
    private double rho;
    private double limit;
    /** The middle of the hull in half cells, and the numbers of the end cells counted from there. */
    private double middle;

    private int lowestCell;
    private int highestCell;
    private @Nullable CellTable table;

    BlockKernel(Loops<A> loops) {
        this.loops = loops;
        weights = loops.window();
        velocities = loops.window();
        w = loops.block();
        v = loops.block();
        t = loops.block();
        d = loops.block();
        inverse = loops.block();
        unitHalf = loops.block();
        unevenHalf = loops.block();
        low = loops.block();
        high = loops.block();
        unit = loops.block();
        eighth = loops.block();
    }

    /** Applies the rule to the elements {@code from <= i < to}, where {@code from} is a multiple of the span. */
    void skew(SkewRule rule, ScaledGrid grid, INDArray weights, INDArray velocity, long from, long to) {
        prepareOnce(rule, grid);
        boolean step = rule.stage() == Stage.STEP;
        boolean scaled = step && rule.cellPower() > 0;
        boolean skews = rule.epsilon() < 1 && (step || rule.gamma() > 0);
        Pass[] locate = locating(grid.grid());
        for (long start = from; start < to; start += SPAN) {
            int size = (int) Math.min(SPAN, to - start);
            this.weights.open(weights, start);
            velocities.open(velocity, start);
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
                        free = loops.sum(d, eighth, n) == 0;
                    }
                }
                boolean skew = skews && !free;
                run(skew ? (step ? SKEW_AND_CLIP : SKEW) : (step ? CLIP : CHECK), n);
                double change = loops.sum(t, eighth, n);
                if (!(change < Double.POSITIVE_INFINITY)) {
                    load(at, n);
                    recompute(rule, grid, start + at, n);
                    change = 1;
                }
                if (change > 0 || scaled) {
                    velocities.put(at, d, n);
                }
            }
        }
    }

    /**
     * Moves the weights {@code from <= i < to} beyond the hull to its ends.
     *
     * @throws NotFiniteException if a weight is not finite
     */
    void clip(ScaledGrid grid, INDArray weights, long from, long to) {
        transform(HULL, CLAMP, "weight", grid, weights, from, to);
    }

    /** Multiplies the velocities {@code from <= i < to} by the unit of a rule in their channel. */
    void multiply(SkewRule units, ScaledGrid grid, INDArray velocity, long from, long to) {
        transform(units, SCALE, "update", grid, velocity, from, to);
    }

    private void transform(
            SkewRule rule, Pass[] passes, String what, ScaledGrid grid, INDArray array, long from, long to) {
        prepareOnce(rule, grid);
        for (long start = from; start < to; start += SPAN) {
            int size = (int) Math.min(SPAN, to - start);
            weights.open(array, start);
            velocities.open(array, start);
            for (int at = 0; at < size; at += BLOCK) {
                int n = Math.min(BLOCK, size - at);
                load(at, n);
                spreadChannels(start + at, n);
                run(passes, n);
                double change = loops.sum(t, eighth, n);
                if (!(change < Double.POSITIVE_INFINITY)) {
                    for (int i = 0; i < n; i++) {
                        NotFiniteException.require(what, start + at + i, loops.get(w, i));
                    }
                }
                if (change != 0) {
                    velocities.put(at, d, n);
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
        epsilon = Math.max(rule.epsilon(), ChannelTables.rounding(grid.grid(), loops.ulp()));
        rho = rule.rho();
        limit = Math.min(rule.maxStep(), loops.unbounded());
        int cells = grid.grid().size() - 1;
        double half = (grid.grid().level(cells) - grid.grid().level(0)) / (2 * cells);
        middle = 0.5 * (grid.grid().level(cells) + grid.grid().level(0)) / half;
        // Of an even number of cells, the one above the middle has the number 0.
        middle += cells % 2 == 0 ? 1 : 0;
        lowestCell = -(cells / 2);
        highestCell = (cells - 1) / 2;
        table = grid.grid().isUniform() ? null : loops.table(grid.grid());
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
            NotFiniteException.require("weight", first + i, loops.get(w, i));
        }
        for (int i = 0; i < n; i++) {
            NotFiniteException.require(rule.stage() == Stage.STEP ? "update" : "gradient", first + i, loops.get(v, i));
        }
        SkewRule same = new SkewRule(
                epsilon, rule.rho(), rule.maxStep(), rule.stage(), rule.gamma(), rule.cellPower(), rule.overhang());
        for (int i = 0; i < n; i++) {
            double w = loops.get(this.w, i);
            loops.set(d, i, same.apply(grid, grid.channels().of(first + i), w, loops.get(v, i)));
        }
    }

    /** Fills the arrays of the channels' numbers for the elements from {@code first}. */
    private void spread(long first, int n) {
        if (channels.stride == 1 && channels.count > 1) {
            int at = (int) (first % channels.count);
            loops.copy(channels.inverse, at, inverse, n);
            loops.copy(channels.half, at, unitHalf, n);
            loops.copy(channels.low, at, low, n);
            loops.copy(channels.high, at, high, n);
            loops.copy(channels.unit, at, unit, n);
        } else {
            loops.spreadRuns(channels, first, n, inverse, unitHalf, low, high, unit);
        }
    }

    private void load(int at, int n) {
        weights.get(at, w, n);
        velocities.get(at, v, n);
    }

    private void multiply(int n) {
        loops.multiply(v, unit, n);
    }

    private void locateInOneCell(int n) {
        loops.locateInOneCell(w, inverse, t, n, middle);
    }

    private void locateInEvenCells(int n) {
        loops.locateInEvenCells(w, inverse, t, n, middle, lowestCell, highestCell);
    }

    private void bucket(int n) {
        loops.bucket(w, inverse, t, d, n, Objects.requireNonNull(table));
    }

    private void locateInBuckets(int n) {
        loops.locateInBuckets(t, d, unevenHalf, n, Objects.requireNonNull(table));
    }

    private void locateStepwise(int n) {
        loops.locateStepwise(t, d, unevenHalf, n, Objects.requireNonNull(table));
    }

    private void multiplyHalf(int n) {
        loops.multiply(unevenHalf, unitHalf, n);
    }

    private void violate(int n) {
        loops.violate(t, d, n, epsilon);
    }

    private void restore(int n) {
        loops.restore(t, half(), t, d, n, epsilon, rho);
    }

    private void choose(int n) {
        loops.choose(v, t, d, half(), d, n, limit);
    }

    private A half() {
        return table == null ? unitHalf : unevenHalf;
    }

    private void clipChosen(int n) {
        loops.clip(w, d, low, high, d, n);
    }

    private void clip(int n) {
        loops.clip(w, v, low, high, d, n);
    }

    private void check(int n) {
        loops.check(w, v, t, n);
    }

    private void clamp(int n) {
        loops.clamp(w, low, high, d, n);
    }

    private void scale(int n) {
        System.arraycopy(v, 0, d, 0, n);
        loops.multiply(d, unit, n);
    }

    private void compare(int n) {
        loops.compare(v, d, t, n);
    }
}
