package io.github.dl4jaskew.margin;

import io.github.dl4jaskew.margin.metrics.CollapseMetrics;
import io.github.dl4jaskew.margin.metrics.Finite;
import io.github.dl4jaskew.margin.metrics.GradientMetrics;
import io.github.dl4jaskew.margin.metrics.MarginProgress;
import io.github.dl4jaskew.margin.metrics.MarginStationarity;
import io.github.dl4jaskew.margin.metrics.MarginSummary;
import io.github.dl4jaskew.margin.metrics.NearMargin;
import io.github.dl4jaskew.margin.metrics.RobustnessMetrics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The numbers of a snapshot by their names, in the order in which they are written. */
final class SnapshotColumns {

    static final Map<String, ToLongFunction<MarginSnapshot>> WHOLE = new LinkedHashMap<>();
    static final Map<String, Function<MarginSnapshot, OptionalDouble>> NUMBERS = new LinkedHashMap<>();
    static final Map<String, Function<GradientMetrics, OptionalDouble>> GRADIENT = new LinkedHashMap<>();
    static final Map<String, Function<MarginStationarity, OptionalDouble>> STATIONARITY = new LinkedHashMap<>();
    static final Map<String, Function<MarginProgress, OptionalDouble>> PROGRESS = new LinkedHashMap<>();
    static final Map<String, Function<NearMargin, OptionalDouble>> NEAR = new LinkedHashMap<>();
    static final Map<String, Function<MarginSummary, OptionalDouble>> TEST = new LinkedHashMap<>();
    static final Map<String, Function<RobustnessMetrics, OptionalDouble>> ROBUSTNESS = new LinkedHashMap<>();
    static final Map<String, Function<CollapseMetrics, OptionalDouble>> COLLAPSE = new LinkedHashMap<>();

    static {
        WHOLE.put("iteration", MarginSnapshot::iteration);
        WHOLE.put("epoch", MarginSnapshot::epoch);
        WHOLE.put("examples", MarginSnapshot::examples);
        WHOLE.put("rows", s -> s.counts().rows());
        WHOLE.put("masked", s -> s.counts().masked());
        WHOLE.put("outputs", s -> s.counts().outputs());
        WHOLE.put("hardestExample", MarginSnapshot::hardestExample);

        NUMBERS.put("minimumMargin", s -> OptionalDouble.of(s.minimumMargin()));
        NUMBERS.put("largestMargin", s -> Finite.of(s.largestMargin()));
        NUMBERS.put("accuracy", s -> OptionalDouble.of(s.accuracy()));
        NUMBERS.put("norm", s -> OptionalDouble.of(s.norm()));
        NUMBERS.put("degree", MarginSnapshot::degree);
        NUMBERS.put("normalizedMargin", MarginSnapshot::normalizedMargin);
        NUMBERS.put("linfNormalizedMargin", MarginSnapshot::linfNormalizedMargin);
        NUMBERS.put("l1NormalizedMargin", MarginSnapshot::l1NormalizedMargin);
        NUMBERS.put("productNormalizedMargin", MarginSnapshot::productNormalizedMargin);
        NUMBERS.put("smoothedMargin", MarginSnapshot::smoothedMargin);
        NUMBERS.put("logLossSum", MarginSnapshot::logLossSum);
        NUMBERS.put("drift", MarginSnapshot::drift);
        NUMBERS.put("normGrowth", MarginSnapshot::normGrowth);

        PROGRESS.put("effectiveTime", p -> OptionalDouble.of(p.effectiveTime()));
        PROGRESS.put("predictedLimit", MarginProgress::predictedLimit);
        PROGRESS.put("progress", MarginProgress::share);

        NEAR.put("nearDegree", n -> OptionalDouble.of(n.degree()));
        NEAR.put("nearNorm", n -> OptionalDouble.of(n.norm()));
        NEAR.put("nearNormalizedMargin", n -> OptionalDouble.of(n.normalizedMargin()));

        TEST.put("testMinimumMargin", t -> OptionalDouble.of(t.minimumMargin()));
        TEST.put("testLargestMargin", t -> OptionalDouble.of(t.largestMargin()));
        TEST.put("testAccuracy", t -> OptionalDouble.of(t.accuracy()));

        GRADIENT.put("alignment", g -> OptionalDouble.of(g.alignment()));
        GRADIENT.put("stationarity", GradientMetrics::stationarity);
        GRADIENT.put("windowedAlignment", GradientMetrics::windowedAlignment);
        GRADIENT.put("windowRadius", GradientMetrics::windowRadius);
        GRADIENT.put("nearKinks", GradientMetrics::nearKinks);
        GRADIENT.put("kktEpsilon", GradientMetrics::kktEpsilon);
        GRADIENT.put("kktDelta", GradientMetrics::kktDelta);
        GRADIENT.put("effectiveStep", GradientMetrics::effectiveStep);
        GRADIENT.put("effectiveSupport", g -> OptionalDouble.of(g.effectiveSupport()));
        GRADIENT.put("eulerResidual", GradientMetrics::eulerResidual);

        STATIONARITY.put("marginCosine", m -> OptionalDouble.of(m.cosine()));
        STATIONARITY.put("marginTangent", MarginStationarity::tangent);

        ROBUSTNESS.put("smallestDistance", RobustnessMetrics::smallestDistance);
        ROBUSTNESS.put("medianDistance", RobustnessMetrics::medianDistance);
        ROBUSTNESS.put("certificate", RobustnessMetrics::certificate);

        COLLAPSE.put("variability", CollapseMetrics::variability);
        COLLAPSE.put("normSpread", CollapseMetrics::normSpread);
        COLLAPSE.put("angleSpread", CollapseMetrics::angleSpread);
        COLLAPSE.put("simplexGap", CollapseMetrics::simplexGap);
        COLLAPSE.put("dualityGap", CollapseMetrics::dualityGap);
        COLLAPSE.put("squaredDualityGap", CollapseMetrics::squaredDualityGap);
        COLLAPSE.put("classifierNormSpread", CollapseMetrics::classifierNormSpread);
        COLLAPSE.put("classifierAngleSpread", CollapseMetrics::classifierAngleSpread);
        COLLAPSE.put("classifierSimplexGap", CollapseMetrics::classifierSimplexGap);
        COLLAPSE.put("centerAgreement", CollapseMetrics::centerAgreement);
    }

    private SnapshotColumns() {}
}
