package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.Normalization;
import io.github.dl4jaskew.packed.Normalization.Kind;
import io.github.dl4jaskew.packed.PackedFormatException;
import java.util.List;

/**
 * The normalization of features before the network: {@code (x - a) * b + c}, with three numbers for each feature, for each
 * channel of an image, or for all.
 */
final class FeatureScaling implements Step {

    private final float[] offset;
    private final double[] factor;
    private final float[] shift;
    private final int shared;

    private FeatureScaling(int groups, int shared) {
        this.offset = new float[groups];
        this.factor = new double[groups];
        this.shift = new float[groups];
        this.shared = shared;
    }

    /**
     * A step for a stored normalization.
     *
     * @throws PackedFormatException if it does not fit the input
     */
    static FeatureScaling of(Normalization n, List<Integer> shape, int size) throws PackedFormatException {
        // No switch: it would put another class into the small jar.
        boolean ofRange = n.kind() == Kind.IMAGE_RANGE;
        boolean ofArrays = n.kind() == Kind.STANDARDIZE || n.kind() == Kind.MIN_MAX;
        int groups = ofRange
                ? 1
                : ofArrays ? n.arrays().get(0).numbers().size() : n.constants().size();
        boolean ofChannels = shape.size() > 1 && groups == shape.get(0);
        if (!ofRange && groups != size && !ofChannels) {
            throw new PackedFormatException(
                    "the normalization has " + groups + " numbers, which do not fit an input of shape " + shape);
        }
        FeatureScaling scaling = new FeatureScaling(groups, size / groups);
        List<Double> c = n.constants();
        for (int g = 0; g < groups; g++) {
            if (n.kind() == Kind.STANDARDIZE) {
                scaling.set(g, number(n, 0, g), 1 / number(n, 1, g), 0);
            } else if (n.kind() == Kind.IMAGE_MEAN) {
                scaling.set(g, c.get(g), 1, 0);
            } else {
                double least = ofRange ? 0 : number(n, 0, g);
                double range = ofRange ? c.get(2) : number(n, 1, g) - least;
                scaling.set(g, least, (c.get(1) - c.get(0)) / range, c.get(0));
            }
        }
        return scaling;
    }

    private void set(int group, double a, double b, double c) throws PackedFormatException {
        if (!Double.isFinite(a) || !Double.isFinite(b) || !Double.isFinite(c)) {
            throw new PackedFormatException("number " + group + " of the normalization is not finite");
        }
        offset[group] = (float) a;
        factor[group] = b;
        shift[group] = (float) c;
    }

    private static double number(Normalization n, int array, int at) throws PackedFormatException {
        List<Double> numbers = n.arrays().get(array).numbers();
        if (at >= numbers.size()) {
            throw new PackedFormatException("the arrays of the normalization differ in length");
        }
        return numbers.get(at);
    }

    @Override
    public boolean inPlace() {
        return true;
    }

    @Override
    public long bytes() {
        return (2L * Float.BYTES + Double.BYTES) * offset.length;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        for (int g = 0, from = 0; g < offset.length; g++, from += shared) {
            for (int i = from; i < from + shared; i++) {
                out[i] = (float) ((in[i] - offset[g]) * factor[g]) + shift[g];
            }
        }
    }
}
