package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.metrics.Loss;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Settings of a tracker; {@code nearKinks == 0} and {@code pairs == 0} disable those metrics. */
public record MarginSettings(
        int every,
        boolean byEpoch,
        int freeMinibatches,
        @Nullable String output,
        @Nullable Loss loss,
        boolean independent,
        OptionalDouble degree,
        boolean gradient,
        int window,
        double nearKinks,
        int hardest,
        boolean byClass,
        int pairs,
        double tau,
        boolean collapse,
        boolean nearHomogeneous,
        boolean robustness) {}
