package io.github.dl4jaskew.edge;

import io.github.dl4jaskew.packed.ActivationKind;
import java.util.List;

/** A function of each number. */
final class Elementwise implements Step {

    private static final double SELU_ALPHA = 1.6732632423543772;
    private static final double SELU_SCALE = 1.0507009873554805;

    private final ActivationKind kind;
    private final int size;
    private final double a;
    private final float slope;
    private final float threshold;
    private final float cap;

    Elementwise(ActivationKind kind, List<Double> arguments, int size) {
        this.kind = kind;
        this.size = size;
        this.a = arguments.isEmpty() ? 0 : arguments.get(0);
        boolean relu = kind == ActivationKind.RELU;
        this.cap = relu ? (float) a : 0;
        this.threshold = relu ? arguments.get(1).floatValue() : 0;
        this.slope = relu ? arguments.get(2).floatValue() : 0;
    }

    int size() {
        return size;
    }

    @Override
    public boolean inPlace() {
        return true;
    }

    @Override
    public void run(float[] in, float[] out, float[][] scratch) {
        if (kind == ActivationKind.RELU) {
            relu(in, out);
        } else {
            for (int i = 0; i < size; i++) {
                out[i] = (float) apply(in[i]);
            }
        }
    }

    private void relu(float[] in, float[] out) {
        if (threshold == 0 && slope == 0 && cap == Float.POSITIVE_INFINITY) {
            for (int i = 0; i < size; i++) {
                out[i] = Math.max(in[i], 0);
            }
            return;
        }
        for (int i = 0; i < size; i++) {
            float x = in[i];
            out[i] = Math.min(cap, x < threshold ? slope * (x - threshold) : x);
        }
    }

    private double apply(double x) {
        return switch (kind) {
            case IDENTITY -> x;
            case ELU -> x < 0 ? a * Math.expm1(x) : x;
            case SELU -> SELU_SCALE * (x < 0 ? SELU_ALPHA * Math.expm1(x) : x);
            case SIGMOID -> sigmoid(x);
            case TANH -> Math.tanh(x);
            case HARD_TANH -> Math.min(1, Math.max(-1, x));
            case HARD_SIGMOID -> Math.min(1, Math.max(0, 0.2 * x + 0.5));
            case SOFTPLUS -> softplus(x);
            case SOFTSIGN -> x / (1 + Math.abs(x));
            case SWISH -> x * sigmoid(x);
            case GELU -> x * sigmoid(1.702 * x);
            case THRESHOLDED_RELU -> x > a ? x : 0;
            case CUBE -> x * x * x;
            case RATIONAL_TANH -> rationalTanh(x);
            case RECTIFIED_TANH -> Math.max(0, Math.tanh(x));
            case MISH -> x * Math.tanh(softplus(x));
            case SIGN -> Double.isNaN(x) ? x : x >= 0 ? 1 : -1;
            case RELU, SOFTMAX, LEVELS -> throw new IllegalStateException(kind + " is computed elsewhere");
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static double rationalTanh(double x) {
        double y = Math.abs(2 * x / 3);
        return 1.7159 * Math.signum(x) * (1 - 1 / (1 + y + y * y + 1.41645 * y * y * y * y));
    }
}
