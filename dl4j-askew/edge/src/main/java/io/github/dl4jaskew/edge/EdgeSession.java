package io.github.dl4jaskew.edge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model with the memory that a prediction needs, which is then reused: predicting allocates nothing. Not thread safe;
 * give each thread its own session of the same model.
 */
public final class EdgeSession {

    private final Program program;
    private final float[] first;
    private final float[] second;
    private final float[][][] scratch;

    EdgeSession(Program program) {
        this.program = program;
        this.first = new float[program.largest()];
        this.second = new float[program.largest()];
        this.scratch = new float[program.steps().size()][][];
        Map<Step, float[]> kept = new HashMap<>();
        for (int i = 0; i < scratch.length; i++) {
            Step step = program.steps().get(i);
            List<Kept> sources = step.sources();
            scratch[i] = sources.isEmpty()
                    ? step.scratch()
                    : sources.stream().map(kept::get).toArray(float[][]::new);
            if (step instanceof Kept) {
                kept.put(step, scratch[i][0]);
            }
        }
    }

    /**
     * The network's output for one example.
     *
     * @param input {@link EdgeModel#inputSize()} finite numbers: features, or an image of {@link
     *     EdgeModel#inputShape()}, whose last axis varies fastest; not changed
     * @param output receives {@link EdgeModel#outputSize()} numbers
     * @throws IllegalArgumentException if a length is wrong or an input is not finite
     * @throws java.util.concurrent.CancellationException if the thread is interrupted during a long prediction, as
     *     {@link EdgeModel#cost()} says; the session can be used again
     */
    public void predict(float[] input, float[] output) {
        compute(input, program.time(), output);
    }

    /**
     * The network's output for a sequence that is shorter than the model's: see {@link EdgeModel#predict(float[], int)}.
     *
     * @param input as {@link #predict(float[], float[])}; what stands behind {@code length} has to be finite, and has no effect
     * @param length time steps that are there, from the first on, 1 to all
     * @param output receives {@link EdgeModel#outputSize()} numbers
     * @throws IllegalArgumentException if a length is wrong or an input is not finite
     * @throws IllegalStateException if the model takes no sequences, or a layer needs all time steps
     * @throws java.util.concurrent.CancellationException as {@link #predict(float[], float[])}
     */
    public void predict(float[] input, int length, float[] output) {
        if (program.time() == 0) {
            throw new IllegalStateException(program.whole());
        }
        if (length < 1 || length > program.time()) {
            throw new IllegalArgumentException("length is " + length + "; allowed are 1 to " + program.time());
        }
        compute(input, length, output);
    }

    private void compute(float[] input, int length, float[] output) {
        requireLength("input", input.length, program.inputs());
        requireLength("output", output.length, program.outputs());
        for (int i = 0; i < input.length; i++) {
            float x = input[i];
            if (!(Math.abs(x) <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "input " + i + " is " + x + "; allowed are finite numbers from -3.4e38 to 3.4e38");
            }
            first[i] = x;
        }
        System.arraycopy(run(length), 0, output, 0, output.length);
    }

    private float[] run(int length) {
        float[] in = first;
        float[] out = second;
        for (int i = 0; i < scratch.length; i++) {
            Step step = program.steps().get(i);
            Step.honourInterrupts(program.cost());
            if (step.inPlace()) {
                run(step, in, in, scratch[i], length);
            } else {
                run(step, in, out, scratch[i], length);
                float[] swap = in;
                in = out;
                out = swap;
            }
        }
        return in;
    }

    private static void run(Step step, float[] in, float[] out, float[][] scratch, int length) {
        if (length == 0) {
            step.run(in, out, scratch);
        } else {
            step.run(in, out, scratch, length);
        }
    }

    private static void requireLength(String name, int length, int expected) {
        if (length != expected) {
            throw new IllegalArgumentException(name + " has " + length + " numbers; allowed are " + expected);
        }
    }

    /** {@return bytes of the memory that this session reuses: arrays between steps and scratch memory} */
    public long bytes() {
        long numbers = (long) first.length + second.length;
        for (int i = 0; i < scratch.length; i++) {
            // Those of other steps are counted there.
            if (program.steps().get(i).sources().isEmpty()) {
                for (float[] array : scratch[i]) {
                    numbers += array.length;
                }
            }
        }
        return Float.BYTES * numbers;
    }
}
