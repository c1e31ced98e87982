package io.github.dl4jaskew.edge;

/** Copies numbers that lie evenly apart, forwards or backwards, in rows of equal length: rows of time steps, unless it is one. */
final class Selection implements Step {

    private final int rows;
    private final int count;
    private final int offset;
    private final int row;
    private final int stride;

    /** Number {@code i} of row {@code r} is element {@code offset + r row + i stride} of the input. */
    Selection(int rows, int count, int offset, int row, int stride) {
        this.rows = rows;
        this.count = count;
        this.offset = offset;
        this.row = row;
        this.stride = stride;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        run(in, out, scratch, row);
    }

    /** From the last time step that is there. */
    @Override
    public void run(float[] in, float[] out, float[][] scratch, int length) {
        int missing = row == 0 ? 0 : row - length;
        for (int r = 0, to = 0; r < rows; r++) {
            for (int i = 0, from = offset - missing + r * row; i < count; i++, from += stride) {
                out[to++] = row > 0 && i >= length ? 0 : in[from];
            }
        }
    }
}
