package io.github.dl4jaskew.margin.latestage;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The training set in the order of its iterator, and in others. Not thread safe. */
final class TrainingOrder {

    private final DataSetIterator original;
    private final @Nullable Random random;
    private DataSetIterator current;

    /**
     * The iterator's own order.
     *
     * @param random source of other orders; null to keep the iterator's
     */
    TrainingOrder(DataSetIterator original, @Nullable Random random) {
        this.original = original;
        this.random = random;
        current = original;
    }

    DataSetIterator current() {
        return current;
    }

    /** Deals all examples anew to minibatches of the first one's size. */
    void reshuffle() {
        if (random == null) {
            return;
        }
        List<DataSet> minibatches = new ArrayList<>();
        original.reset();
        while (original.hasNext()) {
            minibatches.add(original.next());
        }
        DataSet all = DataSet.merge(minibatches);
        all.shuffle(random.nextLong());
        current = new ExistingDataSetIterator(all.batchBy(minibatches.get(0).numExamples()));
    }
}
