package io.github.dl4jaskew.edge;

/** Lays the columns of a matrix side by side instead of its rows. */
final class Transpose implements Step {

    private final int rows;
    private final int columns;

    Transpose(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        for (int c = 0, to = 0; c < columns; c++) {
            for (int r = 0; r < rows; r++, to++) {
                out[to] = in[r * columns + c];
            }
        }
    }
}
