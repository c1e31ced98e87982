package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.Doubles;
import io.github.dl4jaskew.margin.internal.network.LogitErrors;
import io.github.dl4jaskew.margin.internal.network.NetworkReplica;
import io.github.dl4jaskew.margin.internal.network.ParameterBlock;
import io.github.dl4jaskew.margin.metrics.Finite;
import io.github.dl4jaskew.margin.metrics.MarginSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of the sum of the losses over all data, summed in double.
 *
 * @param values one for each parameter, times {@code exp(-logScale)}
 * @param logScale logarithm of the largest {@code |l'|}
 * @param logitSum sum of the magnitudes of all logits, which tells whether the network did the same as in the
 *     measurement of its margins
 * @param slack largest {@code |dl/dq_ij| (q_ij - q_min)} over pairs of examples and other classes, times {@code
 *     exp(-logScale)}
 * @param nearKinks share of the inputs of ReLU near 0, if asked for
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record FullGradient(double[] values, double logScale, double logitSum, double slack, OptionalDouble nearKinks) {

    public static FullGradient of(
            NetworkReplica replica,
            LogitErrors errors,
            MarginReader reader,
            TrainingData data,
            MarginSet margins,
            @Nullable NearKinks kinks) {
        if (kinks != null) {
            kinks.reset();
        }
        double[] sum = new double[(int) replica.model().numParams()];
        double logScale = margins.logLargestDerivative();
        double minimum = margins.minimum();
        DoubleAdder logitSum = new DoubleAdder();
        DoubleAccumulator slack = new DoubleAccumulator(Math::max, 0);
        errors.set((logits, labels, row, target) -> {
            logitSum.add(logits.magnitude(row));
            reader.errors(logits, labels, row, logScale, target);
            slack.accumulate(reader.slack(logits, labels, row, minimum, target));
        });
        try {
            data.forEach(batch -> Doubles.addTo(sum, replica.gradient(batch)));
        } finally {
            errors.set(null);
        }
        replica.unscale(sum);
        OptionalDouble nearKinks = kinks == null ? OptionalDouble.empty() : Finite.of(kinks.value());
        return new FullGradient(sum, logScale, logitSum.sum(), slack.get(), nearKinks);
    }

    public FullGradient onlyTrained(List<ParameterBlock> blocks) {
        return new FullGradient(ReplicaWeights.onlyTrained(values, blocks), logScale, logitSum, slack, nearKinks);
    }
}
