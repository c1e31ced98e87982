package io.github.dl4jaskew.bench;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.rule.SkewRule;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
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
 * The rule on other grids than the binary one, per channel, in double, at stage GRADIENT, and where it has nothing to do; in
 * turns with the rule on float weights of the binary grid.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class GridBenchmark {

    private static final SkewRule RULE = SkewRule.step(0.3, 0.1, 0.25);
    private static final ScaledGrid BINARY = ScaledGrid.perTensor(Grid.binary(), 1);
    private static final int RUN = 100;

    private enum Work {
        SKEW,
        BINARY
    }

    /** Medians of an iteration of measurement: microseconds, and the ratio of turns. */
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
         * The rule over the rule on float weights of the binary grid.
         *
         * @return the ratio
         */
        public double skewToBinary() {
            return ratio(Work.SKEW, Work.BINARY);
        }
    }

    /** What is measured. */
    @SuppressWarnings("ImmutableEnumChecker")
    public enum Case {
        /** {-1, 0, 1}. */
        TERNARY(Grid.ternary()),
        /** 16 evenly spaced levels. */
        UNIFORM4(Grid.uniform(4)),
        /** 256 evenly spaced levels. */
        UNIFORM8(Grid.uniform(8)),
        /** 15 levels. */
        POWERS4(Grid.powersOfTwo(4)),
        /** 63 levels, the narrowest of them 2^-30 apart. */
        POWERS6(Grid.powersOfTwo(6)),
        /** Levels as somebody may name them. */
        UNEVEN(Grid.of(-1, -0.6, -0.1, 0.15, 0.3, 1)),
        /** Binary, a channel for every 100 weights. */
        BINARY_PER_CHANNEL(Grid.binary()),
        /** Binary, before the updater. */
        BINARY_GRADIENT(Grid.binary()),
        /** Binary, in double. */
        BINARY_DOUBLE(Grid.binary()),
        /** Binary, eps = 1 and all weights inside the hull. */
        BINARY_HOLD(Grid.binary()),
        /** Binary, eps = 0 and all weights on their levels. */
        BINARY_ON_LEVELS(Grid.binary());

        private final Grid grid;

        Case(Grid grid) {
            this.grid = grid;
        }

        private DataType type() {
            return this == BINARY_DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
        }

        private SkewRule rule() {
            return switch (this) {
                case BINARY_GRADIENT -> SkewRule.gradient(0.3, 0.1, 0.25, 0.1);
                case BINARY_HOLD -> SkewRule.step(1, 0.1, 0.25);
                case BINARY_ON_LEVELS -> SkewRule.step(0, 0.1, 0.25);
                default -> RULE;
            };
        }

        private ScaledGrid scaled(int size) {
            if (this != BINARY_PER_CHANNEL) {
                return ScaledGrid.perTensor(grid, 1);
            }
            double[] scales = new double[size / RUN];
            Arrays.fill(scales, 1);
            return new ScaledGrid(grid, scales, new Channels(scales.length, RUN));
        }

        private INDArray weights(int size) {
            INDArray random = Nd4j.randn(type(), 1, size);
            return switch (this) {
                case BINARY_HOLD -> random.muli(0.1);
                case BINARY_ON_LEVELS -> Nd4j.ones(type(), 1, size);
                default -> random.muli(0.5);
            };
        }
    }

    /** What is measured. */
    @Param
    public Case measured;

    /** Number of parameters. */
    @Param({"10000", "1000000", "10000000"})
    public int size;

    private SkewRule rule;
    private ScaledGrid grid;
    private INDArray weights;
    private INDArray proposed;
    private INDArray velocity;
    private INDArray binaryWeights;
    private INDArray binaryVelocity;

    /** Arrays. */
    @Setup
    public void setUp() {
        Nd4j.getRandom().setSeed(1);
        rule = measured.rule();
        grid = measured.scaled(size);
        weights = measured.weights(size);
        proposed = Nd4j.randn(weights.dataType(), 1, size).muli(1e-3);
        velocity = proposed.dup();
        binaryWeights = Nd4j.randn(DataType.FLOAT, 1, size).muli(0.5);
        binaryVelocity = proposed.castTo(DataType.FLOAT).dup();
    }

    /**
     * A turn of each.
     *
     * @param times takes what they took
     */
    @Benchmark
    public void turns(Times times) {
        // The rule changes the velocity in place, and a second time there would be less to do.
        velocity.assign(proposed);
        times.time(Work.SKEW, () -> rule.apply(grid, weights, velocity));
        binaryVelocity.assign(proposed);
        times.time(Work.BINARY, () -> RULE.apply(BINARY, binaryWeights, binaryVelocity));
    }
}
