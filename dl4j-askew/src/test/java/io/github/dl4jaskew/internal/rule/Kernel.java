package io.github.dl4jaskew.internal.rule;

import io.github.dl4jaskew.grid.ScaledGrid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The two ways in which a rule can run, for tests that hold for both. */
enum Kernel {
    /** {@link SkewRule#apply}, which takes the host kernels on a CPU. */
    HOST {
        @Override
        void apply(SkewRule rule, ScaledGrid grid, INDArray weights, INDArray velocity) {
            rule.apply(grid, weights, velocity);
        }
    },
    /** The chain of ND4J operations. */
    ARRAY {
        @Override
        void apply(SkewRule rule, ScaledGrid grid, INDArray weights, INDArray velocity) {
            ArrayKernel.apply(rule, grid, weights, velocity);
        }
    };

    abstract void apply(SkewRule rule, ScaledGrid grid, INDArray weights, INDArray velocity);

    /** Runs the rule on vectors of one type and returns the changed velocity. */
    double[] run(SkewRule rule, ScaledGrid grid, DataType type, double[] weights, double[] velocity) {
        INDArray v = vector(type, velocity);
        apply(rule, grid, vector(type, weights), v);
        return v.castTo(DataType.DOUBLE).toDoubleVector();
    }

    /** Runs the rule on one weight. */
    double run(SkewRule rule, ScaledGrid grid, DataType type, double weight, double velocity) {
        return run(rule, grid, type, new double[] {weight}, new double[] {velocity})[0];
    }

    static INDArray vector(DataType type, double... values) {
        return Nd4j.createFromArray(values).castTo(type);
    }
}
