package io.github.dl4jaskew.grid;

import java.util.Objects;
import java.util.function.IntConsumer;

/**
 * How the scale {@code s} of a grid is found from the weights, once for a tensor or once for each
 * output channel. The levels become {@code s * c_i}.
 *
 * <p>An estimated scale is rounded to float32, so that a packed file of float32 scales holds the very
 * grid that was trained. It keeps all levels apart and finite in float32: the narrowest cell is at least {@value
 * Float#MIN_NORMAL} wide, and the hull at most {@value Float#MAX_VALUE}. An output channel with another estimate (all its
 * weights are zero, or tiny) takes the scale of the whole tensor; a tensor that has none is an error.
 *
 * <p>Immutable, thread safe, with value equality.
 */
public final class Scale {

    private final ScaleEstimator estimator;
    private final boolean perChannel;

    private Scale(ScaleEstimator estimator, boolean perChannel) {
        this.estimator = estimator;
        this.perChannel = perChannel;
    }

    /** {@return the fixed scale {@code s = 1}, which leaves the levels as they are} */
    public static Scale unit() {
        return fixed(1);
    }

    /**
     * A given scale.
     *
     * @param value finite and positive
     * @return the scale
     * @throws IllegalArgumentException if the value is not finite, or not positive in float32
     */
    public static Scale fixed(double value) {
        return new Scale(new ScaleEstimator.Fixed(checked(value)), false);
    }

    /** {@return the scale that makes the largest weight the largest level: {@code s = max|w| / max|c|}} */
    public static Scale max() {
        return new Scale(new ScaleEstimator.Max(), false);
    }

    /**
     * {@return the mean magnitude, {@code s = mean|w|} (Rastegari et al., XNOR-Net, ECCV 2016)} For the binary grid
     * this minimises the squared error; for grids of more levels it cuts off about half of the weights, and {@link
     * #mse()} is the better choice.
     */
    public static Scale meanAbs() {
        return new Scale(new ScaleEstimator.MeanAbs(), false);
    }

    /**
     * {@return the scale of least squared error, {@code argmin_s sum (w - s q(w/s))^2}, where {@code q} is the nearest
     * level} Found by a search over the scale, then by alternating {@code s = sum w q / sum q^2} with {@code q} until
     * the assignment of weights to levels no longer changes.
     */
    public static Scale mse() {
        return new Scale(new ScaleEstimator.Mse(), false);
    }

    /**
     * {@return the scale of statistics-aware weight binning} The the largest level is {@code c1 sqrt(mean w^2) - c2
     * mean|w|} (Choi et al., "Accurate and efficient 2-bit quantized neural networks", MLSys 2019), with the published
     * coefficients for uniform grids of 2, 3, 4 and 5 bits. For other grids none are published, and estimation fails.
     */
    public static Scale sawb() {
        return new Scale(new ScaleEstimator.Sawb(), false);
    }

    /** {@return a new scale with the same estimator, for each output channel separately} */
    public Scale perChannel() {
        return new Scale(estimator, true);
    }

    /** {@return a new scale with the same estimator, for the whole tensor} */
    public Scale perTensor() {
        return new Scale(estimator, false);
    }

    /** {@return whether each output channel has its own scale, as after {@link #perChannel()}} */
    public boolean isPerChannel() {
        return perChannel;
    }

    /**
     * Refuses a grid for which this estimator is not defined.
     *
     * @param grid the grid that is to be scaled
     * @throws IllegalArgumentException if no scale can be estimated for it
     */
    public void requireDefinedFor(Grid grid) {
        estimator.requireDefinedFor(grid);
    }

    /**
     * Estimates the scales and fits the grid to the weights.
     *
     * @param grid the levels at unit scale
     * @param weights finite weights
     * @param channels where the output channels lie; ignored unless {@link #isPerChannel()}
     * @return the grid with one scale, or one for each channel
     * @throws IllegalArgumentException if a weight is not finite, if the tensor has no scale (all its weights are zero, or
     *     the estimate is too small or too large for float32), or if the estimator has no coefficients for this grid
     */
    public ScaledGrid fit(Grid grid, Weights weights, Channels channels) {
        return fit(grid, weights, channels, channel -> {});
    }

    /**
     * Estimates the scales and fits the grid to the weights, as {@link #fit(Grid, Weights, Channels)} does.
     *
     * @param grid the levels at unit scale
     * @param weights finite weights
     * @param channels where the output channels lie; ignored unless {@link #isPerChannel()}
     * @param borrowing receives each channel that has no scale of its own and takes the tensor's, in ascending order
     * @return the grid with one scale, or one for each channel
     * @throws IllegalArgumentException as for {@link #fit(Grid, Weights, Channels)}
     */
    public ScaledGrid fit(Grid grid, Weights weights, Channels channels, IntConsumer borrowing) {
        estimator.requireDefinedFor(grid);
        Channels layout = perChannel ? channels : Channels.perTensor();
        double[] scales = estimator.estimate(grid, weights, layout);
        double shared = Double.NaN;
        for (int c = 0; c < scales.length; c++) {
            if (!isUsable(grid, scales[c])) {
                if (Double.isNaN(shared)) {
                    shared = requireUsable(grid, estimator.estimate(grid, weights, Channels.perTensor())[0]);
                }
                scales[c] = shared;
                borrowing.accept(c);
            }
        }
        return new ScaledGrid(grid, scales, layout);
    }

    private static boolean isUsable(Grid grid, double scale) {
        double rounded = (float) scale;
        return rounded >= smallest(grid) && rounded <= largest(grid);
    }

    private static double requireUsable(Grid grid, double scale) {
        if (!isUsable(grid, scale)) {
            throw new IllegalArgumentException("the scale of the tensor is " + scale + "; "
                    + (scale == 0
                            ? "it must be positive (weights that are all zero have no scale:"
                                    + " use Scale.fixed, or start from other weights)"
                            : "allowed is " + (float) smallest(grid) + " to " + (float) largest(grid)
                                    + ", where float32 holds all levels of " + grid
                                    + " (use another scale, such as Scale.mse() or Scale.fixed, or start from other"
                                    + " weights)"));
        }
        return scale;
    }

    /** From here on float32 keeps all levels apart, and what the rule divides by is no denormal number. */
    private static double smallest(Grid grid) {
        double narrowest = Double.POSITIVE_INFINITY;
        for (int i = 1; i < grid.size(); i++) {
            narrowest = Math.min(narrowest, grid.level(i) - grid.level(i - 1));
        }
        return Float.MIN_NORMAL / narrowest;
    }

    /** Up to here the hull's width, and so every level, is finite in float32. */
    private static double largest(Grid grid) {
        double width = grid.level(grid.size() - 1) - grid.level(0);
        return Float.MAX_VALUE / Math.max(width, grid.maxMagnitude());
    }

    /** The value in float32, which must be positive and finite. */
    static double checked(double value) {
        double rounded = (float) value;
        if (!(rounded > 0 && rounded <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("scale is " + value + "; it must be positive and finite in float32");
        }
        return rounded;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scale that && perChannel == that.perChannel && estimator.equals(that.estimator);
    }

    @Override
    public int hashCode() {
        return Objects.hash(estimator, perChannel);
    }

    @Override
    public String toString() {
        return estimator + (perChannel ? " per channel" : "");
    }
}
