package io.github.dl4jaskew.interval;

import io.github.dl4jaskew.grid.ScaledGrid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs the block kernels over dense arrays of the same order, with buffers that each thread keeps. */
final class HostKernel {

    /** Elements of a block: the seven arrays of a float kernel stay in the first-level cache. */
    static final int BLOCK = 1024;

    private static final ThreadLocal<FloatKernel> FLOATS = ThreadLocal.withInitial(FloatKernel::new);
    private static final ThreadLocal<DoubleKernel> DOUBLES = ThreadLocal.withInitial(DoubleKernel::new);

    private HostKernel() {}

    static void apply(SkewRule rule, ScaledGrid grid, INDArray weights, INDArray velocity) {
        long length = weights.length();
        if (weights.dataType() == DataType.FLOAT) {
            FLOATS.get().apply(rule, grid, weights, velocity, 0, length);
        } else {
            DOUBLES.get().apply(rule, grid, weights, velocity, 0, length);
        }
    }

    /** Names the first element that is not finite. */
    static IllegalArgumentException notFinite(String what, long element, double value) {
        return new IllegalArgumentException(what + " of element " + element + " is " + value + "; it must be finite");
    }
}
