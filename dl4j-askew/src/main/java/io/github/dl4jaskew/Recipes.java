package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.StraightThrough;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import java.util.function.ToDoubleFunction;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Recipes that were tried on networks of many kinds, as builders to which grid, scale and layers can be added.
 *
 * <p>The forward pass sees the quantized network from the first iteration to the last ({@link StraightThrough#ALWAYS}), so
 * that what is optimized is what is served, with or without batch norm; the closing intervals settle which level each weight
 * keeps, and end with all of them exactly there. How that compares with float training, rounding and BinaryConnect is on the
 * page of results, examples/study/RESULTS.md.
 */
public final class Recipes {

    /** Of a training of this many iterations the rates were found; longer ones take smaller steps, by the square root. */
    private static final double REFERENCE_ITERATIONS = 600;

    private static final double LARGEST_FACTOR = 5;

    /** Half cells a step where weights begin small on two levels. */
    private static final double BINARY_RATE = 0.01;

    /** The same where the forward pass sees the weights as they are, which have to travel to their level. */
    private static final double PLAIN_BINARY_RATE = 0.1;

    /** Of more levels, for each gap between two of them and bit. */
    private static final double RATE = 0.06;

    private static final double TRAINED_BINARY_RATE = 0.05;

    private Recipes() {}

    /**
     * Training from random weights. Binary weights begin small ({@link Askew.Builder#initialScale} 0.06, which would destroy
     * trained weights), so that signs are learned and not those of the initialization; a network that is trained is refused
     * unless an initial scale is set by hand. Eps stays 1 for nine tenths of the training (below 1,000 iterations: until 100
     * are left, or a third of them) and then falls exponentially to 1e-4; the constrained weights have an Adam of their own,
     * whose rate starts at {@link #fromScratchRate} and falls along a cosine to 0. Biases, batch norm and skipped layers keep
     * the network's updater.
     *
     * <p>Where the forward pass cannot see levels (SameDiff graphs; 1D convolution, embedding, attention and other layers
     * that read their weights past DL4J's weight noise) the paper's own AskewSGD is used, binary weights at ten times the
     * rate. The plan says where.
     *
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1: its minibatches, or with truncated backpropagation through
     *     time all segments of them
     * @return a builder with these values, to which grid, scale and layers can be added
     * @throws IllegalArgumentException if a number is below 1
     */
    public static Askew.Builder fromScratch(int epochs, int iterationsPerEpoch) {
        double iterations = iterations(epochs, iterationsPerEpoch);
        double closing = Math.min(iterations / 3, Math.max(iterations / 10, 100));
        return recipe(
                        iterations,
                        closing,
                        grid -> fromScratchRate(grid, epochs, iterationsPerEpoch),
                        grid -> rate(grid, PLAIN_BINARY_RATE, iterations))
                .scale(Scale.mse())
                .presetInitialScale(Askew.PRESET_INITIAL_SCALE);
    }

    /**
     * The learning rate at which {@link #fromScratch} starts, {@code min(5, sqrt(600 / iterations))} times
     *
     * <pre>  0.01 for two levels,    0.06 (K - 1) / log2(K) for K,  </pre>
     *
     * <p>in half cells a step. Of several levels that is about 0.04 of the standard deviation of the first weights, whatever
     * their number; binary weights begin in the middle between the levels, and change sign at small steps.
     *
     * @param grid the levels
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1
     * @return in half cells a step, {@link LearningRateUnit#CELL}
     * @throws IllegalArgumentException if a number is below 1
     */
    public static double fromScratchRate(Grid grid, int epochs, int iterationsPerEpoch) {
        return rate(grid, BINARY_RATE, iterations(epochs, iterationsPerEpoch));
    }

    private static double rate(Grid grid, double binaryRate, double iterations) {
        int levels = grid.size();
        double rate = levels == 2 ? binaryRate : RATE * (levels - 1) * Math.log(2) / Math.log(levels);
        return rate * Math.min(LARGEST_FACTOR, Math.sqrt(REFERENCE_ITERATIONS / iterations));
    }

    /**
     * Training from trained weights: one scale of least squared error for each output channel, the rates of {@link
     * #fromScratch} but 0.05 half cells for two levels, and eps that falls exponentially to 1e-4 in
     * the last fifth (over at least 100 iterations, or the half). At stage
     * STEP the hull closes around the weights during the first quarter, so that the first iteration moves none of them
     * further than its updater does.
     *
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1: its minibatches, or with truncated backpropagation through
     *     time all segments of them
     * @return a builder with these values, to which grid, scale and layers can be added
     * @throws IllegalArgumentException if a number is below 1
     */
    public static Askew.Builder fineTune(int epochs, int iterationsPerEpoch) {
        double iterations = iterations(epochs, iterationsPerEpoch);
        return recipe(
                        iterations,
                        Math.min(iterations / 2, Math.max(iterations / 5, 100)),
                        grid -> rate(grid, TRAINED_BINARY_RATE, iterations),
                        grid -> rate(grid, TRAINED_BINARY_RATE, iterations))
                .scale(Scale.mse().perChannel())
                .presetHull(Annealing.hold(0).thenLinear(iterations / 4).byIteration());
    }

    private static Askew.Builder recipe(
            double iterations, double closing, ToDoubleFunction<Grid> cellRate, ToDoubleFunction<Grid> plainCellRate) {
        Annealing epsilon = Annealing.hold(iterations - closing)
                .thenExponential(1e-4, closing)
                .byIteration();
        return Askew.builder()
                .preset(
                        epsilon,
                        grid -> adam(cellRate.applyAsDouble(grid), iterations),
                        grid -> adam(plainCellRate.applyAsDouble(grid), iterations));
    }

    private static Adam adam(double rate, double iterations) {
        return new Adam(new CosineSchedule(ScheduleType.ITERATION, rate, iterations));
    }

    private static double iterations(int epochs, int iterationsPerEpoch) {
        if (epochs < 1 || iterationsPerEpoch < 1) {
            throw new IllegalArgumentException("epochs is " + epochs + " and iterationsPerEpoch is "
                    + iterationsPerEpoch + "; both must be at least 1");
        }
        return (double) epochs * iterationsPerEpoch;
    }
}
