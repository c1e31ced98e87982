package io.github.dl4jaskew.margin.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The margins of a set of examples, collected batch by batch. Immutable and thread safe.
 *
 * <p>Each example has a margin {@code q}, and a margin that its loss sees, which differs (as the {@link Margins#soft
 * soft margin}) for the cross entropy of three or more classes. All are kept, at 8 or 16 bytes for each example.
 */
public final class MarginSet {

    private final Loss loss;
    private final double[] margins;
    private final double[] lossMargins;
    private final double weightedMargin;
    private final int smallest;

    private MarginSet(Loss loss, double[] margins, double[] lossMargins, double weightedMargin) {
        this.loss = loss;
        this.weightedMargin = weightedMargin;
        this.margins = margins;
        this.lossMargins = lossMargins;
        int index = 0;
        for (int i = 1; i < margins.length; i++) {
            index = margins[i] < margins[index] ? i : index;
        }
        smallest = index;
    }

    /**
     * An empty collection.
     *
     * @param loss that the network is trained with
     * @return a builder
     */
    public static Builder of(Loss loss) {
        return new Builder(loss);
    }

    /** {@return the loss, as given to {@link #of}} */
    public Loss loss() {
        return loss;
    }

    /** {@return the number N of examples, 1 or more} */
    public int size() {
        return margins.length;
    }

    /** {@return the margins, a copy, in the order in which the examples were added} */
    public double[] margins() {
        return margins.clone();
    }

    /** {@return the margins that the loss sees, a copy; equal to {@link #margins} but for cross entropy} */
    public double[] lossMargins() {
        return lossMargins.clone();
    }

    /**
     * The smallest margin. Of a part of the training set it is only an upper bound of the training set's.
     *
     * @return {@code q_min}
     */
    public double minimum() {
        return margins[smallest];
    }

    /** {@return the largest margin} */
    public double maximum() {
        return Arrays.stream(margins).max().getAsDouble();
    }

    /**
     * {@return the example with the smallest margin; the first, if several have it, its place in the order of addition,
     * from 0}
     */
    public int indexOfMinimum() {
        return smallest;
    }

    /**
     * The share of examples with a positive margin. A tie of logits counts as an error.
     *
     * @return 0 to 1
     */
    public double accuracy() {
        return (double) Arrays.stream(margins).filter(q -> q > 0).count() / margins.length;
    }

    /**
     * A quantile of the margins, by linear interpolation between order statistics.
     *
     * @param probabilities each 0 (the minimum) to 1 (the maximum)
     * @return one quantile for each
     * @throws IllegalArgumentException if a probability is out of range
     */
    public double[] quantiles(double... probabilities) {
        return MarginQuantiles.of(margins, probabilities);
    }

    /** {@return the histogram of the margins; see {@link MarginHistogram#of}} */
    public MarginHistogram histogram() {
        return MarginHistogram.of(margins);
    }

    /** {@return the support counts; see {@link SupportCounts#of}} */
    public int[] supportCounts() {
        return SupportCounts.of(margins);
    }

    /** {@return the logarithm of the sum of the losses; see {@link Loss#logSum}} */
    public double logLossSum() {
        return loss.logSum(lossMargins);
    }

    /** {@return the logarithm of the sum of {@code |l'|}; see {@link Loss#logDerivativeSum}} */
    public double logDerivativeSum() {
        return loss.logDerivativeSum(lossMargins);
    }

    /**
     * {@return the logarithm of the largest {@code |l'|}: scale the output's error by its inverse before
     * backpropagation, or the gradient underflows late in training, {@code log of the largest |l'(q_i)|}}
     */
    public double logLargestDerivative() {
        return loss.logDerivative(Arrays.stream(lossMargins).min().getAsDouble());
    }

