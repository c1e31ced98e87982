package io.github.dl4jaskew.edge;

/** {@code y = scale_c x + shift_c} for each output channel, kept in double until nothing more is folded into it. */
final class Affine {

    private final double[] scale;
    private final double[] shift;

    Affine(double[] scale, double[] shift) {
        this.scale = scale;
        this.shift = shift;
    }

    static Affine bias(int channels, float[] bias) {
        double[] scale = new double[channels];
        double[] shift = new double[channels];
        for (int c = 0; c < channels; c++) {
            scale[c] = 1;
            shift[c] = bias.length == 0 ? 0 : bias[c];
        }
        return new Affine(scale, shift);
    }

    double scale(int channel) {
        return scale[channel];
    }

    double shift(int channel) {
        return shift[channel];
    }

    float[] shifts() {
        float[] floats = new float[shift.length];
        for (int c = 0; c < shift.length; c++) {
            floats[c] = (float) shift[c];
        }
        return floats;
    }
}
