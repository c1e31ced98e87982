package io.github.dl4jaskew.edge;

/** Batch norm at inference: {@code y = (x - mean_c) factor_c + beta_c}, the same for all pixels of a channel. */
final class ChannelNorm implements Step {

    /**
     * Folded into the layer before, the mean is subtracted from a sum that was rounded; up to this many deviations, that
     * costs less than a tenth of 1e-5.
     */
    private static final double LARGEST_OFFSET = 16;

    private final double[] mean;
    private final double[] factor;
    private final double[] beta;
    private final double[] deviation;
    private final int pixels;

    ChannelNorm(double[] mean, double[] deviation, double[] gamma, double[] beta, int pixels) {
        this.mean = mean;
        this.deviation = deviation;
        this.beta = beta;
        this.pixels = pixels;
        this.factor = new double[mean.length];
        for (int c = 0; c < mean.length; c++) {
            factor[c] = gamma[c] / deviation[c];
        }
    }

    boolean folds(Affine before) {
        for (int c = 0; c < mean.length; c++) {
            if (!(Math.abs(before.shift(c) - mean[c]) <= LARGEST_OFFSET * deviation[c])) {
                return false;
            }
        }
        return true;
    }

    Affine fold(Affine before) {
        double[] scale = new double[mean.length];
        double[] shift = new double[mean.length];
        for (int c = 0; c < mean.length; c++) {
            scale[c] = before.scale(c) * factor[c];
            shift[c] = (before.shift(c) - mean[c]) * factor[c] + beta[c];
        }
        return new Affine(scale, shift);
    }

    @Override
    public boolean inPlace() {
        return true;
    }

    @Override
    public long bytes() {
        return 4L * Double.BYTES * mean.length;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        for (int c = 0, at = 0; c < mean.length; c++, at += pixels) {
            float m = (float) mean[c];
            float f = (float) factor[c];
            float b = (float) beta[c];
            for (int i = at; i < at + pixels; i++) {
                out[i] = (in[i] - m) * f + b;
            }
        }
    }
}
