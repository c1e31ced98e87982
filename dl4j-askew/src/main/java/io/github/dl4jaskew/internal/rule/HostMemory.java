package io.github.dl4jaskew.internal.rule;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Blockwise copies between an ND4J array's native memory and Java arrays. */
final class HostMemory {

    /** Elements that a buffer shows at most: it takes no more than 2^31 - 1 bytes. A multiple of a kernel's span. */
    static final int WINDOW = 1 << 27;

    private HostMemory() {}

    /** Whether the host can address the array's memory, and its type is float or double. */
    static boolean reaches(INDArray array) {
        return isFloatOrDouble(array.dataType()) && Nd4j.getEnvironment().isCPU();
    }

    private static boolean isFloatOrDouble(DataType type) {
        return type == DataType.FLOAT || type == DataType.DOUBLE;
    }

    /** Whether both arrays are dense and list their elements in the same memory order and type. */
    static boolean sameOrder(INDArray a, INDArray b) {
        return a.dataType() == b.dataType()
                && isDense(a)
                && isDense(b)
                && ((a.isVectorOrScalar() && b.isVectorOrScalar()) || a.ordering() == b.ordering());
    }

    /** Whether the elements lie side by side. */
    static boolean isDense(INDArray array) {
        return array.length() == 1 || array.elementWiseStride() == 1;
    }

    private static long address(INDArray array, long element, int bytes) {
        return array.data().pointer().address() + (array.offset() + element) * bytes;
    }

    /** A piece of an array's memory, which is made again only for other memory. */
    interface Window<A> {

        /** Begins at an element. */
        void open(INDArray array, long first);

        /** Reads n elements, the first one {@code at} behind the beginning. */
        void get(int at, A to, int n);

        /** Writes n elements. */
        void put(int at, A from, int n);
    }

    /** A float pointer that can be moved, so that neither a block nor a span costs an allocation. */
    static final class FloatCursor extends FloatPointer implements Window<float[]> {
        private @Nullable FloatBuffer window;
        private int opened;

        FloatCursor() {
            super((Pointer) null);
        }

        FloatCursor at(INDArray array, long element) {
            address = HostMemory.address(array, element, Float.BYTES);
            return this;
        }

        @Override
        public void open(INDArray array, long first) {
            long start = first - first % WINDOW;
            long size = Math.min(WINDOW, array.length() - start);
            long old = address;
            if (window == null || at(array, start).address != old || capacity != size) {
                at(array, start).capacity(size);
                window = asBuffer();
            }
            opened = (int) (first - start);
        }

        @Override
        public void get(int at, float[] to, int n) {
            Objects.requireNonNull(window).get(opened + at, to, 0, n);
        }

        @Override
        public void put(int at, float[] from, int n) {
            Objects.requireNonNull(window).put(opened + at, from, 0, n);
        }
    }

    /** A double pointer that can be moved, so that neither a block nor a span costs an allocation. */
    static final class DoubleCursor extends DoublePointer implements Window<double[]> {
        private @Nullable DoubleBuffer window;
        private int opened;

        DoubleCursor() {
            super((Pointer) null);
        }

        DoubleCursor at(INDArray array, long element) {
            address = HostMemory.address(array, element, Double.BYTES);
            return this;
        }

        @Override
        public void open(INDArray array, long first) {
            long start = first - first % WINDOW;
            long size = Math.min(WINDOW, array.length() - start);
            long old = address;
            if (window == null || at(array, start).address != old || capacity != size) {
                at(array, start).capacity(size);
                window = asBuffer();
            }
            opened = (int) (first - start);
        }

        @Override
        public void get(int at, double[] to, int n) {
            Objects.requireNonNull(window).get(opened + at, to, 0, n);
        }

        @Override
        public void put(int at, double[] from, int n) {
            Objects.requireNonNull(window).put(opened + at, from, 0, n);
        }
    }
}
