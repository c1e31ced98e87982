package io.github.dl4jaskew.edge;

/** Lays the axes of an image in another order. */
final class Permutation implements Step {

    private final Extent output;
    private final int[] axes;
    private final int[] strides;

    Permutation(Extent input, Extent output, int... axes) {
        this.output = output;
        this.axes = axes;
        this.strides = new int[] {input.pixels(), input.width(), 1};
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        int to = 0;
        for (int c = 0; c < output.channels(); c++) {
            for (int y = 0; y < output.height(); y++) {
                int from = c * strides[axes[0]] + y * strides[axes[1]];
                for (int x = 0; x < output.width(); x++) {
                    out[to++] = in[from + x * strides[axes[2]]];
                }
            }
        }
    }
}
