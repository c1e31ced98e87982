package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.LogitRows;
import io.github.dl4jaskew.margin.internal.network.OutputHead;
import io.github.dl4jaskew.margin.metrics.ExampleMargin;
import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.metrics.MarginSet;
import io.github.dl4jaskew.margin.metrics.Margins;
import io.github.dl4jaskew.margin.metrics.SupportPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads margins, and the errors of the logits, off rows of logits and labels. Three cases: one logit and labels 0 or 1;
 * several logits and one-hot labels (or indices of classes); several logits, each with its own label 0 or 1. Immutable.
 */
final class MarginReader {

    private final OutputHead head;
    private final int outputs;
    private final boolean independent;
    private final @Nullable Loss loss;

    MarginReader(OutputHead head, int outputs, boolean independent, @Nullable Loss named) {
        this.head = head;
        this.outputs = outputs;
        this.independent = independent;
        this.loss = named == null ? head.loss(outputs, independent) : named;
        if (outputs == 1 && head.isSoftmax()) {
            throw new IllegalArgumentException("layer \"" + head.name()
                    + "\" applies softmax to a single logit, which always gives 1; use sigmoid or two outputs");
        }
        if (independent && loss == Loss.CROSS_ENTROPY) {
            throw new IllegalArgumentException("the outputs are independent, and the loss is CROSS_ENTROPY of classes; "
                    + "allowed are LOGISTIC and EXPONENTIAL");
        }
        if (!independent && outputs > 2 && loss != null && loss != Loss.CROSS_ENTROPY) {
            throw new IllegalArgumentException(
                    "the loss is " + loss + ", for one logit or two; layer \"" + head.name() + "\" has " + outputs);
        }
    }

    /** Empty if the loss is not known as a function of the margin. */
    Optional<Loss> loss() {
        return Optional.ofNullable(loss);
    }

    int outputs() {
        return outputs;
    }

    /** 1 for classes; one for each of several independent outputs. */
    int marginsOfRow() {
        return isSingle() ? outputs : 1;
    }

    MarginSet.Builder newSet() {
        return MarginSet.of(loss != null ? loss : isSingle() ? Loss.LOGISTIC : Loss.CROSS_ENTROPY);
    }

    private boolean isSingle() {
        return outputs == 1 || independent;
    }

    /** Refuses labels that do not fit the logits. */
    void check(LogitRows logits, LogitRows labels) {
        int expected = head.hasClassIndices() ? 1 : outputs;
        if (labels.columns() != expected || labels.count() != logits.count()) {
            throw new IllegalArgumentException("labels have " + labels.count() + " rows of " + labels.columns()
                    + "; layer \"" + head.name() + "\" needs " + logits.count() + " rows of " + expected);
        }
    }

    /**
     * Adds the margin of a row, or those of its columns.
     *
     * @param example number of the row's example in the data
     * @param position of the row within it
     * @param scratch of the length of a row
     */
    void add(
            LogitRows logits,
            LogitRows labels,
            int row,
            int example,
            int position,
            double[] scratch,
            MarginSet.Builder set,
            PlacedMargins places) {
        logits.copyRow(row, scratch);
        for (int j = 0; j < outputs; j++) {
            if (!Double.isFinite(scratch[j])) {
                throw new IllegalArgumentException("logit " + j + " of a minibatch's row " + row + " is " + scratch[j]
                        + ": training has diverged, or the data are not finite");
            }
        }
        if (isSingle()) {
            for (int j = 0; j < outputs; j++) {
                boolean positive = isPositive(labels.get(row, j));
                set.add(scratch[j], positive);
                double margin = Margins.binary(scratch[j], positive);
                int label = positive ? 1 : 0;
                places.count(j, label, margin);
                if (places.isHard(margin)) {
                    places.keep(new ExampleMargin(example, position, j, label, 1 - label, margin));
                }
            }
        } else {
            int label = labelOf(labels, row);
            set.add(scratch, label);
            int runnerUp = runnerUp(scratch, label);
            double margin = scratch[label] - scratch[runnerUp];
            places.count(0, label, margin);
            if (places.isHard(margin)) {
                places.keep(new ExampleMargin(example, position, 0, label, runnerUp, margin));
            }
        }
    }

    private static int runnerUp(double[] logits, int label) {
        int best = label == 0 ? 1 : 0;
        for (int j = best + 1; j < logits.length; j++) {
            best = j != label && logits[j] > logits[best] ? j : best;
        }
        return best;
    }

    /**
     * A margin {@code s_y - s_j}, or that of one logit.
     *
     * @param position of the row within its example
     */
    record Pair(int position, int output, int label, int other, double margin) {
        SupportPair support(int example, double multiplier) {
            return new SupportPair(example, position, output, label, other, margin, multiplier);
        }
    }

    /** The margins of a row with each other class, or of each of its columns. */
    List<Pair> pairs(LogitRows logits, LogitRows labels, int row, int position) {
        List<Pair> pairs = new ArrayList<>();
        for (int j = 0; j < outputs; j++) {
            if (isSingle()) {
                boolean positive = isPositive(labels.get(row, j));
                double margin = Margins.binary(logits.get(row, j), positive);
                pairs.add(new Pair(position, j, positive ? 1 : 0, positive ? 0 : 1, margin));
            } else {
                int label = labelOf(labels, row);
                if (j != label) {
                    pairs.add(new Pair(position, 0, label, j, logits.get(row, label) - logits.get(row, j)));
                }
            }
        }
        return pairs;
    }

