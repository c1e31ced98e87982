package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.metrics.Alignment;
import io.github.dl4jaskew.margin.metrics.CollapseMetrics;
import io.github.dl4jaskew.margin.metrics.EffectiveStep;
import io.github.dl4jaskew.margin.metrics.EulerResidual;
import io.github.dl4jaskew.margin.metrics.Finite;
import io.github.dl4jaskew.margin.metrics.GradientMetrics;
import io.github.dl4jaskew.margin.metrics.KktResiduals;
import io.github.dl4jaskew.margin.metrics.LayerBalance;
import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.metrics.MarginProgress;
import io.github.dl4jaskew.margin.metrics.MarginSet;
import io.github.dl4jaskew.margin.metrics.MarginStationarity;
import io.github.dl4jaskew.margin.metrics.NearMargin;
import io.github.dl4jaskew.margin.metrics.NormalizedMargin;
import io.github.dl4jaskew.margin.metrics.RobustnessMetrics;
import io.github.dl4jaskew.margin.metrics.SmoothedMargin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The metrics of a network at one moment, and the reasons for what is left empty. Not thread safe. */
public final class Measurement {

    /** The exponential of more is beyond double, and a sum that large has no inverse. */
    private static final double LARGEST_LOG = 709;

    private final MarginSet margins;
    private final CollectedMargins collected;
    private Optional<CollectedMargins> test = Optional.empty();
    private final ReplicaWeights weights;
    private final OptionalDouble degree;
    private final boolean isChain;
    private final @Nullable Loss loss;
    private final List<String> reasons;
    private Optional<GradientMetrics> gradient = Optional.empty();
    private Optional<MarginStationarity> marginStationarity = Optional.empty();
    private Optional<CollapseMetrics> collapse = Optional.empty();
    private Optional<MarginProgress> progress = Optional.empty();
    private Optional<NearMargin> nearMargin = Optional.empty();
    private Optional<RobustnessMetrics> robustness = Optional.empty();

    public Measurement(CollectedMargins margins, ReplicaWeights weights, Degree degree, @Nullable Loss loss) {
        this.collected = margins;
        this.margins = margins.set();
        this.weights = weights;
        this.degree = degree.value();
        this.isChain = degree.isChain();
        this.loss = loss;
        this.reasons = new ArrayList<>(degree.reasons());
    }

    public MarginSet margins() {
        return margins;
    }

    public CollectedMargins collected() {
        return collected;
    }

    public void addTest(CollectedMargins margins) {
        test = Optional.of(margins);
    }

    public Optional<CollectedMargins> test() {
        return test;
    }

    public void exclude(String reason) {
        reasons.add(reason);
    }

    public void add(RobustnessMetrics metrics) {
        robustness = Optional.of(metrics);
    }

    public Optional<RobustnessMetrics> robustness() {
        return robustness;
    }

    public void add(CollapseMetrics metrics) {
        collapse = Optional.of(metrics);
    }

    void add(NearMargin margin) {
        nearMargin = Optional.of(margin);
    }

    public Optional<NearMargin> nearMargin() {
        return nearMargin;
    }

    public void add(MarginStationarity metrics) {
        marginStationarity = Optional.of(metrics);
    }

    public Optional<MarginStationarity> marginStationarity() {
        return marginStationarity;
    }

    /** Measures the progress of the margin, or says why there is none. */
    public void addProgress(int iteration, Trajectory trajectory, Optional<SgdRate> rate) {
        if (degree.isPresent() && loss != null && rate.isPresent()) {
            progress = Optional.of(trajectory.progress(iteration, rate.get(), this, degree.getAsDouble()));
            return;
        }
        trajectory.stopClock();
        // without degree or loss there is a reason already
        if (degree.isPresent() && loss != null) {
            exclude(
                    "progress and effective step: the weights are not all trained by plain SGD at one rate above 0, without"
                            + " gradient normalization");
        }
    }

    public Optional<MarginProgress> progress() {
        return progress;
    }

