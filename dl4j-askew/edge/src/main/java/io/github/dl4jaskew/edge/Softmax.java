package io.github.dl4jaskew.edge;

/** {@code y_i = exp(x_i - max) / sum_j exp(x_j - max)} over the features, or over the channels of each pixel. */
final class Softmax implements Step {

    private final int size;
    private final int pixels;

    Softmax(Extent shape) {
        this.size = shape.size();
        this.pixels = shape.pixels();
    }

    @Override
    public boolean inPlace() {
        return true;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        for (int first = 0; first < pixels; first++) {
            pixel(in, out, first);
        }
    }

    private void pixel(float[] in, float[] out, int first) {
        float max = in[first];
        for (int i = first; i < size; i += pixels) {
            max = Math.max(max, in[i]);
        }
        double sum = 0;
        for (int i = first; i < size; i += pixels) {
            float e = (float) Math.exp(in[i] - max);
            out[i] = e;
            sum += e;
        }
        for (int i = first; i < size; i += pixels) {
            out[i] = (float) (out[i] / sum);
        }
    }
}
