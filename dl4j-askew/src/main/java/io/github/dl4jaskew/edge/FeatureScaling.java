package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.Normalization;
import io.github.dl4jaskew.packed.PackedFormatException;
import java.util.List;

/** The normalization of features before the network: {@code (x - a) * b + c} of each number. */
final class FeatureScaling implements Step {

    private final float[] offset;
    private final double[] factor;
    private final float[] shift;

    private FeatureScaling(int size) {
        this.offset = new float[size];
        this.factor = new double[size];
        this.shift = new float[size];
    }

    /**
     * A step for a stored normalization.
     *
     * @throws PackedFormatException if it does not fit the input
     */
    static FeatureScaling of(Normalization n, List<Integer> shape, int size) throws PackedFormatException {
        FeatureScaling scaling = new FeatureScaling(size);
        List<Double> c = n.constants();
        int arrayLength = n.arrays().isEmpty() ? 0 : n.arrays().get(0).numbers().size();
        for (int i = 0; i < size; i++) {
            switch (n.kind()) {
                case STANDARDIZE -> {
                    int at = place(i, size, shape, arrayLength);
                    scaling.set(i, number(n, 0, at), 1 / number(n, 1, at), 0);
                }
                case MIN_MAX -> {
                    int at = place(i, size, shape, arrayLength);
                    double range = number(n, 1, at) - number(n, 0, at);
                    scaling.set(i, number(n, 0, at), (c.get(1) - c.get(0)) / range, c.get(0));
                }
                case IMAGE_RANGE -> scaling.set(i, 0, (c.get(1) - c.get(0)) / c.get(2), c.get(0));
                case IMAGE_MEAN -> scaling.set(i, c.get(place(i, size, shape, c.size())), 1, 0);
            }
        }
        return scaling;
    }

    private void set(int i, double a, double b, double c) throws PackedFormatException {
        if (!Double.isFinite(a) || !Double.isFinite(b) || !Double.isFinite(c)) {
            throw new PackedFormatException("the normalization of feature " + i + " is not finite");
        }
        offset[i] = (float) a;
        factor[i] = b;
        shift[i] = (float) c;
    }

    private static double number(Normalization n, int array, int at) throws PackedFormatException {
        List<Double> numbers = n.arrays().get(array).numbers();
        if (at >= numbers.size()) {
            throw new PackedFormatException("the arrays of the normalization differ in length");
        }
        return numbers.get(at);
    }

    /** Statistics belong to features, or to the channels of an image. */
    private static int place(int i, int size, List<Integer> shape, int length) throws PackedFormatException {
        if (length == size) {
            return i;
        }
        if (shape.size() == 3 && length == shape.get(0)) {
            return i / (size / length);
        }
        throw new PackedFormatException(
                "the normalization has " + length + " numbers, which do not fit an input of shape " + shape);
    }

    @Override
    public boolean inPlace() {
        return true;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        for (int i = 0; i < offset.length; i++) {
            out[i] = (float) ((in[i] - offset[i]) * factor[i]) + shift[i];
        }
    }
}
