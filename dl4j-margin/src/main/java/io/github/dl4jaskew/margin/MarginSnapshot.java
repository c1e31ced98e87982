package io.github.dl4jaskew.margin;

import io.github.dl4jaskew.margin.internal.measure.CollectedMargins;
import io.github.dl4jaskew.margin.internal.measure.Measurement;
import io.github.dl4jaskew.margin.internal.measure.ReplicaWeights;
import io.github.dl4jaskew.margin.internal.measure.Trajectory;
import io.github.dl4jaskew.margin.metrics.ClassMargins;
import io.github.dl4jaskew.margin.metrics.CollapseMetrics;
import io.github.dl4jaskew.margin.metrics.ExampleMargin;
import io.github.dl4jaskew.margin.metrics.GradientMetrics;
import io.github.dl4jaskew.margin.metrics.LateStage;
import io.github.dl4jaskew.margin.metrics.LayerNorm;
import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.metrics.MarginCounts;
import io.github.dl4jaskew.margin.metrics.MarginHistogram;
import io.github.dl4jaskew.margin.metrics.MarginProgress;
import io.github.dl4jaskew.margin.metrics.MarginSet;
import io.github.dl4jaskew.margin.metrics.MarginStationarity;
import io.github.dl4jaskew.margin.metrics.MarginSummary;
import io.github.dl4jaskew.margin.metrics.NearMargin;
import io.github.dl4jaskew.margin.metrics.RobustnessMetrics;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One measurement of a network's margins. Immutable; what could not be measured is empty, and {@link #reasons} says why.
 * Nothing that was measured is NaN or infinite.
 *
 * <p>Symbols: q margin of an example, rho euclidean norm of all trained weights, L degree of homogeneity, Sum sum of the losses
 * over the data (never their mean), k iterations.
 *
 * @param iteration training steps done, k
 * @param epoch the epoch in which, counted from 0 as DL4J does
 * @param counts how many examples, rows of them and outputs the margins belong to; {@link MarginCounts#margins} is their number N
 * @param upperBound whether only some of the training data were seen, so that the minimum margin, and all that is
 *     derived from it, is an upper bound of that of the training set
 * @param minimumMargin smallest q
 * @param largestMargin largest q; NaN if the snapshot was read from a file that is older than this number
 * @param hardest the examples with the smallest q, the smallest first; one, unless more were asked for
 * @param classes margins of each class that has an example, if asked for
 * @param quantiles of q, at the probabilities {@link #QUANTILES}
 * @param histogram of all q; empty only in a snapshot that was read from a file that is older than it
 * @param accuracy share of q above 0, 0 to 1; a tie of logits counts as an error
 * @param supportCounts {@code #{q_i < q_min + log 10^j}} for j = 1 to 7
 * @param norm rho
 * @param layerNorms euclidean norm of each layer's trained weights
 * @param balance {@code ||W_l||^2 - ||W_(l+1)||^2} of layers that follow each other; empty unless all are a chain of degree 1 each
 * @param degree L, empty for a network that is not homogeneous
 * @param normalizedMargin {@code q_min / rho^L}
 * @param linfNormalizedMargin {@code q_min / ||w||_inf^L}, by the largest magnitude of a weight: the margin that sign descent, and
 *     in its way Adam, favours (Tsilivis et al., arXiv 2410.22069)
 * @param l1NormalizedMargin {@code q_min / ||w||_1^L}, by the sum of the magnitudes: that of coordinate descent (the same)
 * @param productNormalizedMargin {@code q_min / (||W_1|| ... ||W_L||)}; another number, of chains of layers of degree 1
 * @param smoothedMargin {@code l^-1(Sum) / rho^L}
 * @param loss l, empty if the network's loss is not known as a function of the margin
 * @param logLossSum {@code log Sum}, which holds where Sum itself is below any double
 * @param drift {@code ||u - u'||} of the direction {@code u = w / rho} since the measurement before; 0 to 2
 * @param normGrowth slope of {@code rho^L} against {@code log k} since the measurement before
 * @param progress how near the normalized margin is to its predicted limit, for plain SGD and a known loss
 * @param stage whether training is in its late stage
 * @param gradient what needs the gradient of the full training set, if asked for
 * @param marginStationarity how near the weights are to a critical point of the margin itself, if asked for
 * @param nearMargin margin of a nearly homogeneous network, with biases left out of the norm, if asked for
 * @param collapse neural collapse of the last hidden layer, if asked for
 * @param robustness how far examples are from the decision boundary, and spectral norms of the layers, if asked for
 * @param test margins of the second data set, if there is one
 * @param reasons what is empty and why, without what needs an earlier measurement; and, after "training:", what the training does
 *     besides gradient descent on the loss
 */
public record MarginSnapshot(
        int iteration,
        int epoch,
        MarginCounts counts,
        boolean upperBound,
        double minimumMargin,
        double largestMargin,
        List<ExampleMargin> hardest,
        List<ClassMargins> classes,
        List<Double> quantiles,
        Optional<MarginHistogram> histogram,
        double accuracy,
        List<Integer> supportCounts,
        double norm,
        List<LayerNorm> layerNorms,
        List<Double> balance,
        OptionalDouble degree,
        OptionalDouble normalizedMargin,
        OptionalDouble linfNormalizedMargin,
        OptionalDouble l1NormalizedMargin,
        OptionalDouble productNormalizedMargin,
        OptionalDouble smoothedMargin,
        Optional<Loss> loss,
        OptionalDouble logLossSum,
        OptionalDouble drift,
        OptionalDouble normGrowth,
        Optional<MarginProgress> progress,
        Stage stage,
        Optional<GradientMetrics> gradient,
        Optional<MarginStationarity> marginStationarity,
        Optional<NearMargin> nearMargin,
        Optional<CollapseMetrics> collapse,
        Optional<RobustnessMetrics> robustness,
        Optional<MarginSummary> test,
        List<String> reasons) {

    /** Probabilities of {@link #quantiles}. */
    public static final List<Double> QUANTILES = List.of(0.01, 0.1, 0.25, 0.5, 0.75, 0.9);

    /** Copies the lists. */
    public MarginSnapshot {
        hardest = List.copyOf(hardest);
        classes = List.copyOf(classes);
        quantiles = List.copyOf(quantiles);
        supportCounts = List.copyOf(supportCounts);
        layerNorms = List.copyOf(layerNorms);
        balance = List.copyOf(balance);
        reasons = List.copyOf(reasons);
    }

    static MarginSnapshot of(int iteration, int epoch, boolean upperBound, Measurement now, Trajectory before) {
        MarginSet margins = now.margins();
        ReplicaWeights weights = now.weights();
        return new MarginSnapshot(
                iteration,
                epoch,
                now.collected().counts(),
                upperBound,
                margins.minimum(),
                margins.maximum(),
                now.collected().hardest(),
                now.collected().classes(),
                quantiles(margins),
                Optional.of(margins.histogram()),
                margins.accuracy(),
                Arrays.stream(margins.supportCounts()).boxed().toList(),
                weights.norm(),
                weights.layerNorms(),
                boxed(now.balance()),
                now.degree(),
                now.normalizedMargin(),
                now.linfNormalizedMargin(),
                now.l1NormalizedMargin(),
                now.productNormalizedMargin(),
                now.smoothedMargin(),
                now.loss(),
                now.logLossSum(),
                before.drift(weights),
                before.normGrowth(iteration, weights, now.degree()),
                now.progress(),
                Stage.of(before.stage(iteration, margins, now.loss().orElse(null))),
                now.gradient(),
                now.marginStationarity(),
                now.nearMargin(),
                now.collapse(),
                now.robustness(),
                now.test().map(MarginSnapshot::summary),
                now.reasons());
    }

    /** {@return the number of examples in the data, masked ones included; see {@link #counts}} */
    public int examples() {
        return counts.examples();
    }

    /**
     * {@return the number of the example with the smallest margin, from 0, in the order in which the data were read, masked ones
     * included}
     */
    public int hardestExample() {
        return hardest.get(0).example();
    }

    private static List<Double> quantiles(MarginSet margins) {
        return boxed(margins.quantiles(
                QUANTILES.stream().mapToDouble(Double::doubleValue).toArray()));
    }

    private static MarginSummary summary(CollectedMargins data) {
        MarginSet margins = data.set();
        return new MarginSummary(
                data.counts(),
                margins.minimum(),
                margins.maximum(),
                quantiles(margins),
                margins.accuracy(),
                data.hardest(),
                data.classes());
    }

    private static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    /**
     * The late stage so far; see {@link LateStage}.
     *
     * @param entered whether the minimum margin is positive
     * @param entry iteration of the measurement after the last one with {@code q_min <= 0}
     * @param firstSeparated iteration of the first measurement with {@code q_min > 0}
     * @param firstBelowThreshold iteration of the first measurement with {@code Sum < l(0)}
     * @param timesLeft how often a positive minimum was followed by one that was not
     * @param lastLeft iteration at which the stage was last left
     */
    public record Stage(
            boolean entered,
            OptionalLong entry,
            OptionalLong firstSeparated,
            OptionalLong firstBelowThreshold,
            int timesLeft,
            OptionalLong lastLeft) {

        static Stage of(LateStage stage) {
            return new Stage(
                    stage.entered(),
                    stage.entry(),
                    stage.firstSeparated(),
                    stage.firstBelowThreshold(),
                    stage.timesLeft(),
                    stage.lastLeft());
        }
    }
}
