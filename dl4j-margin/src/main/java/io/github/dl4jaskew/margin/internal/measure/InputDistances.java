package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.Batch;
import io.github.dl4jaskew.margin.internal.network.Doubles;
import io.github.dl4jaskew.margin.internal.network.LogitErrors;
import io.github.dl4jaskew.margin.internal.network.LogitRows;
import io.github.dl4jaskew.margin.internal.network.NetworkReplica;
import io.github.dl4jaskew.margin.metrics.ExampleDistance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The smallest {@code q_j / ||grad_x q_j||} of each example, where {@code q_j} is its margin over the class j: the nearest boundary need not
 * be that with the runner-up. A forward and backward pass over the data for each other class. Not thread safe.
 */
final class InputDistances {

    private static final String SUBJECT = "distance to the decision boundary: ";

    private final NetworkReplica replica;
    private final MarginReader reader;
    private final List<ExampleDistance> distances = new ArrayList<>();
    private MarginReader.@Nullable Pair[] pairs = {};
    private int otherClass;
    private int examplesBefore;
    private @Nullable String reason;

    private InputDistances(NetworkReplica replica, MarginReader reader) {
        this.replica = replica;
        this.reader = reader;
    }

    /**
     * Those of all examples that are not masked and whose gradients are not exactly 0.
     *
     * @param exclusion why they cannot be measured, if that is known
     */
    static InputDistances of(
            NetworkReplica replica,
            LogitErrors errors,
            MarginReader reader,
            TrainingData data,
            Optional<String> exclusion) {
        InputDistances found = new InputDistances(replica, reader);
        found.reason = exclusion.map(why -> SUBJECT + why).orElse(null);
        if (!reader.hasClasses()) {
            found.reason = SUBJECT + "an example has several independent outputs";
        }
        if (found.reason == null) {
            errors.set(found::error);
            try {
                data.forEach(found::read);
            } finally {
                errors.set(null);
            }
            if (found.reason == null && found.distances.isEmpty()) {
                found.reason = SUBJECT + "all gradients are exactly 0";
            }
        }
        return found;
    }

    /** Why there are none. */
    Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** In the order of the data; empty if there is a reason. */
    List<ExampleDistance> distances() {
        return reason == null ? distances : List.of();
    }

    private void error(LogitRows logits, LogitRows labels, int row, double[] errors) {
        pairs[row] = reader.marginError(logits, labels, row, otherClass, errors);
    }

    private void read(Batch batch) {
        if (reason != null) {
            return;
        }
        int count = (int) batch.features()[0].size(0);
        LogitRows labels =
                LogitRows.of(batch.label(replica.outputIndex()), replica.head().classesLast());
        if (labels.count() != count) {
            reason = SUBJECT + "an example has " + labels.count() / count
                    + " time steps or pixels with margins of their own";
            return;
        }
        ExampleDistance[] nearest = new ExampleDistance[count];
        for (otherClass = 0; otherClass < reader.otherClasses() && reason == null; otherClass++) {
            toOtherClass(batch, nearest);
        }
        for (ExampleDistance distance : nearest) {
            // null is that of a masked example, or of one whose gradients are exactly 0
            if (distance != null) {
                distances.add(distance);
            }
        }
        examplesBefore += count;
    }

    private void toOtherClass(Batch batch, @Nullable ExampleDistance[] nearest) {
        int count = nearest.length;
        pairs = new MarginReader.Pair[count];
        List<INDArray> gradients = replica.inputGradients(batch);
        if (gradients.isEmpty()) {
            reason = SUBJECT + replica.inputGradientObstacle();
            return;
        }
        double[] squares = new double[count];
        for (INDArray gradient : gradients) {
            addSquares(Doubles.of(gradient.dup('c')), squares);
        }
        for (int i = 0; i < count; i++) {
            MarginReader.Pair pair = pairs[i];
            // the gradient is the replica's, whose logits are those of the network times a power of 2
            double norm = Math.scalb(Math.sqrt(squares[i]), replica.logitExponent());
            double distance = norm < Double.POSITIVE_INFINITY && pair != null ? pair.margin() / norm : Double.NaN;
            ExampleDistance known = nearest[i];
            if (pair != null && Double.isFinite(distance) && (known == null || distance < known.distance())) {
                nearest[i] = new ExampleDistance(
                        examplesBefore + i, pair.label(), pair.other(), pair.margin(), norm, distance);
            }
        }
    }

    private static void addSquares(double[] values, double[] squares) {
        int width = values.length / squares.length;
        for (int k = 0; k < values.length; k++) {
            squares[k / width] += values[k] * values[k];
        }
    }
}
