package io.github.dl4jaskew.internal.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.grid.Channels;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.interval.Stage;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Several threads give what one gives, bit for bit. */
class TeamTest {

    private static final int LENGTH = 5 * BlockKernel.SPAN + 333;
    private static final SkewRule RULE = new SkewRule(0.2, 0.1, 0.25, Stage.STEP, 1, 1);

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void sameBits(DataType type) {
        Nd4j.getRandom().setSeed(1);
        INDArray w = Nd4j.randn(type, LENGTH).muli(0.5);
        INDArray v = Nd4j.randn(type, LENGTH).muli(0.01);
        double[] scales = {0.5, 0.7, 1.1};
        for (ScaledGrid grid : new ScaledGrid[] {
            ScaledGrid.perTensor(Grid.binary(), 0.5),
            new ScaledGrid(Grid.uniform(3), scales, new Channels(3, 7)),
            new ScaledGrid(Grid.powersOfTwo(4), scales, new Channels(3, 1)),
        }) {
            INDArray one = v.dup();
            HostKernel.apply(RULE, grid, w, one, new Team(1));
            for (int threads : new int[] {2, 3, 8}) {
                INDArray several = v.dup();
                HostKernel.apply(RULE, grid, w, several, new Team(threads));
                assertThat(several.data().asBytes()).isEqualTo(one.data().asBytes());
            }
        }
    }

    @Test
    void eachElementOnce() {
        AtomicIntegerArray visits = new AtomicIntegerArray(LENGTH);
        new Team(4).run(LENGTH, (from, to) -> {
            assertThat(from % BlockKernel.SPAN).isZero();
            for (long i = from; i < to; i++) {
                visits.incrementAndGet((int) i);
            }
        });
        for (int i = 0; i < LENGTH; i++) {
            assertThat(visits.get(i)).isEqualTo(1);
        }
    }

    @Test
    void smallParametersStayInTheirThread() {
        Thread[] seen = new Thread[1];
        new Team(4).run(BlockKernel.SPAN + 1, (from, to) -> {
            assertThat(to - from).isEqualTo(BlockKernel.SPAN + 1);
            seen[0] = Thread.currentThread();
        });
        assertThat(seen[0]).isSameAs(Thread.currentThread());
    }

    @Test
    void namesTheFirstElementThatIsNotFinite() {
        ScaledGrid grid = ScaledGrid.perTensor(Grid.binary(), 1);
        INDArray v = Nd4j.zeros(DataType.FLOAT, LENGTH);
        v.putScalar(4 * BlockKernel.SPAN, Double.NaN);
        v.putScalar(BlockKernel.SPAN + 7, Double.NEGATIVE_INFINITY);
        v.putScalar(2 * BlockKernel.SPAN, Double.NaN);
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> HostKernel.apply(RULE, grid, Nd4j.ones(LENGTH), v, new Team(3)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("update of element " + (BlockKernel.SPAN + 7) + " is -Infinity; it must be finite");
        }
    }

    /** A helper's exception would otherwise end in its thread, and its span would be left as it was. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whateverATaskThrowsIsThrown(int failing) {
        Team team = new Team(2);
        CountDownLatch both = new CountDownLatch(2);
        AtomicInteger running = new AtomicInteger();
        RuntimeException expected = new IllegalStateException("as a test");
        assertThatThrownBy(() -> team.run(LENGTH, (from, to) -> {
                    running.incrementAndGet();
                    await(both);
                    if (from == (long) failing * BlockKernel.SPAN) {
                        running.decrementAndGet();
                        throw expected;
                    }
                    LockSupport.parkNanos(20_000_000);
                    running.decrementAndGet();
                }))
                .isSameAs(expected);
        // The caller's memory may be gone now.
        assertThat(running).hasValue(0);
    }

    /** Until as many have begun as the latch counts. */
    private static void await(CountDownLatch latch) {
        latch.countDown();
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void callersDoNotHinderEachOther() throws Exception {
        Team team = new Team(2);
        CountDownLatch inside = new CountDownLatch(4);
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            Future<?>[] done = new Future<?>[4];
            for (int i = 0; i < done.length; i++) {
                done[i] = callers.submit(() -> team.run(LENGTH, (from, to) -> {
                    if (from == 0) {
                        // Each caller or helper waits until all four have begun: one helper alone could not do that.
                        await(inside);
                    }
                }));
            }
            for (Future<?> f : done) {
                f.get();
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(inside.getCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"4, 4", "'3,2', 3", "' 2 ', 2", "0, 8", "-1, 8", "many, 8", "'', 8", "99999999999, 8", ", 8"})
    void threadsOfTheEnvironment(String setting, int threads) {
        assertThat(Team.threads(setting, 8)).isEqualTo(threads);
    }

    @Test
    void resultsOfHelpersAreSeen() {
        byte[] marks = new byte[LENGTH];
        Team team = new Team(3);
        for (byte round = 1; round <= 50; round++) {
            byte mark = round;
            team.run(LENGTH, (from, to) -> Arrays.fill(marks, (int) from, (int) to, mark));
            for (int i = 0; i < LENGTH; i += 1000) {
                assertThat(marks[i]).isEqualTo(mark);
            }
        }
    }
}
