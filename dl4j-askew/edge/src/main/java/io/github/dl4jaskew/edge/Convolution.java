package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.Window;
import java.util.Arrays;

/**
 * Convolution of an image, some rows of output at a time: the pixels under each element of the kernel are laid side by side,
 * so that an output channel is a sum of rows times weights.
 */
final class Convolution implements Step {

    /** Floats of the laid-out rows, which then stay in a second-level cache. */
    private static final int BLOCK = 1 << 15;

    private final Extent input;
    private final Extent output;
    private final Window window;
    private final float[] weights;
    private final float[] shift;
    private final int groups;
    private final int patch;
    private final int paddedPatch;
    private final int rowsPerBlock;

    /** Takes {@code [outputs][inputs of a group][height][width]} weights. */
    Convolution(Extent input, Extent output, int groups, Window window, float[] kernels, Affine affine) {
        this.input = input;
        this.output = output;
        this.window = window;
        this.groups = groups;
        this.patch = kernels.length / output.channels();
        this.paddedPatch = Axpy.padded(patch);
        this.weights = new float[output.channels() * paddedPatch];
        for (int o = 0; o < output.channels(); o++) {
            double scale = affine.scale(o);
            for (int k = 0; k < patch; k++) {
                weights[o * paddedPatch + k] = (float) (kernels[o * patch + k] * scale);
            }
        }
        this.shift = affine.shifts();
        this.rowsPerBlock = Math.max(1, Math.min(output.height(), BLOCK / patch / output.width()));
    }

    /** One row for each weight of a kernel, rows of zeros up to a whole number of passes, and one for the sums. */
    @Override
    public float[][] scratch() {
        return new float[paddedPatch + 1][rowsPerBlock * output.width()];
    }

    @Override
    public long cost() {
        return (output.channels() + (long) groups) * output.pixels() * patch;
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * (weights.length + shift.length);
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        float[] sums = scratch[paddedPatch];
        for (int y = 0; y < output.height(); y += rowsPerBlock) {
            int rows = Math.min(rowsPerBlock, output.height() - y);
            int pixels = rows * output.width();
            for (int o = 0; o < output.channels(); o++) {
                if (o % (output.channels() / groups) == 0) {
                    layOut(in, o / (output.channels() / groups), y, rows, scratch);
                }
                Step.honourInterrupts(cost());
                Arrays.fill(sums, 0, pixels, shift[o]);
                Axpy.add(scratch, weights, o * paddedPatch, paddedPatch, sums, pixels);
                System.arraycopy(sums, 0, out, o * output.pixels() + y * output.width(), pixels);
            }
        }
    }

    private void layOut(float[] in, int group, int firstRow, int rows, float[][] columns) {
        int k = 0;
        int share = input.channels() / groups;
        for (int c = group * share; c < (group + 1) * share; c++) {
            for (int ky = 0; ky < window.kernelHeight(); ky++) {
                int y = firstRow * window.strideHeight() + ky * window.dilationHeight() - window.top(input.height());
                for (int kx = 0; kx < window.kernelWidth(); kx++) {
                    int x = kx * window.dilationWidth() - window.left(input.width());
                    layOut(in, c * input.pixels(), y, x, rows, columns[k++]);
                }
            }
        }
    }

    /** The pixels that one element of the kernel meets, from the one at (x, y), which may lie in the padding. */
    private void layOut(float[] in, int channel, int y, int x, int rows, float[] column) {
        int width = output.width();
        int stride = window.strideWidth();
        // Output columns whose pixel lies inside the image.
        int first = Math.min(width, x >= 0 ? 0 : (-x + stride - 1) / stride);
        int end = Math.max(first, Math.min(width, input.width() <= x ? 0 : (input.width() - x - 1) / stride + 1));
        for (int r = 0, to = 0; r < rows; r++, to += width) {
            int row = y + r * window.strideHeight();
            // In mode same, all pixels of a row may lie in the padding.
            if (row < 0 || row >= input.height() || first == end) {
                Arrays.fill(column, to, to + width, 0);
                continue;
            }
            int from = channel + row * input.width() + x;
            Arrays.fill(column, to, to + first, 0);
            if (stride == 1) {
                System.arraycopy(in, from + first, column, to + first, end - first);
            } else {
                for (int i = first; i < end; i++) {
                    column[to + i] = in[from + i * stride];
                }
            }
            Arrays.fill(column, to + end, to + width, 0);
        }
    }
}
