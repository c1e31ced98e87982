package io.github.dl4jaskew.edge;

/** The channels of each pixel less their mean, in units of their deviation. */
final class LayerNorm implements Step {

    private final int pixels;
    private final float[] gain;
    private final float[] bias;

    LayerNorm(int pixels, float[] gain, float[] bias) {
        this.pixels = pixels;
        this.gain = gain;
        this.bias = bias;
    }

    @Override
    public boolean inPlace() {
        return true;
    }

    @Override
    public long cost() {
        return 2L * pixels * gain.length;
    }

    @Override
    public long bytes() {
        return 2L * Float.BYTES * gain.length;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        for (int p = 0; p < pixels; p++) {
            double sum = 0;
            for (int c = 0; c < gain.length; c++) {
                sum += in[c * pixels + p];
            }
            double mean = sum / gain.length;
            double squares = 0;
            for (int c = 0; c < gain.length; c++) {
                double d = in[c * pixels + p] - mean;
                squares += d * d;
            }
            double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares / gain.length);
            for (int c = 0; c < gain.length; c++) {
                int i = c * pixels + p;
                out[i] = (float) ((in[i] - mean) * scale) * gain[c] + bias[c];
            }
        }
    }
}
