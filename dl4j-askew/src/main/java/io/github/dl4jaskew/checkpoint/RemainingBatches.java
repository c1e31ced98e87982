package io.github.dl4jaskew.checkpoint;

import java.io.Serial;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** What is left of an epoch: an iterator without its first minibatches, for one pass. */
final class RemainingBatches implements DataSetIterator {

    @Serial
    private static final long serialVersionUID = 1L;

    private final DataSetIterator all;

    RemainingBatches(DataSetIterator all, int seen) {
        if (all.resetSupported()) {
            all.reset();
        }
        passOver(all, seen);
        this.all = all;
    }

    /** Reads and drops the minibatches that training has seen. */
    static void passOver(Iterator<?> all, int seen) {
        for (int i = 0; i < seen; i++) {
            if (!all.hasNext()) {
                throw new IllegalStateException(
                        "the epoch ends after " + i + " minibatches, but the network has seen " + seen + " of them");
            }
            all.next();
        }
    }

    @Override
    public boolean hasNext() {
        return all.hasNext();
    }

    @Override
    public DataSet next() {
        return all.next();
    }

    @Override
    public DataSet next(int rows) {
        return all.next(rows);
    }

    /** False: an epoch of which nothing is left must not begin again. */
    @Override
    public boolean resetSupported() {
        return false;
    }

    @Override
    public void reset() {
        throw new UnsupportedOperationException("the rest of an epoch is for one pass");
    }

    @Override
    public boolean asyncSupported() {
        return all.asyncSupported();
    }

    @Override
    public int batch() {
        return all.batch();
    }

    @Override
    public int inputColumns() {
        return all.inputColumns();
    }

    @Override
    public int totalOutcomes() {
        return all.totalOutcomes();
    }

    @Override
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        all.setPreProcessor(preProcessor);
    }

    @Override
    public @Nullable DataSetPreProcessor getPreProcessor() {
        return all.getPreProcessor();
    }

    @Override
    public @Nullable List<String> getLabels() {
        return all.getLabels();
    }
}
