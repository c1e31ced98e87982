package io.github.dl4jaskew.internal.rule;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The elements of an array as doubles, block by block in a memory order. Those of memory belong to one thread. */
interface Elements {

    /** Reads n elements from {@code first}. */
    void read(long first, double[] into, int n);

    /** Writes n elements from {@code first}, rounded to the array's type. */
    void write(long first, double[] from, int n);

    /** The elements of dense memory that the host can address. */
    static Elements inMemory(INDArray array) {
        return array.dataType() == DataType.DOUBLE ? new Doubles(array) : new Floats(array);
    }

    /** A copy of any array, in an order. */
    static Copy copyOf(INDArray array, char order) {
        return new Copy(array.castTo(DataType.DOUBLE).dup(order).data().asDouble());
    }

    /** A copy. */
    final class Copy implements Elements {
        private final double[] values;

        Copy(double[] values) {
            this.values = values;
        }

        @Override
        public void read(long first, double[] into, int n) {
            System.arraycopy(values, (int) first, into, 0, n);
        }

        @Override
        public void write(long first, double[] from, int n) {
            System.arraycopy(from, 0, values, (int) first, n);
        }

        /** Puts the elements into an array. */
        void assignTo(INDArray array, char order) {
            array.assign(Nd4j.createFromArray(values).castTo(array.dataType()).reshape(order, array.shape()));
        }
    }

    /** Doubles in memory. */
    final class Doubles implements Elements {
        private final INDArray array;
        private final HostMemory.DoubleCursor cursor = new HostMemory.DoubleCursor();

        Doubles(INDArray array) {
            this.array = array;
        }

        @Override
        public void read(long first, double[] into, int n) {
            cursor.at(array, first).get(into, 0, n);
        }

        @Override
        public void write(long first, double[] from, int n) {
            cursor.at(array, first).put(from, 0, n);
        }
    }

    /** Floats in memory. */
    final class Floats implements Elements {
        private final INDArray array;
        private final HostMemory.FloatCursor cursor = new HostMemory.FloatCursor();
        private final float[] floats = new float[LevelBlock.SIZE];

        Floats(INDArray array) {
            this.array = array;
        }

        @Override
        public void read(long first, double[] into, int n) {
            cursor.at(array, first).get(floats, 0, n);
            for (int i = 0; i < n; i++) {
                into[i] = floats[i];
            }
        }

        @Override
        public void write(long first, double[] from, int n) {
            for (int i = 0; i < n; i++) {
                floats[i] = (float) from[i];
            }
            cursor.at(array, first).put(floats, 0, n);
        }
    }
}