    public void add(FullGradient full, Trajectory trajectory, Optional<SgdRate> rate) {
        double size = Norm.of(full.values());
        if (size == 0) {
            exclude("gradient: it is exactly 0");
            return;
        } else if (!Double.isFinite(size)) {
            exclude("gradient: it is not finite; examples that are masked must be finite too");
            return;
        }
        Alignment now = Alignment.of(weights.values(), full.values());
        Optional<Trajectory.Window> window = Optional.empty();
        OptionalDouble euler = OptionalDouble.empty();
        OptionalDouble step = OptionalDouble.empty();
        Optional<KktResiduals> kkt = Optional.empty();
        if (degree.isPresent()) {
            double d = degree.getAsDouble();
            window = trajectory.windowed(full, margins, weights, d);
            euler = Finite.of(EulerResidual.of(Norm.dot(full.values(), weights.values()), full.logScale(), margins, d));
            if (rate.isPresent()) {
                step = Finite.of(EffectiveStep.of(
                        rate.get().rate(),
                        // the mean that DL4J takes is over examples, whatever they have of time steps and outputs
                        collected.counts().examples(),
                        weights.norm(),
                        d,
                        margins.logDerivativeSum() + rate.get().logFactor()));
            }
            if (margins.minimum() > 0) {
                kkt = Optional.of(KktResiduals.of(
                        margins.minimum(),
                        weights.norm(),
                        d,
                        now,
                        // the scale that both have cancels, and beside 1e17 nothing else would be left
                        Math.log(size),
                        Math.log(full.slack())));
            } else {
                exclude("KKT residuals and windowed alignment: the minimum margin is not positive");
            }
        }
        gradient = Optional.of(new GradientMetrics(
                now.beta(),
                Finite.of(now.stationarity()),
                window.map(w -> OptionalDouble.of(w.alignment().beta())).orElse(OptionalDouble.empty()),
                window.map(w -> OptionalDouble.of(w.radius())).orElse(OptionalDouble.empty()),
                full.nearKinks(),
                kkt.map(k -> OptionalDouble.of(k.epsilon())).orElse(OptionalDouble.empty()),
                kkt.map(k -> OptionalDouble.of(k.delta())).orElse(OptionalDouble.empty()),
                step,
                margins.effectiveSupport(),
                euler));
    }

    public ReplicaWeights weights() {
        return weights;
    }

    public OptionalDouble degree() {
        return degree;
    }

    public Optional<Loss> loss() {
        return Optional.ofNullable(loss);
    }

    public OptionalDouble logLossSum() {
        return loss == null ? OptionalDouble.empty() : OptionalDouble.of(margins.logLossSum());
    }

    public List<String> reasons() {
        return reasons;
    }

    public Optional<GradientMetrics> gradient() {
        return gradient;
    }

    public Optional<CollapseMetrics> collapse() {
        return collapse;
    }

    public OptionalDouble normalizedMargin() {
        return normalized(weights.norm());
    }

    public OptionalDouble linfNormalizedMargin() {
        return normalized(weights.largest());
    }

    public OptionalDouble l1NormalizedMargin() {
        return normalized(weights.sum());
    }

    private OptionalDouble normalized(double norm) {
        return degree.isEmpty()
                ? OptionalDouble.empty()
                : Finite.of(NormalizedMargin.of(margins.minimum(), norm, degree.getAsDouble()));
    }

    public OptionalDouble productNormalizedMargin() {
        double[] norms = weights.norms();
        boolean defined = isChain && Arrays.stream(norms).allMatch(n -> n > 0);
        return defined ? Finite.of(NormalizedMargin.byLayers(margins.minimum(), norms)) : OptionalDouble.empty();
    }

    /** Empty where the layers are no chain. */
    public double[] balance() {
        return isChain ? LayerBalance.of(weights.norms()) : new double[0];
    }

    public OptionalDouble smoothedMargin() {
        OptionalDouble logSum = logLossSum();
        boolean beyond = loss != Loss.EXPONENTIAL && logSum.orElse(0) > LARGEST_LOG;
        if (degree.isEmpty() || logSum.isEmpty() || loss == null || beyond) {
            return OptionalDouble.empty();
        }
        return Finite.of(SmoothedMargin.of(loss, logSum.getAsDouble(), weights.norm(), degree.getAsDouble()));
    }
}
