package io.github.dl4jaskew.margin;

import io.github.dl4jaskew.margin.metrics.Loss;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** What a {@link MarginTrackerBuilder} was told; {@code nearKinks} is 0 for not. */
record MarginSettings(
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
        boolean collapse) {}
