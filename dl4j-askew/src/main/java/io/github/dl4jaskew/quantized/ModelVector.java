package io.github.dl4jaskew.quantized;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The parameter vector of a network that is being read. It is allocated only when enough bytes have arrived to justify
 * its size, so that a short file cannot claim the memory of a long one; until then numbers wait in blocks.
 */
final class ModelVector {

    /** Bytes of memory for each byte of a file: a code of one bit becomes a float64. */
    private static final int JUSTIFIED = 64;

    private final DataType type;
    private final long length;
    private final NavigableMap<Long, double[]> waiting = new TreeMap<>();
    private @Nullable INDArray array;

    ModelVector(DataType type, long length) {
        this.type = type;
        this.length = length;
    }

    /** Stores numbers, after so many bytes of the file have arrived. */
    void put(long first, double[] numbers, int count, long arrived) {
        if (array == null && length * type.width() / JUSTIFIED > arrived) {
            waiting.put(first, Arrays.copyOf(numbers, count));
            return;
        }
        store(array(), first, numbers, count);
    }

    /** The vector, which waiting numbers enter now. */
    INDArray array() {
        if (array == null) {
            INDArray vector = Nd4j.createUninitialized(type, length);
            waiting.forEach((first, numbers) -> store(vector, first, numbers, numbers.length));
            waiting.clear();
            array = vector;
        }
        return array;
    }

    private static void store(INDArray vector, long first, double[] numbers, int count) {
        INDArray part = vector.get(NDArrayIndex.interval(first, first + count));
        try (INDArray values = vector.dataType() == DataType.DOUBLE
                ? Nd4j.createFromArray(Arrays.copyOf(numbers, count))
                : Nd4j.createFromArray(floats(numbers, count))) {
            part.assign(values);
        }
    }

    private static float[] floats(double[] numbers, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }
}
