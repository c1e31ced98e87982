package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.PoolingKind;
import io.github.dl4jaskew.packed.Window;

/** Pooling of each channel of an image. */
final class Pooling implements Step {

    /** DL4J's maximum of a window that lies in the padding. */
    private static final float LEAST = -3.402823E38f;

    private final Extent input;
    private final Extent output;
    private final Window window;
    private final PoolingKind kind;
    private final int power;
    private final long cost;

    Pooling(Extent input, Extent output, Window window, PoolingKind kind, int power) {
        this.input = input;
        this.output = output;
        this.window = window;
        this.kind = kind;
        this.power = power;
        long rows = Math.min(window.kernelHeight(), input.height());
        this.cost = rows * Math.min(window.kernelWidth(), input.width()) * output.size();
    }

    @Override
    public long cost() {
        return cost;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        int top = window.top(input.height());
        int left = window.left(input.width());
        int to = 0;
        for (int c = 0; c < input.channels(); c++) {
            for (int y = 0; y < output.height(); y++) {
                for (int x = 0; x < output.width(); x++) {
                    Step.honourInterrupts(cost);
                    int y0 = y * window.strideHeight() - top;
                    int x0 = x * window.strideWidth() - left;
                    out[to++] = kind == PoolingKind.MAX ? max(in, c, y0, x0) : sum(in, c, y0, x0);
                }
            }
        }
    }

    private int end(int first, int kernel, int dilation, int size) {
        return (int) Math.min(size, first + (long) kernel * dilation);
    }

    /** The first position inside the image. */
    private static int inside(int first, int dilation) {
        return first >= 0 ? first : first + (-first + dilation - 1) / dilation * dilation;
    }

    private float max(float[] in, int c, int y0, int x0) {
        int yEnd = end(y0, window.kernelHeight(), window.dilationHeight(), input.height());
        int xEnd = end(x0, window.kernelWidth(), window.dilationWidth(), input.width());
        float max = LEAST;
        for (int y = inside(y0, window.dilationHeight()); y < yEnd; y += window.dilationHeight()) {
            int row = (c * input.height() + y) * input.width();
            for (int x = inside(x0, window.dilationWidth()); x < xEnd; x += window.dilationWidth()) {
                max = Math.max(max, in[row + x]);
            }
        }
        return max;
    }

    private float sum(float[] in, int c, int y0, int x0) {
        int yEnd = end(y0, window.kernelHeight(), window.dilationHeight(), input.height());
        int xEnd = end(x0, window.kernelWidth(), window.dilationWidth(), input.width());
        double sum = 0;
        int count = 0;
        for (int y = inside(y0, window.dilationHeight()); y < yEnd; y += window.dilationHeight()) {
            int row = (c * input.height() + y) * input.width();
            for (int x = inside(x0, window.dilationWidth()); x < xEnd; x += window.dilationWidth()) {
                float value = in[row + x];
                sum += kind == PoolingKind.NORM ? Math.pow(Math.abs(value), power) : value;
                count++;
            }
        }
        // No switch: it would put another class into the small jar.
        if (kind == PoolingKind.NORM) {
            return (float) Math.pow(sum, 1.0 / power);
        }
        boolean padded = kind == PoolingKind.MEAN_WITH_PADDING;
        return (float) (sum / (padded ? (double) window.kernelHeight() * window.kernelWidth() : Math.max(1, count)));
    }
}
