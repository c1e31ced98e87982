package io.github.dl4jaskew.margin.homogeneity;

import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** The sum of logits times labels, whose gradient with respect to the logits are the labels. */
final class LinearLoss implements ILossFunction {

    private static final long serialVersionUID = 1L;

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        INDArray output = activation.getActivation(preOutput.dup(), true);
        return labels.mul(output).sumNumber().doubleValue();
    }

    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return labels.mul(activation.getActivation(preOutput.dup(), true)).sum(true, 1);
    }

    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return activation.backprop(preOutput, labels.dup()).getFirst();
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        double score = computeScore(labels, preOutput, activation, mask, average);
        return Pair.of(score, computeGradient(labels, preOutput, activation, mask));
    }

    @Override
    public String name() {
        return "linear";
    }
}
