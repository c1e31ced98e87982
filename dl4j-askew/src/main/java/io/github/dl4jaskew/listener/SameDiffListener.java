package io.github.dl4jaskew.listener;

import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.ListenerResponse;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.listeners.records.LossCurve;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** SameDiff's events for an {@link AskewListener}. */
final class SameDiffListener extends BaseListener {

    private final AskewListener reporter;

    SameDiffListener(AskewListener reporter) {
        this.reporter = reporter;
    }

    @Override
    public boolean isActive(Operation operation) {
        return operation == Operation.TRAINING;
    }

    @Override
    public void iterationDone(SameDiff sd, At at, MultiDataSet dataSet, Loss loss) {
        if (reporter.isDueAfterIteration(at.iteration())) {
            reporter.report(sd, at.iteration(), at.epoch(), loss.totalLoss(), true);
        }
    }

    @Override
    public ListenerResponse epochEnd(SameDiff sd, At at, LossCurve lossCurve, long epochTimeMillis) {
        if (reporter.isDueAfterEpoch(at.epoch())) {
            reporter.report(sd, at.iteration(), at.epoch(), Double.NaN, true);
        }
        reporter.sayMissing();
        return ListenerResponse.CONTINUE;
    }
}
