package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.metrics.ClassMargins;
import io.github.dl4jaskew.margin.metrics.ExampleMargin;
import io.github.dl4jaskew.margin.metrics.MarginCounts;
import io.github.dl4jaskew.margin.metrics.MarginSet;
import java.util.List;

/**
 * The margins of a data set.
 *
 * @param counts what the margins belong to
 * @param hardest examples with the smallest margins, the smallest first
 * @param classes empty if not asked for
 * @param logitSum sum of the magnitudes of all logits
 */
public record CollectedMargins(
        MarginSet set, MarginCounts counts, List<ExampleMargin> hardest, List<ClassMargins> classes, double logitSum) {}
