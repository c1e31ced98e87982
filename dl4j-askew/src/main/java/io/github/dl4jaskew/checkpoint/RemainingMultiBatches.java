package io.github.dl4jaskew.checkpoint;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** What is left of an epoch of a graph with several inputs or outputs, for one pass. */
final class RemainingMultiBatches implements MultiDataSetIterator {

    @Serial
    private static final long serialVersionUID = 1L;

    private final MultiDataSetIterator all;

    RemainingMultiBatches(MultiDataSetIterator all, int seen) {
        if (all.resetSupported()) {
            all.reset();
        }
        RemainingBatches.passOver(all, seen);
        this.all = all;
    }

    @Override
    public boolean hasNext() {
        return all.hasNext();
    }

    @Override
    public MultiDataSet next() {
        return all.next();
    }

    @Override
    public MultiDataSet next(int rows) {
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
    public void setPreProcessor(MultiDataSetPreProcessor preProcessor) {
        all.setPreProcessor(preProcessor);
    }

    @Override
    public @Nullable MultiDataSetPreProcessor getPreProcessor() {
        return all.getPreProcessor();
    }
}
