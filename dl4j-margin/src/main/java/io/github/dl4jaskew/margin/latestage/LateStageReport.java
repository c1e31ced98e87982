package io.github.dl4jaskew.margin.latestage;

import java.util.List;

/**
 * What a {@link LossBasedTraining} did.
 *
 * @param epochs all epochs in order, rejected ones too
 * @param logLoss logarithm of the mean training loss at the end
 * @param alpha where the rule has arrived; the initial rate of a training that continues from here
 */
public record LateStageReport(List<LateStageEpoch> epochs, double logLoss, double alpha) {

    /** Copies the list. */
    public LateStageReport {
        epochs = List.copyOf(epochs);
    }

    /** {@return how many epochs lowered the loss, 0 or more} */
    public int accepted() {
        return (int) epochs.stream().filter(LateStageEpoch::accepted).count();
    }

    /** {@return how many epochs were taken back, 0 or more} */
    public int rejected() {
        return epochs.size() - accepted();
    }
}
