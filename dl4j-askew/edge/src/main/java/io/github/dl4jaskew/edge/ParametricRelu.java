package io.github.dl4jaskew.edge;

/**
 * {@code y = x < 0 ? alpha x : x}. The alphas stay as few as the file has: along an axis that shares one, the stride is 0.
 */
final class ParametricRelu implements Step {

    private final float[] alpha;
    private final Extent shape;
    private final int[] strides;

    /** Takes alphas, and how far it is from one to the next along channels, rows and columns. */
    ParametricRelu(float[] alpha, Extent shape, int[] strides) {
        this.alpha = alpha;
        this.shape = shape;
        this.strides = strides;
    }

    @Override
    public boolean inPlace() {
        return true;
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * alpha.length;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        int at = 0;
        for (int c = 0; c < shape.channels(); c++) {
            for (int y = 0; y < shape.height(); y++) {
                int row = c * strides[0] + y * strides[1];
                for (int x = 0; x < shape.width(); x++, at++) {
                    float value = in[at];
                    out[at] = value < 0 ? alpha[row + x * strides[2]] * value : value;
                }
            }
        }
    }
}
