package io.github.dl4jaskew.examples.margin;

import io.github.dl4jaskew.examples.report.MarginResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The cases whose margins are known: A to D and G, and F, which must fail. */
public final class GroundTruth {

    /** More than enough for the margin of case D. */
    private static final int RELU_EPOCHS = 1000;

    private static final int REFUSED_EPOCHS = 300;
    private static final long RELU_PROBLEMS = 3;

    private GroundTruth() {}

    /**
     * How often progress is reported at most.
     *
     * @param steps as for {@link #run}
     * @return a number of steps
     */
    public static long length(int steps) {
        return 2L * steps + RELU_PROBLEMS * reluEpochs(steps) + REFUSED_EPOCHS;
    }

    /**
     * Trains and measures all cases.
     *
     * @param steps length of B and C, at least 1; values are known at 100, 10,000 and 100,000
     * @param progress told of every step
     * @param remarks hears why networks are refused
     * @return measured values beside those of the closed forms
     */
    public static List<MarginResult> run(int steps, Progress progress, Consumer<String> remarks) {
        List<MarginResult> results = new ArrayList<>(OrthogonalFlow.run());
        results.addAll(SeparablePlane.run(steps, progress));
        results.addAll(ProductOfTwo.run(steps, progress));
        results.addAll(ReluMaximum.run(reluEpochs(steps), progress));
        results.addAll(CriticalPoints.run());
        results.addAll(Refusals.run(REFUSED_EPOCHS, progress, remarks));
        return results;
    }

    private static int reluEpochs(int steps) {
        return Math.min(steps, RELU_EPOCHS);
    }
}
