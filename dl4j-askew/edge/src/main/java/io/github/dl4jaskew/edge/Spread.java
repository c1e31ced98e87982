package io.github.dl4jaskew.edge;

import java.util.Arrays;

/** Puts rows and columns of zeros between those of an image. */
final class Spread implements Step {

    private final Extent input;
    private final Extent output;
    private final int height;
    private final int width;

    Spread(Extent input, Extent output, int height, int width) {
        this.input = input;
        this.output = output;
        this.height = height;
        this.width = width;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        Arrays.fill(out, 0, output.size(), 0);
        int at = 0;
        for (int c = 0; c < input.channels(); c++) {
            for (int y = 0; y < input.height(); y++) {
                int to = (c * output.height() + y * height) * output.width();
                for (int x = 0; x < input.width(); x++, to += width) {
                    out[to] = in[at++];
                }
            }
        }
    }
}
