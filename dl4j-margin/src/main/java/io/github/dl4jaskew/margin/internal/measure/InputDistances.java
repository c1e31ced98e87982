package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.Batch;
import io.github.dl4jaskew.margin.internal.network.Doubles;
import io.github.dl4jaskew.margin.internal.network.LipschitzChain;
import io.github.dl4jaskew.margin.internal.network.LogitErrors;
import io.github.dl4jaskew.margin.internal.network.LogitRows;
import io.github.dl4jaskew.margin.internal.network.NetworkReplica;
import io.github.dl4jaskew.margin.metrics.RobustnessMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The smallest {@code q_j / ||grad_x q_j||} of each example, where {@code q_j} is its margin over the class j: the nearest boundary need not
 * be that with the runner-up. A forward and backward pass over the data for each other class. Not thread safe.
 */
final class InputDistances {

    private final NetworkReplica replica;
    private final MarginReader reader;
    private final List<Double> distances = new ArrayList<>();
    private final List<Integer> examples = new ArrayList<>();
    private double[] margins = {};
    private int otherClass;
    private int examplesBefore;
    private @Nullable String reason;

    private InputDistances(NetworkReplica replica, MarginReader reader) {
        this.replica = replica;
        this.reader = reader;
    }

    static void measure(
            NetworkReplica replica,
            LogitErrors errors,
            MarginReader reader,
            TrainingData data,
            @Nullable String exclusion,
            Measurement measurement) {
        InputDistances found = new InputDistances(replica, reader);
        found.reason = exclusion;
        if (!reader.hasClasses()) {
            found.reason = "distance to the decision boundary: an example has several independent outputs";
        }
        if (found.reason == null) {
            errors.set(found::error);
            try {
                data.forEach(found::read);
            } finally {
                errors.set(null);
            }
        }
        LipschitzChain chain = replica.unscaled(replica::lipschitz);
        if (found.reason != null) {
            measurement.exclude(found.reason);
        }
        measurement.add(found.metrics(chain, measurement));
    }

    private void error(LogitRows logits, LogitRows labels, int row, double[] errors) {
        margins[row] = reader.marginError(logits, labels, row, otherClass, errors);
    }

    private void read(Batch batch) {
        int count = (int) batch.features()[0].size(0);
        LogitRows labels =
                LogitRows.of(batch.label(replica.outputIndex()), replica.head().classesLast());
        if (reason != null) {
            return;
        }
        if (labels.count() != count) {
            reason = "distance to the decision boundary: an example has " + labels.count() / count
                    + " time steps or pixels with margins of their own";
            return;
        }
        double[] nearest = new double[count];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        for (otherClass = 0; otherClass < reader.otherClasses() && reason == null; otherClass++) {
            toOtherClass(batch, nearest);
        }
        for (int i = 0; i < count; i++) {
            // Infinite is that of a masked example, or of one whose gradients are exactly 0.
            if (Double.isFinite(nearest[i])) {
                distances.add(nearest[i]);
                examples.add(examplesBefore + i);
            }
        }
        examplesBefore += count;
    }

    private void toOtherClass(Batch batch, double[] nearest) {
        int count = nearest.length;
        margins = new double[count];
        Arrays.fill(margins, Double.NaN);
        INDArray gradient = replica.inputGradient(batch);
        if (gradient == null) {
            reason = "distance to the decision boundary: " + replica.inputGradientObstacle();
            return;
        }
        double[] values = Doubles.of(gradient.dup('c'));
        int width = values.length / count;
        for (int i = 0; i < count; i++) {
            double square = 0;
            for (int k = i * width; k < (i + 1) * width; k++) {
                square += values[k] * values[k];
            }
            double distance = Math.scalb(margins[i], -replica.logitExponent()) / Math.sqrt(square);
            if (Double.isFinite(distance)) {
                nearest[i] = Math.min(nearest[i], distance);
            }
        }
    }

    private RobustnessMetrics metrics(LipschitzChain chain, Measurement measurement) {
        if (reason == null && distances.isEmpty()) {
            measurement.exclude("distance to the decision boundary: all gradients are exactly 0");
        }
        boolean known = reason == null && !distances.isEmpty();
        int nearest = known
                ? IntStream.range(0, distances.size()).reduce(0, (a, b) -> distances.get(b) < distances.get(a) ? b : a)
                : 0;
        double[] sorted =
                distances.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new RobustnessMetrics(
                known ? OptionalDouble.of(distances.get(nearest)) : OptionalDouble.empty(),
                known ? OptionalInt.of(examples.get(nearest)) : OptionalInt.empty(),
                known ? OptionalDouble.of(median(sorted)) : OptionalDouble.empty(),
                certificate(chain, measurement),
                chain.spectra());
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private OptionalDouble certificate(LipschitzChain chain, Measurement measurement) {
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
