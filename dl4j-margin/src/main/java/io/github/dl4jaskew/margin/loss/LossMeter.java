package io.github.dl4jaskew.margin.loss;

import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.metrics.MarginSet;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Stands in for an output layer's loss while a network scores data, and sums the losses by logarithms. It has no gradient,
 * and its scores are 0. Not thread safe; no part of a saved configuration.
 *
 * @serial exclude
 */
public final class LossMeter implements ILossFunction {

    private static final long serialVersionUID = 1L;

    private final Loss loss;

    @SuppressWarnings("serial") // never saved
    private final MarginSet.Builder margins;

    private boolean finite = true;

    /**
     * A meter that has seen nothing.
     *
     * @param loss what is summed
     */
    public LossMeter(Loss loss) {
        this.loss = loss;
        this.margins = MarginSet.of(loss);
    }

    /**
     * The mean loss of all examples that were scored.
     *
     * @return its logarithm; empty if a logit was not finite
     * @throws IllegalStateException if no example was scored
     */
    public OptionalDouble logMeanLoss() {
        if (!finite) {
            return OptionalDouble.empty();
        }
        MarginSet set = margins.build();
        return OptionalDouble.of(set.logLossSum() - Math.log(set.size()));
    }

    /**
     * Adds a minibatch.
     *
     * @return 0
     * @throws IllegalArgumentException if shapes, labels or mask do not fit the loss
     */
    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, @Nullable INDArray mask, boolean average) {
        OutputRows rows = OutputRows.of(loss, preOutput, labels, mask);
        for (int i = 0; i < rows.count(); i++) {
            if (rows.counts(i)) {
                finite &= rows.isFinite(i);
                if (finite) {
                    rows.addTo(margins, i);
                }
            }
        }
        return 0;
    }

    /**
     * Not supported.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activationFn, @Nullable INDArray mask) {
        throw measuresOnly();
    }

    /**
     * Not supported.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activationFn, @Nullable INDArray mask) {
        throw measuresOnly();
    }

    /**
     * Not supported.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, @Nullable INDArray mask, boolean average) {
        throw measuresOnly();
    }

    private static UnsupportedOperationException measuresOnly() {
        return new UnsupportedOperationException("a LossMeter measures; it cannot train");
    }

    @Override
    public String name() {
        return "LossMeter(" + loss + ")";
    }
}
