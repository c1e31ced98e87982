package io.github.dl4jaskew.margin;

import io.github.dl4jaskew.margin.metrics.Alignment;
import io.github.dl4jaskew.margin.metrics.CollapseMetrics;
import io.github.dl4jaskew.margin.metrics.EffectiveStep;
import io.github.dl4jaskew.margin.metrics.EulerResidual;
import io.github.dl4jaskew.margin.metrics.Finite;
import io.github.dl4jaskew.margin.metrics.GradientMetrics;
import io.github.dl4jaskew.margin.metrics.KktResiduals;
import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.metrics.MarginSet;
import io.github.dl4jaskew.margin.metrics.NormalizedMargin;
import io.github.dl4jaskew.margin.metrics.SmoothedMargin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The metrics of a network at one moment, and the reasons for what is left empty. Not thread safe. */
final class Measurement {

    /** The exponential of more is beyond double, and a sum that large has no inverse. */
    private static final double LARGEST_LOG = 709;

    private final MarginSet margins;
    private final ReplicaWeights weights;
    private final OptionalDouble degree;
    private final @Nullable Loss loss;
    private final List<String> reasons;
    private Optional<GradientMetrics> gradient = Optional.empty();
    private Optional<CollapseMetrics> collapse = Optional.empty();

    Measurement(MarginSet margins, ReplicaWeights weights, Degree degree, @Nullable Loss loss) {
        this.margins = margins;
        this.weights = weights;
        this.degree = degree.value();
        this.loss = loss;
        this.reasons = new ArrayList<>(degree.reasons());
    }

    MarginSet margins() {
        return margins;
    }

    void refuse(String reason) {
        reasons.add(reason);
    }

    void add(CollapseMetrics metrics) {
        collapse = Optional.of(metrics);
    }

    void add(FullGradient full, Trajectory trajectory, Optional<SgdRate> rate) {
        double size = Norm.of(full.values());
        if (size == 0) {
            refuse("gradient: it is exactly 0");
            return;
        } else if (!Double.isFinite(size)) {
            refuse("gradient: it is not finite; examples that are masked must be finite too");
            return;
        }
        Alignment now = Alignment.of(weights.values(), full.values());
        OptionalDouble windowed = OptionalDouble.empty();
        OptionalDouble euler = OptionalDouble.empty();
        OptionalDouble step = OptionalDouble.empty();
        Optional<KktResiduals> kkt = Optional.empty();
        if (degree.isPresent()) {
            double d = degree.getAsDouble();
            Alignment average = trajectory.windowed(full, margins, weights, d);
            windowed = OptionalDouble.of(average.beta());
            euler = Finite.of(EulerResidual.of(Norm.dot(full.values(), weights.values()), full.logScale(), margins, d));
            if (rate.isPresent()) {
                step = Finite.of(EffectiveStep.of(
                        rate.get().rate(),
                        margins.size(),
                        weights.norm(),
                        d,
                        margins.logDerivativeSum() + rate.get().logFactor()));
            } else {
                refuse("effective step: the weights are not all trained by plain SGD at one rate above 0, without"
                        + " gradient normalization");
            }
            if (margins.minimum() > 0) {
                kkt = Optional.of(KktResiduals.of(
                        margins.minimum(),
                        weights.norm(),
                        d,
                        now,
                        Math.log(size) + full.logScale(),
                        Math.log(full.slack()) + full.logScale()));
            } else {
                refuse("KKT residuals: the minimum margin is not positive");
            }
        }
        gradient = Optional.of(new GradientMetrics(
                now.beta(),
                Finite.of(now.stationarity()),
                windowed,
                full.nearKinks(),
                kkt.map(k -> OptionalDouble.of(k.epsilon())).orElse(OptionalDouble.empty()),
                kkt.map(k -> OptionalDouble.of(k.delta())).orElse(OptionalDouble.empty()),
                step,
                margins.effectiveSupport(),
                euler));
    }

    ReplicaWeights weights() {
        return weights;
    }

    OptionalDouble degree() {
        return degree;
    }

    Optional<Loss> loss() {
        return Optional.ofNullable(loss);
    }

    OptionalDouble logLossSum() {
        return loss == null ? OptionalDouble.empty() : OptionalDouble.of(margins.logLossSum());
    }

    List<String> reasons() {
        return reasons;
    }

    Optional<GradientMetrics> gradient() {
        return gradient;
    }

    Optional<CollapseMetrics> collapse() {
        return collapse;
    }

    OptionalDouble normalizedMargin() {
        return degree.isEmpty()
                ? OptionalDouble.empty()
                : Finite.of(NormalizedMargin.of(margins.minimum(), weights.norm(), degree.getAsDouble()));
    }

    OptionalDouble productNormalizedMargin() {
        double[] norms = weights.norms();
        boolean defined = degree.isPresent() && Arrays.stream(norms).allMatch(n -> n > 0);
        return defined ? Finite.of(NormalizedMargin.byLayers(margins.minimum(), norms)) : OptionalDouble.empty();
    }

    OptionalDouble smoothedMargin() {
        OptionalDouble logSum = logLossSum();
        boolean beyond = loss != Loss.EXPONENTIAL && logSum.orElse(0) > LARGEST_LOG;
        if (degree.isEmpty() || logSum.isEmpty() || loss == null || beyond) {
            return OptionalDouble.empty();
        }
        return Finite.of(SmoothedMargin.of(loss, logSum.getAsDouble(), weights.norm(), degree.getAsDouble()));
    }
}
