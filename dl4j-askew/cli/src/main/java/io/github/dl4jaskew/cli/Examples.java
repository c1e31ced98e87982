package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.cli.data.Features;
import io.github.dl4jaskew.cli.data.Header;
import io.github.dl4jaskew.cli.data.Numbers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Features of examples without labels.
 *
 * @param features one example a row
 */
record Examples(INDArray features) {

    static final String SHAPE = "Shape of one example, such as 1,28,28 for a network that begins with a convolution and"
            + " was not given flat images. Default: as in the file.";

    static final String HEADER = "Whether the first line of a .csv file names the columns: ${COMPLETION-CANDIDATES}."
            + " AUTO: if it has no number, or 0, 1, 2, ... as pandas writes. Default: ${DEFAULT-VALUE}.";

    /**
     * Reads a file, and says on the standard error how a text was understood.
     *
     * @param shape of one example; empty to keep the file's
     * @param header whether a text has a line that names the columns
     */
    static Examples read(Path file, List<Long> shape, Header header) throws IOException {
        return of(numbers(file, header), file, shape);
    }

    /** The numbers of a file; says on the standard error how a text was understood. */
    static Numbers numbers(Path file, Header header) throws IOException {
        return Features.read(file, header, note -> System.err.println(System.lineSeparator() + note)); // below the bar
    }

    /** The numbers of a file as features of this shape. */
    static Examples of(Numbers numbers, Path file, List<Long> shape) {
        INDArray features = numbers.toArray();
        if (shape.isEmpty()) {
            return new Examples(features);
        }
        long size = shape.stream().reduce(1L, (a, b) -> a * b);
        long width = features.length() / features.size(0);
        if (size != width || shape.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException(
                    "--shape is " + shape + ", but an example in " + file + " has " + width + " numbers");
        }
        long[] sizes = new long[shape.size() + 1];
        sizes[0] = features.size(0);
        for (int i = 0; i < shape.size(); i++) {
            sizes[i + 1] = shape.get(i);
        }
        return new Examples(features.reshape('c', sizes));
    }

    long count() {
        return features.size(0);
    }

    /**
     * Does something with the features in a network, and explains in one line if they do not fit.
     *
     * @throws IllegalArgumentException if the network does not take them
     */
    <T> T run(Model network, Supplier<T> use) {
        Widths.requireInput(network, features);
        try {
            return use.get();
        } catch (RuntimeException e) {
            if (e.getClass() == IllegalArgumentException.class) {
                throw e;
            }
            // DL4J and ND4J have many exceptions for it, with long messages
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new IllegalArgumentException(
                    "the network does not take features of shape " + Arrays.toString(features.shape()) + ": " + message,
                    e);
        }
    }

    /** Some examples, normalized if there is something to normalize by. The features in memory stay as they are. */
    INDArray batch(long from, long size, @Nullable DataNormalization normalizer) {
        INDArrayIndex[] indices = new INDArrayIndex[features.rank()];
        Arrays.fill(indices, NDArrayIndex.all());
        indices[0] = NDArrayIndex.interval(from, Math.min(count(), from + size));
        INDArray batch = features.get(indices).dup('c');
        if (normalizer != null) {
            normalizer.transform(batch);
        }
        return batch;
    }

    /** All examples in minibatches. */
    DataSetIterator batches(long size, @Nullable DataNormalization normalizer) {
        List<DataSet> batches = new ArrayList<>();
        for (long from = 0; from < count(); from += size) {
            INDArray batch = batch(from, size, normalizer);
            batches.add(new DataSet(batch, batch));
        }
        return new ExistingDataSetIterator(batches);
    }
}
