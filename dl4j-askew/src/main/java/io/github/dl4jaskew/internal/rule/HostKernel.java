package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.ScaledGrid;
import java.lang.ref.Reference;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs the block kernels over dense arrays of the same order, with buffers that each thread keeps. */
final class HostKernel {

    private static final ThreadLocal<BlockKernel<float[]>> FLOATS =
            ThreadLocal.withInitial(() -> new BlockKernel<>(new FloatLoops()));
    private static final ThreadLocal<BlockKernel<double[]>> DOUBLES =
            ThreadLocal.withInitial(() -> new BlockKernel<>(new DoubleLoops()));

    private HostKernel() {}

    static void apply(SkewRule rule, ScaledGrid grid, INDArray weights, INDArray velocity) {
        apply(rule, grid, weights, velocity, Team.SHARED);
    }

    static void apply(SkewRule rule, ScaledGrid grid, INDArray weights, INDArray velocity, Team team) {
        ThreadLocal<? extends BlockKernel<?>> kernels = kernels(weights);
        run(team, weights, velocity, (from, to) -> kernels.get().skew(rule, grid, weights, velocity, from, to));
    }

    static void clip(ScaledGrid grid, INDArray weights) {
        ThreadLocal<? extends BlockKernel<?>> kernels = kernels(weights);
        run(Team.SHARED, weights, weights, (from, to) -> kernels.get().clip(grid, weights, from, to));
    }

    static void multiply(SkewRule units, ScaledGrid grid, INDArray velocity) {
        ThreadLocal<? extends BlockKernel<?>> kernels = kernels(velocity);
        run(Team.SHARED, velocity, velocity, (from, to) -> kernels.get().multiply(units, grid, velocity, from, to));
    }

    /** The kernels hold bare addresses, and memory is freed as soon as its array is unreachable. */
    static void run(Team team, INDArray read, INDArray written, Team.Task task) {
        try {
            team.run(written.length(), task);
        } finally {
            Reference.reachabilityFence(read);
            Reference.reachabilityFence(written);
        }
    }

    private static ThreadLocal<? extends BlockKernel<?>> kernels(INDArray array) {
        return array.dataType() == DataType.FLOAT ? FLOATS : DOUBLES;
    }
}
