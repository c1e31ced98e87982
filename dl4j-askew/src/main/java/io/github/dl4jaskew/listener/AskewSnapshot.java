package io.github.dl4jaskew.listener;

import io.github.dl4jaskew.interval.CellHistogram;
import io.github.dl4jaskew.plan.AskewPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that {@link AskewListener} knows of a network at one iteration, for its receivers. Immutable.
 *
 * @param network number of the network among those that share the listener: 0 for the first
 * @param plan what is installed on it
 * @param report the figures
 * @param score the network's own score of its last minibatch, as DL4J has it; 0 before the first, NaN where it is not known
 * @param scores loss and accuracy on data of your own, or null if none was given
 * @param histograms where the weights lie, in the order of {@code report.parameters()}
 */
public record AskewSnapshot(
        int network,
        AskewPlan plan,
        AskewReport report,
        double score,
        @Nullable Scores scores,
        List<CellHistogram> histograms) {

    /**
     * Loss and accuracy on the same data.
     *
     * @param full loss with the weights as they are
     * @param quantized loss with the constrained weights on their nearest levels
     * @param fullAccuracy share of the examples whose largest output is that of their class, with the weights as they are;
     *     NaN unless the network has one output of at least two columns, and no time steps
     * @param quantizedAccuracy the same with the constrained weights on their nearest levels
     */
    public record Scores(double full, double quantized, double fullAccuracy, double quantizedAccuracy) {}

    /** Copies the list. */
    public AskewSnapshot {
        histograms = List.copyOf(histograms);
    }
}
