package io.github.dl4jaskew.margin.metrics;

import java.util.Random;

/** Two layers without biases, ReLU between them, one logit, exponential loss: homogeneous of degree 2. */
final class ReluModel {

    /** For each hidden unit its input weights, then its output weight. */
    final double[] weights;

    private final double[][] inputs;
    private final double[] signs;
    private final int stride;

    ReluModel(double[][] inputs, double[] signs, int hidden, long seed) {
        this.inputs = inputs;
        this.signs = signs;
        stride = inputs[0].length + 1;
        weights = new Random(seed).doubles((long) hidden * stride, -0.5, 0.5).toArray();
    }

    MarginSet margins() {
        MarginSet.Builder builder = MarginSet.of(Loss.EXPONENTIAL);
        for (int i = 0; i < inputs.length; i++) {
            double logit = 0;
            for (int unit = 0; unit < weights.length; unit += stride) {
                logit += weights[unit + stride - 1] * Math.max(0, activation(unit, inputs[i]));
            }
            builder.add(logit, signs[i] > 0);
        }
        return builder.build();
    }

    /** Of the sum of the losses, divided by exp(logScale). */
    double[] gradient(MarginSet margins, double logScale) {
        double[] gradient = new double[weights.length];
        double[] q = margins.margins();
        for (int i = 0; i < inputs.length; i++) {
            double error = -signs[i] * Math.exp(-q[i] - logScale);
            for (int unit = 0; unit < weights.length; unit += stride) {
                double activation = activation(unit, inputs[i]);
                if (activation > 0) {
                    int out = unit + stride - 1;
                    gradient[out] += error * activation;
                    for (int j = 0; j < stride - 1; j++) {
                        gradient[unit + j] += error * weights[out] * inputs[i][j];
                    }
                }
            }
        }
        return gradient;
    }

    /** A step with the damped loss-based rate c / (Loss max(1, log 1/Loss)). */
    void step(double c) {
        MarginSet margins = margins();
        double logSum = margins.logLossSum();
        double[] gradient = gradient(margins, logSum);
        for (int i = 0; i < weights.length; i++) {
            weights[i] -= c / Math.max(1, -logSum) * gradient[i];
        }
    }

    double normalizedMargin() {
        return NormalizedMargin.of(margins().minimum(), Vectors.norm(weights), 2);
    }

    private double activation(int unit, double[] input) {
        double sum = 0;
        for (int j = 0; j < stride - 1; j++) {
            sum += weights[unit + j] * input[j];
        }
        return sum;
    }
}
