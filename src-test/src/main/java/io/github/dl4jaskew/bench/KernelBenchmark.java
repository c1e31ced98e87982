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
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * copy, and the rule as a chain of ND4J operations. They take turns, on the same arrays and with as many threads as ND4J has
 * ({@code OMP_NUM_THREADS}).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 9, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class KernelBenchmark {

    private enum Work {
        SKEW,
        COPY,
        ADAM,
        SGD,
        OPERATIONS
    }

    /** Medians of an iteration of measurement: microseconds, and ratios of turns. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Times extends Turns<Work> {

        /** Times of nothing. */
        public Times() {
            super(Work.class);
        }

        /**
         * The rule.
         *
         * @return microseconds
         */
        public double skew() {
            return median(Work.SKEW);
        }

        /**
         * ND4J's copy.
         *
         * @return microseconds
         */
        public double copy() {
            return median(Work.COPY);
        }

        /**
         * ND4J's Adam operation.
         *
         * @return microseconds
         */
        public double adam() {
            return median(Work.ADAM);
        }

        /**
         * ND4J's SGD operation.
         *
         * @return microseconds
         */
        public double sgd() {
            return median(Work.SGD);
        }

        /**
         * The rule as ND4J operations.
         *
         * @return microseconds
         */
        public double operations() {
            return median(Work.OPERATIONS);
        }

        /**
         * The rule over a copy.
         *
         * @return the ratio
         */
        public double skewToCopy() {
            return ratio(Work.SKEW, Work.COPY);
        }

        /**
         * The rule over Adam.
         *
         * @return the ratio
         */
        public double skewToAdam() {
            return ratio(Work.SKEW, Work.ADAM);
        }

        /**
         * The rule over SGD.
         *
         * @return the ratio
         */
        public double skewToSgd() {
            return ratio(Work.SKEW, Work.SGD);
        }

        /**
         * The rule over the rule as ND4J operations.
         *
         * @return the ratio
         */
        public double skewToOperations() {
            return ratio(Work.SKEW, Work.OPERATIONS);
        }
    }

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

    /**
     * A turn of each but the slowest.
     *
     * @param times takes what they took
     */
    @Benchmark
    public void turns(Times times) {
        time(times, Work.SKEW, () -> rule.apply(grid, weights, velocity));
        time(times, Work.COPY, () -> copy.assign(velocity));
        time(times, Work.ADAM, () -> adam.applyUpdater(velocity, ITERATION, 0));
        time(times, Work.SGD, () -> sgd.applyUpdater(velocity, ITERATION, 0));
    }

    /**
     * The rule, and the rule as ND4J operations.
     *
     * @param times takes what they took
     */
    @Benchmark
    @Warmup(iterations = 1, time = 1)
    @Measurement(iterations = 3, time = 1)
    public void operations(Times times) {
        time(times, Work.SKEW, () -> rule.apply(grid, weights, velocity));
        time(times, Work.OPERATIONS, () -> rule.applyAsOperations(grid, weights, velocity));
    }

    /** All of them change the velocity in place, and a second time there would be less to do. */
    private void time(Times times, Work work, Runnable task) {
        velocity.assign(proposed);
        times.time(work, task);
    }
}
