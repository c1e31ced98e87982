package io.github.dl4jaskew.edge;

import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * One computation on plain arrays, whose sizes are known. The arrays may be longer than needed; what they hold beyond is
 * neither read nor relied upon. Immutable, thread safe.
 */
interface Step {

    /** For steps that need nothing. */
    float[][] NO_SCRATCH = {};

    /** Operations, some 10 ms of them, below which a prediction does not look whether it is to end. */
    long UNINTERRUPTED = 1 << 24;

    /** Whether {@code in} and {@code out} of {@link #run} must be the same array; otherwise they must differ. */
    default boolean inPlace() {
        return false;
    }

    /** Memory for {@link #run} besides its arguments, which a session keeps for this step alone. */
    default float[][] scratch() {
        return NO_SCRATCH;
    }

    /** Earlier steps whose first scratch arrays {@link #run} is handed instead of memory of its own. */
    default List<Kept> sources() {
        return List.of();
    }

    /** Multiplications or comparisons of {@link #run}, beyond one for each number that it reads or writes. */
    default long cost() {
        return 0;
    }

    /** Ends a prediction of so many operations if its thread is interrupted, and leaves the thread's flag as it is. */
    static void honourInterrupts(long operations) {
        if (operations >= UNINTERRUPTED && Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the thread was interrupted while it predicted");
        }
    }

    /** Bytes of weights and tables held. */
    default long bytes() {
        return 0;
    }

    /** Computes {@code out} from {@code in}; both hold one example from index 0. */
    void run(float[] in, float[] out, float[][] scratch);

    /** The same for a sequence of which only so many time steps are there, at most all; other steps do not see time. */
    default void run(float[] in, float[] out, float[][] scratch, int length) {
        run(in, out, scratch);
    }
}
