package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.Batch;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.nd4j.linalg.dataset.AsyncDataSetIterator;
import org.nd4j.linalg.dataset.AsyncMultiDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Reads an iterator again at each pass and leaves it at its end, from where fit resets it. Prefetches as evaluate does,
 * but without the workspace that evaluate makes each time. Not thread safe.
 */
public final class IteratorData implements TrainingData {

    private static final int PREFETCH = 2;

    /** The calls that DL4J's two kinds of iterators share, without a type for them. */
    private interface Source {
        boolean hasNext();

        boolean canReset();

        void reset();

        void read(Consumer<Batch> action);
    }

    private final Source source;
    private boolean exclusive;
    private boolean read;

    private IteratorData(Source source) {
        this.source = source;
    }

    public static IteratorData of(DataSetIterator iterator) {
        Objects.requireNonNull(iterator, "iterator");
        return new IteratorData(new Source() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public boolean canReset() {
                return iterator.resetSupported();
            }

            @Override
            public void reset() {
                iterator.reset();
            }

            @Override
            public void read(Consumer<Batch> action) {
                if (!iterator.asyncSupported()) {
                    readAll(iterator, Batch::of, action);
                    return;
                }
                AsyncDataSetIterator prefetched = new AsyncDataSetIterator(iterator, PREFETCH, false);
                try {
                    readAll(prefetched, Batch::of, action);
                } finally {
                    prefetched.shutdown();
                }
            }
        });
    }

    public static IteratorData of(MultiDataSetIterator iterator) {
        Objects.requireNonNull(iterator, "iterator");
        return new IteratorData(new Source() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public boolean canReset() {
                return iterator.resetSupported();
            }

            @Override
            public void reset() {
                iterator.reset();
            }

            @Override
            public void read(Consumer<Batch> action) {
                if (!iterator.asyncSupported()) {
                    readAll(iterator, Batch::of, action);
                    return;
                }
                AsyncMultiDataSetIterator prefetched = new AsyncMultiDataSetIterator(iterator, PREFETCH, false);
                try {
                    readAll(prefetched, Batch::of, action);
                } finally {
                    prefetched.shutdown();
                }
            }
        });
    }

    private static <T> void readAll(java.util.Iterator<T> iterator, Function<T, Batch> batch, Consumer<Batch> action) {
        while (iterator.hasNext()) {
            action.accept(batch.apply(iterator.next()));
        }
    }

    public boolean canReset() {
        return source.canReset();
    }

    /** For measurements in the middle of epochs: refuses an iterator that something else reads from meanwhile. */
    public IteratorData exclusively() {
        exclusive = true;
        return this;
    }

    /** Ready for who reads it next without a reset. */
    public void rewind() {
        if (source.canReset()) {
            source.reset();
        }
    }

    @Override
    public void forEach(Consumer<Batch> action) {
        if (exclusive && read && source.hasNext()) {
            throw new IllegalStateException(
                    "the tracker's iterator has another reader, and measuring in the middle of an epoch would take its data away: give the tracker an iterator of its own, or inMemory()");
        }
        read = true;
        if (source.canReset()) {
            source.reset();
        }
        source.read(action);
    }
}
