package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Interval;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Applies {@link LevelFormulas} to whole parameters in one pass, on several threads where the parameter is large. The
 * nearest level is the one that {@link ScaledGrid#nearest} names, rounded to the array's type: bit for bit what a quantized
 * model has.
 *
 * <p>One call allocates nothing that grows with the parameter, as long as the host can address dense memory; otherwise the
 * weights are copied. Thread safe.
 */
public final class LevelMap {

    private static final ThreadLocal<LevelBlock> BLOCKS = ThreadLocal.withInitial(LevelBlock::new);

    private LevelMap() {}

    /**
     * The nearest level of each weight.
     *
     * @param grid the levels; its channels are laid out in the memory order of {@code weights}
     * @param weights finite weights; not changed
     * @param out as long as the weights; may be the weights themselves
     * @throws IllegalArgumentException if a weight is not finite (the message names the element), or lengths do not match
     */
    public static void nearest(ScaledGrid grid, INDArray weights, INDArray out) {
        map(grid, weights, out, LevelBlock::nearest);
    }

    /**
     * Stochastic rounding of each weight ({@link LevelFormulas#sample}). Element i draws from a generator that depends on
     * the seed and i alone, so the result does not depend on the number of threads.
     *
     * @param grid the levels
     * @param weights finite weights; not changed
     * @param out as for {@link #nearest}
     * @param seed makes it repeatable; another for each parameter and iteration
     * @throws IllegalArgumentException as for {@link #nearest}
     */
    public static void sample(ScaledGrid grid, INDArray weights, INDArray out, long seed) {
        map(grid, weights, out, (block, n, first) -> block.sample(n, first, seed));
    }

    /**
     * BinaryRelax's convex combination of each weight with its nearest level ({@link LevelFormulas#relax}).
     *
     * @param grid the levels
     * @param weights finite weights; not changed
     * @param out as for {@link #nearest}
     * @param lambda at least 0, may be infinite
     * @throws IllegalArgumentException as for {@link #nearest}, or if lambda is negative or NaN
     */
    public static void relax(ScaledGrid grid, INDArray weights, INDArray out, double lambda) {
        requireAtLeastZero("lambda", lambda);
        map(grid, weights, out, (block, n, first) -> block.relax(n, first, lambda));
    }

    /**
     * PARQ's piecewise-affine map of each weight ({@link LevelFormulas#sharpen}).
     *
     * @param grid the levels
     * @param weights finite weights; not changed
     * @param out as for {@link #nearest}
     * @param inverseSlope in [0, 1]
     * @throws IllegalArgumentException as for {@link #nearest}, or if the inverse slope is out of range
     */
    public static void sharpen(ScaledGrid grid, INDArray weights, INDArray out, double inverseSlope) {
        if (!(inverseSlope >= 0 && inverseSlope <= 1)) {
            throw new IllegalArgumentException("inverse slope is " + inverseSlope + "; allowed are 0 to 1");
        }
        map(grid, weights, out, (block, n, first) -> block.sharpen(n, first, inverseSlope));
    }

    /**
     * AdaSTE's map of each weight ({@link LevelFormulas#adaptive}): {@code m + s(t) (b - a) / 2} in the cell [a, b] with the
     * middle m.
     *
     * @param grid the levels
     * @param weights finite weights; not changed
     * @param out as for {@link #nearest}
     * @param mu at least 0, may be infinite
     * @param alpha positive
     * @throws IllegalArgumentException as for {@link #nearest}, or if mu is negative or NaN
     */
    public static void adaptive(ScaledGrid grid, INDArray weights, INDArray out, double mu, double alpha) {
        requireAtLeastZero("mu", mu);
        map(grid, weights, out, (block, n, first) -> block.adaptive(n, first, mu, alpha));
    }

    /** What a gradient is multiplied by. */
    @FunctionalInterface
    public interface Slope {
        /** {@return the factor, for a weight at t in its cell, or beyond the hull in the coordinate of the end cell} */
        double of(double t, double gradient);
    }

    /**
     * The slope of AdaSTE ({@link LevelFormulas#adaptiveSlope}).
     *
     * @throws IllegalArgumentException if mu is negative or NaN
     */
    public static Slope adaptiveSlope(double mu, double alpha) {
        requireAtLeastZero("mu", mu);
        return (t, gradient) -> LevelFormulas.adaptiveSlope(t, gradient, mu, alpha);
    }

    /**
     * The slope of ReSTE ({@link LevelFormulas#powerSlope}).
     *
     * @throws IllegalArgumentException if the power is below 1 or not finite
     */
    public static Slope powerSlope(double power, double limit) {
        if (!(power >= 1 && power < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("power is " + power + "; allowed is at least 1, finite");
        }
        return (t, gradient) -> LevelFormulas.powerSlope(t, power, limit);
    }

    /**
     * Multiplies a gradient by a function of the place of each weight in its cell.
     *
     * @param grid the levels
     * @param weights finite weights; not changed
     * @param gradient finite; changed in place
     * @param slope the function
     * @throws IllegalArgumentException as for {@link #nearest}
     */
    public static void scaleGradient(ScaledGrid grid, INDArray weights, INDArray gradient, Slope slope) {
        requireMatching(grid, weights, gradient);
        run(grid, weights, gradient, true, (block, n, first) -> block.scaleGradient(n, first, slope));
    }

    /**
     * Changes an update so that subtracting it ends in ProxQuant's soft threshold ({@link LevelFormulas#softThreshold}) of
     * where it was going: {@code v' = w - prox(w - h^power v)}.
     *
     * @param grid the levels
     * @param weights finite weights; not changed
     * @param update what is about to be subtracted from them, finite; changed in place
     * @param threshold by how much weights are drawn to their level, in mean half cells h; at least 0, may be infinite
     * @param cellPower 0 if the update is in units of the weight; otherwise it is first multiplied by h to this power, 1
     *     or 2
     * @throws IllegalArgumentException if a number is not finite (the message names the element) or out of range, or
     *     lengths do not match
     */
    public static void threshold(ScaledGrid grid, INDArray weights, INDArray update, double threshold, int cellPower) {
        requireAtLeastZero("threshold", threshold);
        requireMatching(grid, weights, update);
        HullClip.multiply(cellPower, grid, update);
        if (threshold > 0) {
            run(grid, weights, update, true, (block, n, first) -> block.thresholdUpdate(n, first, threshold));
        }
    }

    /**
     * Changes an update so that subtracting it makes the crossing step, {@link io.github.dl4jaskew.interval.Interval#cross}
     * with any number of levels. Around its nearest level q a weight is stretched, moves, and is shrunk towards the level
     * q' that is nearest then,
     *
     * <pre>  y = q + (w - q) / (1 - tau_0),    y' = clip(y - h^power v),    v' = w - (q' + (1 - tau) (y' - q')),  </pre>
     *
     * <p>with y limited to the half cells next to q, and y' to the hull. A weight that is not pushed keeps q' = q.
     *
     * @param grid the levels
     * @param weights finite weights; not changed
     * @param update what is about to be subtracted from them, finite; changed in place
     * @param rule gives cellPower, overhang and, by its epsilon, tau; of stage STEP
     * @param tauBefore tau_0, the border that the weights were moved at, in [0, 1]
     * @throws IllegalArgumentException if a number is not finite (the message names the element), or lengths do not match
     */
    public static void cross(ScaledGrid grid, INDArray weights, INDArray update, SkewRule rule, double tauBefore) {
        requireMatching(grid, weights, update);
        HullClip.multiply(rule.cellPower(), grid, update);
        double widthNow = 1 - Interval.tau(rule.epsilon());
        run(
                grid,
                weights,
                update,
                true,
                (block, n, first) -> block.crossUpdate(n, first, rule, 1 - tauBefore, widthNow));
    }

    /**
     * Adds Gaussian noise, independent for each weight: {@code w + sigma h n} with h the mean half cell and n standard normal.
     * Each block of 1,024 elements draws from a generator of its own, so the result does not depend on the number of threads.
     *
     * @param grid the levels
     * @param weights finite weights; not changed
     * @param out as for {@link #nearest}
     * @param deviation sigma, in mean half cells
     * @param seed makes it repeatable; another for each parameter and iteration
     * @throws IllegalArgumentException as for {@link #nearest}
     */
    public static void addNoise(ScaledGrid grid, INDArray weights, INDArray out, double deviation, long seed) {
        map(grid, weights, out, (block, n, first) -> block.addNoise(n, first, deviation, seed));
    }

    private static void map(ScaledGrid grid, INDArray weights, INDArray out, LevelBlock.Formula formula) {
        requireMatching(grid, weights, out);
        run(grid, weights, out, false, formula);
    }

    private static void run(
            ScaledGrid grid, INDArray weights, INDArray out, boolean readsOut, LevelBlock.Formula formula) {
        boolean single = weights.dataType() != DataType.DOUBLE;
        if (HostMemory.reaches(weights) && HostMemory.sameOrder(weights, out)) {
            HostKernel.run(
                    Team.SHARED,
                    weights,
                    out,
                    (from, to) -> BLOCKS.get()
                            .on(grid, single)
                            .run(Elements.inMemory(weights), Elements.inMemory(out), readsOut, formula, from, to));
            return;
        }
        Elements.Copy copy = Elements.copyOf(out, weights.ordering());
        Elements source = Elements.copyOf(weights, weights.ordering());
        BLOCKS.get().on(grid, single).run(source, copy, readsOut, formula, 0, weights.length());
        copy.assignTo(out, weights.ordering());
    }

    private static void requireMatching(ScaledGrid grid, INDArray weights, INDArray other) {
        if (weights.length() != other.length()) {
            throw new IllegalArgumentException(
                    weights.length() + " weights but " + other.length() + " elements to write");
        }
        Channels channels = grid.channels();
        if (weights.length() % (channels.count() * channels.stride()) != 0) {
            throw new IllegalArgumentException(weights.length() + " weights cannot be divided into " + channels);
        }
    }

    private static void requireAtLeastZero(String name, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed is at least 0");
        }
    }
}
