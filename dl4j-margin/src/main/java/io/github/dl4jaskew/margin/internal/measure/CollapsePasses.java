package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.Batch;
import io.github.dl4jaskew.margin.internal.network.LogitRows;
import io.github.dl4jaskew.margin.internal.network.NetworkReplica;
import io.github.dl4jaskew.margin.metrics.ClassMeans;
import io.github.dl4jaskew.margin.metrics.ClassScatter;
import io.github.dl4jaskew.margin.metrics.CollapseMetrics;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Two passes over the data for neural collapse: class means of the features before the output layer, then scatter. */
final class CollapsePasses {

    private final NetworkReplica replica;
    private final MarginReader reader;
    private @Nullable ClassMeans means;
    private @Nullable ClassScatter scatter;

    private CollapsePasses(NetworkReplica replica, MarginReader reader) {
        this.replica = replica;
        this.reader = reader;
    }

    /** Why there is nothing to measure. */
    static Optional<String> exclusionReason(NetworkReplica replica, MarginReader reader) {
        if (!(replica.outputLayer().conf().getLayer() instanceof org.deeplearning4j.nn.conf.layers.OutputLayer)) {
            return Optional.of("neural collapse: the output is no fully connected OutputLayer");
        }
        return reader.hasClasses()
                ? Optional.empty()
                : Optional.of("neural collapse: independent outputs have no classes");
    }

    /** Empty if a class has no example. */
    static Optional<CollapseMetrics> measure(NetworkReplica replica, MarginReader reader, TrainingData data) {
        CollapsePasses passes = new CollapsePasses(replica, reader);
        data.forEach(batch -> passes.read(batch, false));
        try {
            passes.scatter = passes.means().scatter();
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
        data.forEach(batch -> passes.read(batch, true));
        return Optional.of(CollapseMetrics.of(passes.scatter().result(passes.weights())));
    }

    private ClassMeans means() {
        if (means == null) {
            throw new IllegalArgumentException("the iterator has no data");
        }
        return means;
    }

    private ClassScatter scatter() {
        if (scatter == null) {
            throw new IllegalStateException("the first pass is not over");
        }
        return scatter;
    }

    private void read(Batch batch, boolean second) {
        LogitRows labels = LogitRows.of(batch.label(replica.outputIndex()), false);
        NetworkReplica.Features features = replica.features(batch);
        int classes = Math.max(2, reader.outputs());
        if (means == null) {
            means = new ClassMeans(classes, features.values().columns());
        }
        boolean[] counted = LogitRows.counted(batch.labelMask(replica.outputIndex()), labels.count(), labels.count());
        double[] feature = new double[features.values().columns()];
        for (int row = 0; row < labels.count(); row++) {
            if (counted == null || counted[row]) {
                features.values().copyRow(row, feature);
                int label = reader.classOf(labels, row);
                if (second) {
                    scatter().add(feature, label, reader.predicted(features.logits(), row));
                } else {
                    means.add(feature, label);
                }
            }
        }
    }

    private double[][] weights() {
        Layer layer = replica.outputLayer();
        INDArray w = layer.getParam("W");
        LogitRows columns = LogitRows.of(w, false);
        if (columns.columns() == 1) {
            double[][] rows = new double[2][columns.count()];
            for (int i = 0; i < columns.count(); i++) {
                rows[1][i] = columns.get(i, 0) / 2;
                rows[0][i] = -rows[1][i];
            }
            return rows;
        }
        double[][] rows = new double[columns.columns()][columns.count()];
        for (int k = 0; k < rows.length; k++) {
            for (int i = 0; i < rows[k].length; i++) {
                rows[k][i] = columns.get(i, k);
            }
        }
        return rows;
    }
}
