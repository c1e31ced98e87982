package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a pass over a parameter leaves to the garbage collector does not grow with the parameter. */
class AllocationTest {

    private static final int SMALL = BlockKernel.SPAN;
    private static final int LARGE = 30 * BlockKernel.SPAN;
    private static final int CALLS = 5;

    /** A buffer and what belongs to it: far less than one for each span would take. */
    private static final long ALLOWED = 1000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void doesNotGrow(DataType type) {
        for (Grid grid : new Grid[] {Grid.binary(), Grid.powersOfTwo(3)}) {
            ScaledGrid scaled = new ScaledGrid(grid, new double[] {1, 0.5}, new Channels(2, 64));
            for (SkewRule rule : new SkewRule[] {
                SkewRule.step(0.3, 0.1, 0.25), SkewRule.step(1, 0.1, 0.25), SkewRule.gradient(0.3, 0.1, 0.25, 0.1)
            }) {
                long small = bytes(rule, scaled, type, SMALL);
                assertThat(bytes(rule, scaled, type, LARGE)).isBetween(0L, small + ALLOWED);
                assertThat(small).isLessThan(5 * ALLOWED);
            }
        }
    }

    /** The fewest bytes of a call, as the first ones load classes and make the kernel. */
    private long bytes(SkewRule rule, ScaledGrid grid, DataType type, int length) {
        Team alone = new Team(1);
        INDArray w = Nd4j.rand(type, length).subi(0.5);
        INDArray v = Nd4j.zeros(type, length);
        long fewest = Long.MAX_VALUE;
        for (int i = 0; i < CALLS; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            HostKernel.apply(rule, grid, w, v, alone);
            fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return fewest;
    }
}