    /** The derivatives of a pair's margin by the logits of its row, into an array of zeros. */
    void marginErrors(Pair pair, double[] errors) {
        if (isSingle()) {
            errors[pair.output()] = pair.label() == 1 ? 1 : -1;
        } else {
            errors[pair.label()] = 1;
            errors[pair.other()] = -1;
        }
    }

    /** How many classes there are besides that of the label, in a row with classes. */
    int otherClasses() {
        return Math.max(1, outputs - 1);
    }

    /** The pair of a row with classes and the n-th other class; the derivatives of its margin by the logits go to the array. */
    Pair marginError(LogitRows logits, LogitRows labels, int row, int n, double[] errors) {
        Pair pair;
        if (isSingle()) {
            pair = pairs(logits, labels, row, 0).get(0);
        } else {
            int label = labelOf(labels, row);
            int other = n < label ? n : n + 1;
            pair = new Pair(0, 0, label, other, logits.get(row, label) - logits.get(row, other));
        }
        Arrays.fill(errors, 0);
        marginErrors(pair, errors);
        return pair;
    }

    /** The most that a margin changes with the logits, in their euclidean norm. */
    double marginLipschitz() {
        return isSingle() ? 1 : Math.sqrt(2);
    }

    /** The derivatives of a row's loss by its logits, divided by {@code exp(logScale)}. */
    void errors(LogitRows logits, LogitRows labels, int row, double logScale, double[] errors) {
        Loss known = loss().orElseThrow();
        logits.copyRow(row, errors);
        if (isSingle()) {
            for (int j = 0; j < outputs; j++) {
                boolean positive = isPositive(labels.get(row, j));
                double size = Math.exp(known.logDerivative(Margins.binary(errors[j], positive)) - logScale);
                errors[j] = positive ? -size : size;
            }
            return;
        }
        int label = labelOf(labels, row);
        double seen = known == Loss.CROSS_ENTROPY ? Margins.soft(errors, label) : Margins.multiClass(errors, label);
        double size = Math.exp(known.logDerivative(seen) - logScale);
        double largest = errors[runnerUp(errors, label)];
        double sum = 0;
        for (int j = 0; j < outputs; j++) {
            // relative to the largest, as log(sum) is lost beside logits of 1e17 and more
            errors[j] = j == label ? 0 : Math.exp(errors[j] - largest);
            sum += errors[j];
        }
        for (int j = 0; j < outputs; j++) {
            errors[j] = j == label ? -size : size * (errors[j] / sum);
        }
    }

    /** How much the row's pairs are above the smallest margin, weighted by its {@link #errors}. */
    double slack(LogitRows logits, LogitRows labels, int row, double minimum, double[] errors) {
        double[] own = new double[outputs];
        logits.copyRow(row, own);
        if (!isSingle()) {
            return Margins.slack(own, labelOf(labels, row), errors, minimum);
        }
        double slack = 0;
        for (int j = 0; j < outputs; j++) {
            double margin = Margins.binary(own[j], isPositive(labels.get(row, j)));
            slack = Math.max(slack, Math.abs(errors[j]) * (margin - minimum));
        }
        return slack;
    }

    /** Whether an example belongs to one of several classes; two, if there is one logit. */
    boolean hasClasses() {
        return outputs == 1 || !independent;
    }

    int classOf(LogitRows labels, int row) {
        if (isSingle()) {
            return isPositive(labels.get(row, 0)) ? 1 : 0;
        }
        return labelOf(labels, row);
    }

    int predicted(LogitRows logits, int row) {
        if (isSingle()) {
            return logits.get(row, 0) > 0 ? 1 : 0;
        }
        int best = 0;
        for (int j = 1; j < outputs; j++) {
            best = logits.get(row, j) > logits.get(row, best) ? j : best;
        }
        return best;
    }

    private static boolean isPositive(double label) {
        if (label == 1) {
            return true;
        }
        if (label == 0 || label == -1) {
            return false;
        }
        throw new IllegalArgumentException("a label is " + label + "; allowed are 0 and 1, or -1 and 1");
    }

    private int labelOf(LogitRows labels, int row) {
        if (head.hasClassIndices()) {
            double index = labels.get(row, 0);
            if (!(index >= 0 && index < outputs && index == Math.rint(index))) {
                throw new IllegalArgumentException(
                        "a label is " + index + "; allowed are the classes 0 to " + (outputs - 1));
            }
            return (int) index;
        }
        int label = -1;
        for (int j = 0; j < outputs; j++) {
            double value = labels.get(row, j);
            if (value != 0 && (value != 1 || label >= 0)) {
                throw notOneHot(labels, row);
            }
            label = value == 1 ? j : label;
        }
        if (label < 0) {
            throw notOneHot(labels, row);
        }
        return label;
    }

    private IllegalArgumentException notOneHot(LogitRows labels, int row) {
        double[] values = new double[outputs];
        labels.copyRow(row, values);
        return new IllegalArgumentException("labels of a minibatch's row " + row + " are " + Arrays.toString(values)
                + "; they must be one-hot, or each 0 or 1 with independentOutputs()");
    }
}
