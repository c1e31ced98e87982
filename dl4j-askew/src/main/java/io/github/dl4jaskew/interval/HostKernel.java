package io.github.dl4jaskew.interval;

import io.github.dl4jaskew.grid.ScaledGrid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs the block kernels over dense arrays of the same order, with buffers that each thread keeps. */
final class HostKernel {

    private static final ThreadLocal<FloatKernel> FLOATS = ThreadLocal.withInitial(FloatKernel::new);
    private static final ThreadLocal<DoubleKernel> DOUBLES = ThreadLocal.withInitial(DoubleKernel::new);

    private HostKernel() {}

    static void apply(SkewRule rule, ScaledGrid grid, INDArray weights, INDArray velocity) {
        apply(rule, grid, weights, velocity, Team.SHARED);
    }

    static void apply(SkewRule rule, ScaledGrid grid, INDArray weights, INDArray velocity, Team team) {
        ThreadLocal<? extends BlockKernel> kernels = kernels(weights);
        team.run(weights.length(), (from, to) -> kernels.get().skew(rule, grid, weights, velocity, from, to));
    }

    static void clip(ScaledGrid grid, INDArray weights) {
        ThreadLocal<? extends BlockKernel> kernels = kernels(weights);
        Team.SHARED.run(weights.length(), (from, to) -> kernels.get().clip(grid, weights, from, to));
    }

    static void multiply(int power, ScaledGrid grid, INDArray velocity) {
        ThreadLocal<? extends BlockKernel> kernels = kernels(velocity);
        Team.SHARED.run(velocity.length(), (from, to) -> kernels.get().multiply(power, grid, velocity, from, to));
    }

    private static ThreadLocal<? extends BlockKernel> kernels(INDArray array) {
        return array.dataType() == DataType.FLOAT ? FLOATS : DOUBLES;
    }
}
