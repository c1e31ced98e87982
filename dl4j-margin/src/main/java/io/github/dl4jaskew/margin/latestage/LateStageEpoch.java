package io.github.dl4jaskew.margin.latestage;

/**
 * One epoch of {@link LossBasedTraining}. Losses are logarithms, as they leave the range of double at a margin of 745.
 *
 * @param number from 0, rejected epochs counted
 * @param accepted whether the loss fell; if not, the network is as it was before
 * @param rate learning rate that the updaters were given: alpha, or alpha over the damping
 * @param logLossBefore logarithm of the mean training loss at the epoch's start
 * @param logLossAfter logarithm of the mean training loss at the epoch's end, before it was taken back; NaN if
 *     weights or logits were not finite
 */
public record LateStageEpoch(int number, boolean accepted, double rate, double logLossBefore, double logLossAfter) {

    /**
     * {@return the learning rate with which plain SGD makes the same steps, {@code log eta}, where {@code eta = rate /
     * loss}}
     */
    public double logLearningRate() {
        return Math.log(rate) - logLossBefore;
    }

    /**
     * {@return the loss that the network has after this epoch, logarithm of the mean training loss, after a rejection
     * that of the start}
     */
    public double logLoss() {
        return accepted ? logLossAfter : logLossBefore;
    }
}