    /**
     * {@return the logarithm of {@code Sum |l'(q_i)|} over the largest of them, 0 to log N, which the difference of {@link
     * #logDerivativeSum} and {@link #logLargestDerivative} loses where the margins are beyond 1e15}
     */
    public double logRelativeDerivativeSum() {
        double largest = logLargestDerivative();
        LogSum sum = new LogSum();
        for (double margin : lossMargins) {
            sum.add(loss.logDerivative(margin) - largest);
        }
        return sum.value();
    }

    /**
     * The mean of the margins, weighted by {@code |l'|}: {@code Sum |l'(q_i)| q_i / Sum |l'(q_i)|}. For cross entropy,
     * q_i is here the {@link Margins#mean mean} difference of logits, which makes Euler's identity exact.
     *
     * @return the mean
     */
    public double weightedMargin() {
        return weightedMargin;
    }

    /** {@return the number of examples that the gradient comes from; see {@link EffectiveSupport#of}} */
    public double effectiveSupport() {
        return EffectiveSupport.of(loss, lossMargins);
    }

    /** Collects examples. Mutable, not thread safe. */
    public static final class Builder {

        private final Loss loss;
        private double[] margins = new double[64];
        private double @Nullable [] soft;
        private final WeightedMean weighted = new WeightedMean();
        private int size;

        private Builder(Loss loss) {
            this.loss = loss;
            soft = loss == Loss.CROSS_ENTROPY ? new double[64] : null;
        }

        /**
         * Adds an example of two classes with one logit.
         *
         * @param logit finite; positive speaks for the positive class
         * @param positive whether the example is of the positive class
         * @return this
         * @throws IllegalArgumentException if the logit is not finite
         */
        public Builder add(double logit, boolean positive) {
            double margin = Margins.binary(logit, positive);
            return add(margin, margin, margin);
        }

        /**
         * Adds an example with one logit for each class.
         *
         * @param logits at least 2, finite
         * @param label index of the true class
         * @return this
         * @throws IllegalArgumentException if there are fewer than 2 logits, one is not finite, the label is no class,
         *     or there are three classes or more and the loss is not cross entropy
         */
        public Builder add(double[] logits, int label) {
            double margin = Margins.multiClass(logits, label);
            if (loss == Loss.CROSS_ENTROPY) {
                return add(margin, Margins.soft(logits, label), Margins.mean(logits, label));
            }
            if (logits.length > 2) {
                throw new IllegalArgumentException(
                        logits.length + " logits were given; the loss " + loss + " is for two classes");
            }
            return add(margin, margin, margin);
        }

        /**
         * Adds all examples of another set.
         *
         * @param other with the same loss
         * @return this
         * @throws IllegalArgumentException if the losses differ
         */
        public Builder addAll(MarginSet other) {
            if (other.loss != loss) {
                throw new IllegalArgumentException("loss is " + other.loss + "; this set has " + loss);
            }
            for (int i = 0; i < other.size(); i++) {
                keep(other.margins[i], other.lossMargins[i]);
            }
            weighted.add(other.logDerivativeSum(), other.weightedMargin);
            return this;
        }

        /**
         * The set of all examples that were added. The builder may be used further.
         *
         * @return the set
         * @throws IllegalStateException if no example was added
         */
        public MarginSet build() {
            if (size == 0) {
                throw new IllegalStateException("no example was added");
            }
            double[] all = Arrays.copyOf(margins, size);
            return new MarginSet(loss, all, soft == null ? all : Arrays.copyOf(soft, size), weighted.value());
        }

        private Builder add(double margin, double lossMargin, double meanMargin) {
            weighted.add(loss.logDerivative(lossMargin), meanMargin);
            keep(margin, lossMargin);
            return this;
        }

        private void keep(double margin, double lossMargin) {
            if (size == margins.length) {
                margins = Arrays.copyOf(margins, 2 * size);
                soft = soft == null ? null : Arrays.copyOf(soft, 2 * size);
            }
            if (soft != null) {
                soft[size] = lossMargin;
            }
            margins[size++] = margin;
        }
    }
}
