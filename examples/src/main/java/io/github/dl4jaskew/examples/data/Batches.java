package io.github.dl4jaskew.examples.data;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.DataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Minibatches of data in memory: in order, or shuffled anew in every pass by a seed. The same seed and the same calls
 * give the same minibatches. Not thread safe.
 */
public final class Batches implements DataSetIterator {

    private static final long serialVersionUID = 1L;

    private final transient DataSet data;
    private final int batch;
    private final @Nullable Random random;
    private final int[] order;
    private int position;

    private Batches(DataSet data, int batch, @Nullable Random random) {
        if (batch < 1) {
            throw new IllegalArgumentException("batch is " + batch + "; allowed is at least 1");
        }
        this.data = data;
        this.batch = batch;
        this.random = random;
        this.order = new int[Math.toIntExact(data.getFeatures().size(0))];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        reset();
    }

    /**
     * Minibatches in the order of the data.
     *
     * @param data one example a row
     * @param batch examples of a minibatch, at least 1; the last one may have fewer
     * @return the minibatches
     */
    public static Batches inOrder(DataSet data, int batch) {
        return new Batches(data, batch, null);
    }

    /**
     * Minibatches in an order that changes with every pass.
     *
     * @param data one example a row
     * @param batch examples of a minibatch, at least 1; the last one may have fewer
     * @param seed makes the orders repeatable
     * @return the minibatches
     */
    public static Batches shuffled(DataSet data, int batch, long seed) {
        return new Batches(data, batch, new Random(seed));
    }

    /**
     * All data at once.
     *
     * @param data one example a row
     * @return one minibatch
     */
    public static Batches whole(DataSet data) {
        return inOrder(data, Math.toIntExact(data.getFeatures().size(0)));
    }

    /**
     * How many minibatches a pass has.
     *
     * @return at least 1
     */
    public int count() {
        return (order.length + batch - 1) / batch;
    }

    @Override
    public void reset() {
        position = 0;
        if (random != null) {
            for (int i = order.length - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int swapped = order[i];
                order[i] = order[j];
                order[j] = swapped;
            }
        }
    }

    @Override
    public boolean hasNext() {
        return position < order.length;
    }

    @Override
    public DataSet next() {
        return next(batch);
    }

    @Override
    public DataSet next(int number) {
        if (!hasNext()) {
            throw new NoSuchElementException("no minibatch is left; call reset()");
        }
        int end = Math.min(order.length, position + number);
        int[] rows = Arrays.copyOfRange(order, position, end);
        position = end;
        return new DataSet(pull(data.getFeatures(), rows), pull(data.getLabels(), rows));
    }

    private static INDArray pull(INDArray matrix, int[] rows) {
        return Nd4j.pullRows(matrix, 1, rows);
    }

    @Override
    public int inputColumns() {
        return data.numInputs();
    }

    @Override
    public int totalOutcomes() {
        return data.numOutcomes();
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    /** False: a row is copied faster than handed to another thread. */
    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public void setPreProcessor(DataSetPreProcessor preProcessor) {
        throw new UnsupportedOperationException("process the data before it is put into minibatches");
    }

    @Override
    @SuppressWarnings("NullAway") // DL4J: null for none
    public DataSetPreProcessor getPreProcessor() {
        return null;
    }

    @Override
    @SuppressWarnings("NullAway") // DL4J: null for classes without names
    public List<String> getLabels() {
        return null;
    }
}
