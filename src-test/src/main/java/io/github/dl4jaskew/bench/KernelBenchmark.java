package io.github.dl4jaskew.bench;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.rule.SkewRule;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One pass of the rule in the middle of its annealing over float weights of the binary grid, next to ND4J's own updaters, a
 * copy, and the rule as a chain of ND4J operations.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 1, time = 1)
@Measurement(iterations = 2, time = 1)
@Fork(1)
public class KernelBenchmark {

    /** Past the correction of Adam's bias. */
    private static final int ITERATION = 100_000;

    /** Number of parameters. */
    @Param({"10000", "1000000", "10000000"})
    public int size;

    private final SkewRule rule = SkewRule.step(0.3, 0.1, 0.25);
    private final ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
    private INDArray weights;
    private INDArray proposed;
    private INDArray velocity;
    private INDArray copy;
    private GradientUpdater<?> adam;
    private GradientUpdater<?> sgd;

    /** Arrays and updaters. */
    @Setup
    public void setUp() {
        Nd4j.getRandom().setSeed(1);
        weights = Nd4j.randn(DataType.FLOAT, 1, size).muli(0.5);
        proposed = Nd4j.randn(DataType.FLOAT, 1, size).muli(1e-3);
        velocity = Nd4j.create(DataType.FLOAT, 1, size);
        copy = Nd4j.create(DataType.FLOAT, 1, size);
        adam = new Adam(1e-3).instantiate(Nd4j.zeros(DataType.FLOAT, 1, 2L * size), true);
        sgd = new Sgd(0.1).instantiate((INDArray) null, false);
    }

    /** All of them change the velocity in place, and a second time there would be less to do. */
    @Setup(Level.Invocation)
    public void propose() {
        velocity.assign(proposed);
    }

    /** The rule. */
    @Benchmark
    public void skew() {
        rule.apply(grid, weights, velocity);
    }

    /** The rule as ND4J operations. */
    @Benchmark
    public void operations() {
        rule.applyAsOperations(grid, weights, velocity);
    }

    /** ND4J's Adam operation. */
    @Benchmark
    public void adam() {
        adam.applyUpdater(velocity, ITERATION, 0);
    }

    /** ND4J's SGD operation. */
    @Benchmark
    public void sgd() {
        sgd.applyUpdater(velocity, ITERATION, 0);
    }

    /** ND4J's copy. */
    @Benchmark
    public void copy() {
        copy.assign(velocity);
    }
}
