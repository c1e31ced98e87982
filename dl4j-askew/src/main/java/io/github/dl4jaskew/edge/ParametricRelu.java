package io.github.dl4jaskew.edge;

/** {@code y = x < 0 ? alpha x : x} with an alpha for each number. */
final class ParametricRelu implements Step {

    private final float[] alpha;

    ParametricRelu(float[] alpha) {
        this.alpha = alpha;
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
        for (int i = 0; i < alpha.length; i++) {
            float x = in[i];
            out[i] = x < 0 ? alpha[i] * x : x;
        }
    }
}
