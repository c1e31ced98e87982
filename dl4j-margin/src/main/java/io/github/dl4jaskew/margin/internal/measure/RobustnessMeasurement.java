package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.LipschitzChain;
import io.github.dl4jaskew.margin.metrics.ExampleDistance;
import io.github.dl4jaskew.margin.metrics.RobustnessMetrics;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What distances and Lipschitz bounds say of all examples, and the reasons for what is left empty. */
final class RobustnessMeasurement {

    private RobustnessMeasurement() {}

    static void add(InputDistances found, LipschitzChain chain, MarginReader reader, Measurement measurement) {
        found.reason().ifPresent(measurement::exclude);
        List<ExampleDistance> all = found.distances();
        Optional<ExampleDistance> nearest = all.stream().min(Comparator.comparingDouble(ExampleDistance::distance));
        measurement.add(new RobustnessMetrics(
                nearest.map(d -> OptionalDouble.of(d.distance())).orElse(OptionalDouble.empty()),
                nearest.map(d -> OptionalInt.of(d.example())).orElse(OptionalInt.empty()),
                all.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(median(all)),
                certificate(chain, reader, measurement),
                chain.spectra()));
    }

    private static double median(List<ExampleDistance> all) {
        double[] sorted =
                all.stream().mapToDouble(ExampleDistance::distance).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static OptionalDouble certificate(LipschitzChain chain, MarginReader reader, Measurement measurement) {
        double minimum = measurement.margins().minimum();
        String why = chain.reason();
        if (why != null) {
            measurement.exclude(why);
        } else if (!(minimum > 0)) {
            measurement.exclude("certificate: the minimum margin is not positive");
        } else {
            return OptionalDouble.of(minimum / (chain.bound() * reader.marginLipschitz()));
        }
        return OptionalDouble.empty();
    }
}
