package io.github.dl4jaskew.edge;

/** {@code y_i = exp(x_i - max) / sum_j exp(x_j - max)}. */
final class Softmax implements Step {

    private final int size;

    Softmax(int size) {
        this.size = size;
    }

    @Override
    public boolean inPlace() {
        return true;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        float max = in[0];
        for (int i = 1; i < size; i++) {
            max = Math.max(max, in[i]);
        }
        double sum = 0;
        for (int i = 0; i < size; i++) {
            float e = (float) Math.exp(in[i] - max);
            out[i] = e;
            sum += e;
        }
        for (int i = 0; i < size; i++) {
            out[i] = (float) (out[i] / sum);
        }
    }
}
