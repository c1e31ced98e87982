package io.github.dl4jaskew.margin.metrics;

/** A linear model without bias on examples that are already multiplied by their label, of degree 1. */
final class LinearModel {

    final double[][] examples;
    final Loss loss;
    final double[] weights;

    LinearModel(Loss loss, double[]... examples) {
        this.loss = loss;
        this.examples = examples;
        weights = new double[examples[0].length];
    }

    MarginSet margins() {
        MarginSet.Builder builder = MarginSet.of(loss);
        for (double[] example : examples) {
            builder.add(Vectors.dot(weights, example), true);
        }
        return builder.build();
    }

    /** Of the sum of the losses, divided by exp(logScale). */
    double[] gradient(double logScale) {
        double[] gradient = new double[weights.length];
        for (double[] example : examples) {
            double derivative = Math.exp(loss.logDerivative(Vectors.dot(weights, example)) - logScale);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] -= derivative * example[i];
            }
        }
        return gradient;
    }

    void step(double rate, double logScale) {
        double[] gradient = gradient(logScale);
        for (int i = 0; i < weights.length; i++) {
            weights[i] -= rate * gradient[i];
        }
    }

    double norm() {
        return Vectors.norm(weights);
    }

    double normalizedMargin() {
        return NormalizedMargin.of(margins().minimum(), norm(), 1);
    }
}
