package io.github.dl4jaskew.internal.rule;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share the spans of a large parameter with the thread that asks. That one never waits for a helper which has
 * not begun, so callers in several threads, as those of a ParallelWrapper, do not hinder each other.
 *
 * <p>Why not a ForkJoinPool: its callers from outside hand all work over and wait until a thread of the pool is scheduled,
 * so that several callers share the pool's threads in place of working themselves. It was not faster either, and what a
 * failed task leaves running would still have to be awaited here, since it uses the caller's memory.
 */
final class Team {

    /** As many threads as the environment variable OMP_NUM_THREADS says, otherwise one for each processor. */
    static final Team SHARED = new Team(
            threads(System.getenv("OMP_NUM_THREADS"), Runtime.getRuntime().availableProcessors()));

    /** Work on the elements {@code from <= i < to}. */
    @FunctionalInterface
    interface Task {
        void run(long from, long to);
    }

    private final int threads;
    private final @Nullable ThreadPoolExecutor helpers;

    /**
     * A team.
     *
     * @param threads number of threads, the caller's included
     */
    Team(int threads) {
        this.threads = threads;
        this.helpers = threads > 1 ? helpers(threads - 1) : null;
    }

    private static ThreadPoolExecutor helpers(int number) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(number, number, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "askew-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** OpenMP's variable may be a list, whose first number is for the outermost level. */
    static int threads(@Nullable String setting, int processors) {
        if (setting != null && setting.strip().matches("[1-9][0-9]{0,3}(\\s*,.*)?")) {
            return Integer.parseInt(setting.strip().split("\\D", 2)[0]);
        }
        return processors;
    }

    /**
     * Runs a task on all elements, span by span, and returns when all is done.
     *
     * @param length number of elements
     * @param task thread safe; called with whole spans of {@link BlockKernel#SPAN}
     * @throws NotFiniteException the one with the lowest element, if the task has thrown such
     * @throws RuntimeException whatever else the task has thrown, in any thread; the same for errors
     */
    void run(long length, Task task) {
        int spans = (int) Math.min(threads, length / BlockKernel.SPAN);
        if (spans < 2 || helpers == null) {
            task.run(0, length);
            return;
        }
        Job job = new Job(length, task);
        try {
            for (int i = 1; i < spans; i++) {
                helpers.execute(job);
            }
            job.work();
        } finally {
            // Even if no thread could be started: helpers that have begun still use the caller's memory.
            job.finish();
        }
        job.rethrow();
    }

    private static final class Job extends Phaser implements Runnable {

        private final long length;
        private final Task task;
        private final AtomicLong next = new AtomicLong();
        private @Nullable NotFiniteException notFinite;
        private @Nullable Throwable other;

        Job(long length, Task task) {
            super(1);
            this.length = length;
            this.task = task;
        }

        @Override
        protected boolean onAdvance(int phase, int parties) {
            return true;
        }

        @Override
        public void run() {
            if (register() >= 0) {
                try {
                    work();
                } finally {
                    arriveAndDeregister();
                }
            }
        }

        void work() {
            for (long from = claim(); from < length; from = claim()) {
                try {
                    task.run(from, Math.min(length, from + BlockKernel.SPAN));
                } catch (Throwable e) {
                    // In a helper it would otherwise be lost.
                    fail(e);
                }
            }
        }

        private long claim() {
            return next.getAndAdd(BlockKernel.SPAN);
        }

        /** Spans are claimed in order, so all those before the lowest failure are done or fail themselves. */
        private synchronized void fail(Throwable e) {
            next.set(length);
            if (!(e instanceof NotFiniteException named)) {
                other = e;
            } else if (notFinite == null || named.element() < notFinite.element()) {
                notFinite = named;
            }
        }

        /** Lets no more spans begin, and waits for those that have. */
        void finish() {
            next.set(length);
            arriveAndAwaitAdvance();
        }

        synchronized void rethrow() {
            if (other instanceof Error error) {
                throw error;
            }
            if (other instanceof RuntimeException exception) {
                throw exception;
            }
            if (notFinite != null) {
                throw notFinite;
            }
        }
    }
}
