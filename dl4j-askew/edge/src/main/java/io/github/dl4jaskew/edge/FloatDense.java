package io.github.dl4jaskew.edge;

/** A dense layer on float weights: the sum of each input times its weights to all units. */
final class FloatDense implements Step {

    private final int inputs;
    private final int outputs;
    private final float[][] weights;
    private final float[] shift;

    /** Takes weights with those of a unit side by side: input i of unit j is element {@code j * inputs + i}. */
    FloatDense(int inputs, int outputs, float[] rows, Affine affine) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.weights = new float[Axpy.padded(inputs)][outputs];
        for (int j = 0; j < outputs; j++) {
            double scale = affine.scale(j);
            for (int i = 0; i < inputs; i++) {
                weights[i][j] = (float) (rows[j * inputs + i] * scale);
            }
        }
        this.shift = affine.shifts();
    }

    @Override
    public float[][] scratch() {
        return new float[1][weights.length];
    }

    @Override
    public long cost() {
        return (long) inputs * outputs;
    }

    @Override
    public long bytes() {
        return (long) Float.BYTES * outputs * (weights.length + 1);
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        run(in, out, scratch[0]);
    }

    /** The same with the one array of {@link #scratch}. */
    void run(float[] in, float[] out, float[] padded) {
        System.arraycopy(in, 0, padded, 0, inputs);
        System.arraycopy(shift, 0, out, 0, outputs);
        Axpy.add(weights, padded, 0, weights.length, out, outputs);
    }
}
