package io.github.dl4jaskew.edge;

/** Repeats rows and columns of an image. */
final class Upsampling implements Step {

    private final Extent input;
    private final int height;
    private final int width;

    Upsampling(Extent input, int height, int width) {
        this.input = input;
        this.height = height;
        this.width = width;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        int to = 0;
        for (int row = 0; row < input.channels() * input.height(); row++) {
            for (int r = 0; r < height; r++) {
                for (int x = 0; x < input.width(); x++) {
                    float value = in[row * input.width() + x];
                    for (int s = 0; s < width; s++) {
                        out[to++] = value;
                    }
                }
            }
        }
    }
}
