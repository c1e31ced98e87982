package io.github.dl4jaskew.margin.metrics;

import java.util.List;

/**
 * The margins of a data set that is not trained on, such as a test set.
 *
 * @param counts how many examples, rows of them and outputs the margins belong to
 * @param minimumMargin smallest q
 * @param largestMargin largest q
 * @param quantiles of q, at the same probabilities as those of the training set
 * @param accuracy share of q above 0, 0 to 1; a tie of logits counts as an error
 * @param hardest examples with the smallest margins, the smallest first
 * @param classes of each class with an example, if asked for
 */
public record MarginSummary(
        MarginCounts counts,
        double minimumMargin,
        double largestMargin,
        List<Double> quantiles,
        double accuracy,
        List<ExampleMargin> hardest,
        List<ClassMargins> classes) {

    /** Copies the lists. */
    public MarginSummary {
        quantiles = List.copyOf(quantiles);
        hardest = List.copyOf(hardest);
        classes = List.copyOf(classes);
    }
}
