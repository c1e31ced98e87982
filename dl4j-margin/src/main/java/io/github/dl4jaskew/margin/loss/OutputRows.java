package io.github.dl4jaskew.margin.loss;

import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.metrics.MarginSet;
import io.github.dl4jaskew.margin.metrics.Margins;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The logits, labels and mask of a minibatch in double, and the gradient of one example. */
final class OutputRows {

    private final Loss loss;
    private final int outputs;
    private final double[] logits;
    private final double[] labels;
    private final double @Nullable [] mask;

    private OutputRows(Loss loss, int outputs, double[] logits, double[] labels, double @Nullable [] mask) {
        this.loss = loss;
        this.outputs = outputs;
        this.logits = logits;
        this.labels = labels;
        this.mask = mask;
    }

    static OutputRows of(Loss loss, INDArray logits, INDArray labels, @Nullable INDArray mask) {
        if (logits.rank() != 2 || !labels.equalShapes(logits)) {
            throw new IllegalArgumentException("logits are " + Arrays.toString(logits.shape()) + " and labels "
                    + Arrays.toString(labels.shape()) + "; both must be [examples, outputs]");
        }
        boolean several = loss == Loss.CROSS_ENTROPY;
        if (several != logits.size(1) > 1) {
            throw new IllegalArgumentException(
                    "outputs are " + logits.size(1) + "; allowed for " + loss + " is " + (several ? "2 or more" : "1"));
        }
        if (mask != null && mask.length() != logits.size(0)) {
            throw new IllegalArgumentException("the mask is " + Arrays.toString(mask.shape())
                    + "; allowed is one value for each of " + logits.size(0) + " examples");
        }
        double[] counted = mask == null ? null : toArray(mask);
        if (counted != null && !Arrays.stream(counted).allMatch(m -> m == 0 || m == 1)) {
            throw new IllegalArgumentException("the mask is " + Arrays.toString(counted) + "; allowed are 0 and 1");
        }
        return new OutputRows(loss, Math.toIntExact(logits.size(1)), toArray(logits), toArray(labels), counted);
    }

    private static double[] toArray(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    int count() {
        return logits.length / outputs;
    }

    int outputs() {
        return outputs;
    }

    /** Whether the mask leaves the example. */
    boolean counts(int row) {
        return mask == null || mask[row] != 0;
    }

    boolean isFinite(int row) {
        return Arrays.stream(logits, row * outputs, (row + 1) * outputs).allMatch(Double::isFinite);
    }

    /** The margin that the loss sees. */
    double margin(int row) {
        return outputs == 1 ? Margins.binary(logits[row], isPositive(row)) : Margins.soft(logitsOf(row), label(row));
    }

    void addTo(MarginSet.Builder margins, int row) {
        if (outputs == 1) {
            margins.add(logits[row], isPositive(row));
        } else {
            margins.add(logitsOf(row), label(row));
        }
    }

    /**
     * Writes {@code exp(logScale) l'(q) dq/ds}. Of several classes, {@code dq/ds_y} is 1, and {@code -dq/ds_j} is the
     * softmax among the wrong ones, {@code exp(s_j - s_y + q)}.
     */
    void gradient(int row, double logScale, double[] gradient) {
        double margin = margin(row);
        double logSize = loss.logDerivative(margin) + logScale;
        if (outputs == 1) {
            gradient[0] = (isPositive(row) ? -1 : 1) * Math.exp(logSize);
            return;
        }
        int label = label(row);
        for (int j = 0; j < outputs; j++) {
            double logShare = logits[row * outputs + j] - logits[row * outputs + label] + margin;
            gradient[j] = j == label ? -Math.exp(logSize) : Math.exp(logSize + logShare);
        }
    }

    private double[] logitsOf(int row) {
        return Arrays.copyOfRange(logits, row * outputs, (row + 1) * outputs);
    }

    private boolean isPositive(int row) {
        if (labels[row] != 0 && labels[row] != 1) {
            throw badLabels(row);
        }
        return labels[row] == 1;
    }

    private int label(int row) {
        int label = -1;
        for (int j = 0; j < outputs; j++) {
            double value = labels[row * outputs + j];
            if (value != 0 && !(value == 1 && label < 0)) {
                throw badLabels(row);
            }
            label = value == 1 ? j : label;
        }
        if (label < 0) {
            throw badLabels(row);
        }
        return label;
    }

    private IllegalArgumentException badLabels(int row) {
        return new IllegalArgumentException("the labels of example " + row + " are "
                + Arrays.toString(Arrays.copyOfRange(labels, row * outputs, (row + 1) * outputs)) + "; allowed is "
                + (outputs == 1 ? "0 or 1" : "a single 1 among 0s"));
    }
}
