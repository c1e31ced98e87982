package io.github.dl4jaskew.margin.metrics;

/**
 * How far one example is from the decision boundary, to first order, in the euclidean norm of its features; of all inputs, if there are
 * several. For networks whose logits are linear in the features it is exact.
 *
 * @param example its number in the data, from 0, in the order in which they were read; masked examples count
 * @param label the true class; with one logit 0 or 1
 * @param other the class that is the nearest in the features, which need not be that with the largest other logit
 * @param margin q, over this class
 * @param gradientNorm {@code ||grad_x q||}, above 0
 * @param distance {@code q / ||grad_x q||}, the smallest over all other classes; negative for an example that is predicted wrongly
 */
public record ExampleDistance(int example, int label, int other, double margin, double gradientNorm, double distance) {}
