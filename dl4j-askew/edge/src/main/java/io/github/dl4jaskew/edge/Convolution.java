package io.github.dl4jaskew.edge;

import java.util.Arrays;

/** Convolution of an image on float weights: an output channel is a sum of {@link Columns} times weights. */
final class Convolution implements Step {

    private final Extent input;
    private final Extent output;
    private final Columns columns;
    private final float[] weights;
    private final float[] shift;
    private final int groups;
    private final int patch;
    private final int paddedPatch;
    private final int rowsPerBlock;

    /** Takes {@code [outputs][inputs of a group][height][width]} weights. */
    Convolution(Extent input, Extent output, int groups, Columns columns, float[] kernels, Affine affine) {
        this.input = input;
        this.output = output;
        this.columns = columns;
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
        this.rowsPerBlock = columns.rowsPerBlock(patch);
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
                int ofGroup = output.channels() / groups;
                if (o % ofGroup == 0) {
                    int share = input.channels() / groups;
                    columns.layOut(in, o / ofGroup * share, share, y, rows, scratch);
                }
                Step.honourInterrupts(cost());
                Arrays.fill(sums, 0, pixels, shift[o]);
                Axpy.add(scratch, weights, o * paddedPatch, paddedPatch, sums, pixels);
                System.arraycopy(sums, 0, out, o * output.pixels() + y * output.width(), pixels);
            }
        }
    }
}
