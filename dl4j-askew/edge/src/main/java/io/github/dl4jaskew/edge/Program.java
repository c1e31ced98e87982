package io.github.dl4jaskew.edge;

import java.util.List;

/**
 * Steps from input to output. Immutable, thread safe.
 *
 * @param shape of the input
 * @param inputs numbers of the input
 * @param outputs numbers of the output
 * @param largest numbers of the largest array between two steps, both ends included
 * @param cost operations of a prediction; {@link Long#MAX_VALUE} for that many or more
 * @param steps in order
 * @param time steps of the sequences that it takes, or 0 if some layer does not let them be shorter
 * @param whole which layer that is, or that there are no sequences
 */
record Program(
        List<Integer> shape,
        int inputs,
        int outputs,
        int largest,
        long cost,
        List<Step> steps,
        int time,
        String whole) {

    Program {
        shape = List.copyOf(shape);
        steps = List.copyOf(steps);
    }

    long bytes() {
        return steps.stream().mapToLong(Step::bytes).sum();
    }
}
