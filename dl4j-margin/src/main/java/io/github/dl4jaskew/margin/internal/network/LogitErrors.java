package io.github.dl4jaskew.margin.internal.network;

import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The loss function of a replica: the errors of the logits, computed in double and scaled so that they do not underflow
 * on their way back. DL4J hands it logits, labels and mask as rows whatever the layer's shape.
 */
public final class LogitErrors implements ILossFunction {

    private static final long serialVersionUID = 1;

    /** Turns a row of logits into a row of errors, in place. */
    @FunctionalInterface
    public interface RowErrors {
        void apply(LogitRows logits, LogitRows labels, int row, double[] errors);
    }

    private transient @Nullable RowErrors errors;
    private int exponent;

    /** Errors of 0, until {@link #set}. */
    public static LogitErrors none() {
        return new LogitErrors();
    }

    public void set(@Nullable RowErrors errors) {
        this.errors = errors;
    }

    /** The power of 2 that turns the replica's logits into the network's. */
    void scale(int exponent) {
        this.exponent = exponent;
    }

    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activationFn, @Nullable INDArray mask) {
        INDArray gradient = Nd4j.zeros(preOutput.dataType(), preOutput.shape());
        RowErrors rowErrors = errors;
        if (rowErrors == null) {
            return gradient;
        }
        LogitRows logits = LogitRows.of(preOutput, false).scaled(exponent);
        LogitRows targets = LogitRows.of(labels, false);
        boolean[] counted = LogitRows.counted(mask, logits.count(), logits.count());
        double[] all = new double[logits.count() * logits.columns()];
        double[] row = new double[logits.columns()];
        for (int i = 0; i < logits.count(); i++) {
            if (counted == null || counted[i]) {
                rowErrors.apply(logits, targets, i, row);
                System.arraycopy(row, 0, all, i * row.length, row.length);
            }
        }
        gradient.assign(Nd4j.createFromArray(all).reshape('c', preOutput.shape()));
        return gradient;
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        return 0;
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        return Nd4j.zeros(preOutput.dataType(), preOutput.size(0), 1);
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        return new Pair<>(0.0, computeGradient(labels, preOutput, activationFn, mask));
    }

    @Override
    public String name() {
        return "margin";
    }
}
