package io.github.dl4jaskew.edge;

/** Copies an array for steps that come later. */
final class Kept implements Step {

    private final Extent shape;

    Kept(Extent shape) {
        this.shape = shape;
    }

    Extent shape() {
        return shape;
    }

    @Override
    public boolean inPlace() {
        return true;
    }

    @Override
    public float[][] scratch() {
        return new float[1][shape.size()];
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        System.arraycopy(in, 0, scratch[0], 0, shape.size());
    }
}
