package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.Batch;
import io.github.dl4jaskew.margin.internal.network.Workspaces;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The examples that a measurement passes over. */
public interface TrainingData {

    /** Hands over each minibatch, in order; it is valid during the call. */
    void forEach(Consumer<Batch> action);

    /** Reads the data once and keeps them. */
    static TrainingData inMemory(TrainingData data) {
        List<Batch> batches = new ArrayList<>();
        Workspaces.outside(() -> {
            data.forEach(batch -> batches.add(batch.copy()));
            return batches;
        });
        if (batches.isEmpty()) {
            throw new IllegalArgumentException("the iterator has no data");
        }
        return batches::forEach;
    }
}
