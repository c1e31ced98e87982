package io.github.dl4jaskew.edge;

/** The row of a matrix for each pixel, which says which one. */
final class Embedding implements Step {

    private final int rows;
    private final int columns;
    private final int pixels;
    private final float[] matrix;
    private final float[] bias;

    /** Takes a matrix whose columns lie side by side. */
    Embedding(int rows, int columns, int pixels, float[] matrix, float[] bias) {
        this.rows = rows;
        this.columns = columns;
        this.pixels = pixels;
        this.matrix = matrix;
        this.bias = bias;
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * (matrix.length + bias.length);
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        for (int i = 0; i < pixels; i++) {
            int row = (int) in[i];
            if (!(in[i] > -1) || row >= rows) {
                throw new IllegalArgumentException(
                        "index " + i + " is " + in[i] + "; an embedding takes numbers from 0 to " + (rows - 1));
            }
            for (int c = 0; c < columns; c++) {
                out[c * pixels + i] = matrix[c * rows + row] + (bias.length == 0 ? 0 : bias[c]);
            }
        }
    }
}
