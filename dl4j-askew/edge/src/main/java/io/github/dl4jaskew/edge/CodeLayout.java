package io.github.dl4jaskew.edge;

import java.util.Arrays;

/** Puts an image into a larger one of zeros, or cuts its edges off. */
final class CodeLayout implements Step {

    private final Extent input;
    private final Extent output;
    private final int top;
    private final int left;

    CodeLayout(Extent input, Extent output, int top, int left) {
        this.input = input;
        this.output = output;
        this.top = top;
        this.left = left;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        Arrays.fill(out, 0, output.size(), 0);
        int firstRow = Math.max(0, top);
        int endRow = Math.min(output.height(), top + input.height());
        int first = Math.max(0, left);
        int count = Math.min(output.width(), left + input.width()) - first;
        for (int c = 0; c < input.channels() && count > 0; c++) {
            for (int y = firstRow; y < endRow; y++) {
                int from = (c * input.height() + y - top) * input.width() + first - left;
                System.arraycopy(in, from, out, (c * output.height() + y) * output.width() + first, count);
            }
        }
    }
}
