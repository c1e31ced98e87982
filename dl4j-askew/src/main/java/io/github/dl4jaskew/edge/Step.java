package io.github.dl4jaskew.edge;

/**
 * One computation on plain arrays, whose sizes are known. The arrays may be longer than needed; what they hold beyond is
 * neither read nor relied upon. Immutable, thread safe.
 */
interface Step {

    /** For steps that need nothing. */
    float[][] NO_SCRATCH = {};

    /** Whether {@code in} and {@code out} of {@link #run} must be the same array; otherwise they must differ. */
    default boolean inPlace() {
        return false;
    }

    /** Memory for {@link #run} besides its arguments, which a session keeps for this step alone. */
    default float[][] scratch() {
        return NO_SCRATCH;
    }

    /** Bytes of weights and tables held. */
    default long bytes() {
        return 0;
    }

    /** Computes {@code out} from {@code in}; both hold one example from index 0. */
    void run(float[] in, float[] out, float[][] scratch);
}
