package io.github.dl4jaskew.grid;

import java.util.Objects;

/**
 * How the scale {@code s} of a grid is found from the weights, once for a tensor or once for each
 * output channel. The levels become {@code s * c_i}.
 *
 * <p>An estimated scale is rounded to float32, so that a packed file of float32 scales holds the very
 * grid that was trained. A scale is positive: weights that are all zero have none, and are an error.
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

    /**
     * The levels as they are: {@code s = 1}.
     *
     * @return the scale
     */
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

    /**
     * The largest weight becomes the largest level: {@code s = max|w| / max|c|}.
     *
     * @return the scale
     */
    public static Scale max() {
        return new Scale(new ScaleEstimator.Max(), false);
    }

    /**
     * The mean magnitude, {@code s = mean|w|} (Rastegari et al., XNOR-Net, ECCV 2016). For the binary
     * grid this minimises the squared error; for grids of more levels it cuts off about half of the
     * weights, and {@link #mse()} is the better choice.
     *
     * @return the scale
     */
    public static Scale meanAbs() {
        return new Scale(new ScaleEstimator.MeanAbs(), false);
    }

    /**
     * The scale of least squared error, {@code argmin_s sum (w - s q(w/s))^2}, where {@code q} is the
     * nearest level. Found by a search over the scale, then by alternating {@code s = sum w q / sum
     * q^2} with {@code q} until the assignment of weights to levels no longer changes.
     *
     * @return the scale
     */
    public static Scale mse() {
        return new Scale(new ScaleEstimator.Mse(), false);
    }

    /**
     * Statistics-aware weight binning: the largest level is {@code c1 sqrt(mean w^2) - c2 mean|w|}
     * (Choi et al., "Accurate and efficient 2-bit quantized neural networks", MLSys 2019), with the
     * published coefficients for uniform grids of 2, 3, 4 and 5 bits. For other grids none are
     * published, and estimation fails.
     *
     * @return the scale
     */
    public static Scale sawb() {
        return new Scale(new ScaleEstimator.Sawb(), false);
    }

    /**
     * The same estimator, for each output channel by itself.
     *
     * @return a new scale
     */
    public Scale perChannel() {
        return new Scale(estimator, true);
    }

    /**
     * The same estimator, for the whole tensor.
     *
     * @return a new scale
     */
    public Scale perTensor() {
        return new Scale(estimator, false);
    }

    /**
     * Whether each output channel has a scale of its own.
     *
     * @return true after {@link #perChannel()}
     */
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
     * @throws IllegalArgumentException if a weight is not finite, if all weights of a tensor or channel
     *     are zero, or if the estimator has no coefficients for this grid
     */
    public ScaledGrid fit(Grid grid, Weights weights, Channels channels) {
        estimator.requireDefinedFor(grid);
        Channels layout = perChannel ? channels : Channels.perTensor();
        double[] estimates = estimator.estimate(grid, weights, layout);
        double[] scales = new double[estimates.length];
        for (int c = 0; c < scales.length; c++) {
            if (!(estimates[c] > 0)) {
                throw new IllegalArgumentException(
                        "the scale of " + (perChannel ? "channel " + c : "the tensor") + " is " + estimates[c]
                                + "; it must be positive (weights that are all zero have no scale:"
                                + " use Scale.fixed, or start from other weights)");
            }
            scales[c] = checked(estimates[c]);
        }
        return new ScaledGrid(grid, scales, layout);
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
