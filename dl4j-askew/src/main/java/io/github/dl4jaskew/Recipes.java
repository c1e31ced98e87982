package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import java.util.function.ToDoubleFunction;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Recipes that were tried, as builders to which grid, scale and layers can be added.
 *
 * <p>What decides is the learning rate in units of the cell, and when the intervals close: once they are narrow, hardly any
 * weight changes its side, so signs must be settled during the hold, by steps that are large next to those of float training.
 */
public final class Recipes {

    private static final int MOST_HALF_CELLS = 15;

    private Recipes() {}

    /**
     * Training from random weights: weights begin small ({@link Askew.Builder#initialScale} 0.06, which would destroy trained
     * weights, so that a network with them is refused unless it is set by hand), eps stays 1 for nine
     * tenths of the training (below 1,000 iterations: until 100 are left, or a third of them) and then falls exponentially
     * to 1e-4; the constrained weights have an Adam of their own, whose rate starts at {@link #fromScratchRate} and falls
     * along a cosine to 0. Biases, batch norm and skipped layers keep the network's updater.
     *
     * <p>Put batch norm behind every constrained layer, the last one included: a binary layer cannot choose its scale. How it
     * compares with float training, rounding and BinaryConnect is on the page of results, examples/study/RESULTS.md.
     *
     * <p>The values were found in a search with an MLP on MNIST: a shorter hold, weights as the initialization leaves them, and
     * no batch norm behind the last layer were worse; a long training wants a smaller rate than a short one.
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
        return recipe(iterations, closing, grid -> fromScratchRate(grid, epochs, iterationsPerEpoch))
                .scale(Scale.mse())
                .presetInitialScale(0.06);
    }

    /**
     * The learning rate at which {@link #fromScratch} starts: {@code min(1.2, 600 / (epochs * iterationsPerEpoch))} times
     * half the width of the hull, which is {@code K - 1} half cells for {@code K} levels; of more than 16 levels it takes 15
     * half cells, so that the last steps do not move weights off their levels. While eps is 1 the weights are free within the
     * hull, so its width is what they have to cross, however many levels there are in it. A long training has as far to go
     * as a short one: with the rate of a short one, too many of its weights would be under way when the intervals close.
     *
     * @param grid the levels
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1
     * @return in half cells a step, {@link LearningRateUnit#CELL}
     * @throws IllegalArgumentException if a number is below 1
     */
    public static double fromScratchRate(Grid grid, int epochs, int iterationsPerEpoch) {
        return Math.min(grid.size() - 1, MOST_HALF_CELLS) * Math.min(1.2, 600 / iterations(epochs, iterationsPerEpoch));
    }

    /**
     * Training from trained weights: one scale of least squared error for each output channel, a smaller rate (0.03 half
     * cells a step) that moves only the weights that the rounding hurts, and eps that falls exponentially to 1e-4 in the
     * second half. At stage STEP the hull closes around the weights during the first quarter, so that the first iteration
     * moves none of them further than its updater does.
     *
     * <p>Weights hardly travel at this rate: for new classes, fine-tune in float first, and then under the constraint.
     *
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1: its minibatches, or with truncated backpropagation through
     *     time all segments of them
     * @return a builder with these values, to which grid, scale and layers can be added
     * @throws IllegalArgumentException if a number is below 1
     */
    public static Askew.Builder fineTune(int epochs, int iterationsPerEpoch) {
        double iterations = iterations(epochs, iterationsPerEpoch);
        return recipe(iterations, iterations / 2, grid -> 0.03)
                .scale(Scale.mse().perChannel())
                .presetHull(Annealing.hold(0).thenLinear(iterations / 4).byIteration());
    }

    private static Askew.Builder recipe(double iterations, double closing, ToDoubleFunction<Grid> cellRate) {
        Annealing epsilon = Annealing.hold(iterations - closing)
                .thenExponential(1e-4, closing)
                .byIteration();
        return Askew.builder()
                .preset(
                        epsilon,
                        grid -> new Adam(
                                new CosineSchedule(ScheduleType.ITERATION, cellRate.applyAsDouble(grid), iterations)));
    }

    private static double iterations(int epochs, int iterationsPerEpoch) {
        if (epochs < 1 || iterationsPerEpoch < 1) {
            throw new IllegalArgumentException("epochs is " + epochs + " and iterationsPerEpoch is "
                    + iterationsPerEpoch + "; both must be at least 1");
        }
        return (double) epochs * iterationsPerEpoch;
    }
}
