package io.github.dl4jaskew.internal.samediff;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Stands in a SameDiff training configuration for a regularization that acts behind the updater, such as weight decay.
 * {@link VariableUpdater} applies the original, so that the rule sees what it does; only its score is given here.
 *
 * @param original the user's regularization
 */
record DeferredRegularization(@JsonProperty("original") Regularization original) implements Regularization {

    private static final long serialVersionUID = 1L;

    @JsonCreator
    DeferredRegularization {}

    @Override
    public ApplyStep applyStep() {
        return ApplyStep.POST_UPDATER;
    }

    /** Does nothing: it has been done. */
    @Override
    public void apply(INDArray param, INDArray gradView, double lr, int iteration, int epoch) {}

    @Override
    public double score(INDArray param, int iteration, int epoch) {
        return original.score(param, iteration, epoch);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public DeferredRegularization clone() {
        return new DeferredRegularization(original.clone());
    }
}
