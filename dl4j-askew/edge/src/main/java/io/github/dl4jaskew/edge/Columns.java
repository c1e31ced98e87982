package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.Window;
import java.util.Arrays;

/**
 * The pixels under each element of a kernel, laid side by side (im2col), for some rows of output at a time. Immutable,
 * thread safe.
 */
final class Columns {

    /** Floats of the laid-out rows, which then stay in a second-level cache. */
    private static final int BLOCK = 1 << 15;

    private final Extent input;
    private final Extent output;
    private final Window window;

    Columns(Extent input, Extent output, Window window) {
        this.input = input;
        this.output = output;
        this.window = window;
    }

    /** Rows of output at a time, for kernels of so many weights. */
    int rowsPerBlock(int patch) {
        return Math.max(1, Math.min(output.height(), BLOCK / patch / output.width()));
    }

    /** Lays out channels for some rows of output: one column for each channel and element of the kernel, in that order. */
    void layOut(float[] in, int firstChannel, int channels, int firstRow, int rows, float[][] columns) {
        int k = 0;
        for (int c = firstChannel; c < firstChannel + channels; c++) {
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
