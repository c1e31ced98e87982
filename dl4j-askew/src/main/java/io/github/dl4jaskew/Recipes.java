package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
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
     * Training from random weights: weights begin small ({@link AskewBuilder#startSpread} 0.06, which would destroy trained
     * weights, so that a network with them is refused unless the spread is set by hand), eps stays 1 for nine
     * tenths of the training (below 1,000 iterations: until 100 are left, or a third of them) and then falls exponentially
     * to 1e-4; the constrained weights have an Adam of their own, whose rate starts at {@link #fromScratchRate} and falls
     * along a cosine to 0. Biases, batch norm and skipped layers keep the network's updater.
     *
     * <p>Put batch norm behind every constrained layer, the last one included: a binary layer cannot choose its scale. Test
     * accuracy on MNIST, all weights quantized, each method with a rate tuned on training digits that were held out (for
     * this recipe: half, once, twice its own and so on); mean and standard deviation:
     *
     * <table>
     * <caption>percent</caption>
     * <tr><th></th><th>float</th><th>rounded</th><th>BinaryConnect</th><th>this recipe</th></tr>
     * <tr><td>MLP 784-512-512-10, binary, 10,000 digits, 20 epochs, 5 seeds</td><td>97.30 (0.06)</td><td>95.72 (0.19)</td>
     *     <td>97.15 (0.09)</td><td>97.16 (0.07)</td></tr>
     * <tr><td>the same, 60,000 digits</td><td>98.81 (0.09)</td><td>96.08 (0.24)</td><td>98.71 (0.08)</td>
     *     <td>98.60 (0.04)</td></tr>
     * <tr><td>LeNet, binary, 10,000 digits, 10 epochs, 3 seeds; here at twice its rate</td><td>98.91 (0.02)</td>
     *     <td>93.44 (1.03)</td><td>98.57 (0.15)</td><td>98.96 (0.08)</td></tr>
     * <tr><td>the same, ternary; at twice its rate</td><td>98.91 (0.02)</td><td>98.32 (0.07)</td><td>98.75 (0.01)</td>
     *     <td>99.07 (0.03)</td></tr>
     * <tr><td>the same, 2 bits; at half its rate</td><td>98.91 (0.02)</td><td>98.51 (0.03)</td><td>98.61 (0.02)</td>
     *     <td>98.97 (0.12)</td></tr>
     * <tr><td>LeNet, binary, 60,000 digits, 10 epochs, 1 seed; at twice its rate</td><td>99.45</td><td></td><td>99.32</td>
     *     <td>99.39</td></tr>
     * </table>
     *
     * <p>After the long training of the MLP it is 0.11 points (standard error 0.05) below BinaryConnect.
     *
     * <p>{@code ./mvnw -q -Pstudy verify -Ddata=DIR -Dargs="--full --cells
     * mnist-.0000/(mlp-bn.+|lenet)/(none/float|(binary|ternary|uniform.2.)/(rounding|binaryconnect|askew-step))"}
     * measures them.
     *
     * <p>The values were found in a search outside of DL4J with the same MLP, mean of 2 to 4 seeds. After 2,000 iterations:
     * 97.0 to 97.1 with this recipe, as with a hold of 0.8 or 0.95; 96.7 with weights as Xavier's initialization leaves
     * them; 96.5 without batch norm behind the last layer; 96.9 with a hold of 0.6. At rates in half cells: after 200
     * iterations 92.7 at 0.3, 93.9 at 0.6, 94.4 at 1.2 and at 2.4; after 2,000, 95.9 at 0.1, 97.1 at 0.3 and 96.9 at 0.6, but
     * for ternary weights 96.9 at 0.3, 97.2 at 0.6 and at 1.2, for 2 bits 97.1, 97.2 and 97.3 there, and for 4 bits 97.2 at
     * 0.3 and 97.3 at 4.8; after 10,000, 98.6 at 0.05, 98.6 at 0.1, 98.4 at 0.15 and 98.3 at 0.3.
     *
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1: its minibatches, or with truncated backpropagation through
     *     time all segments of them
     * @return a builder with these values, to which grid, scale and layers can be added
     * @throws IllegalArgumentException if a number is below 1
     */
    public static AskewBuilder fromScratch(int epochs, int iterationsPerEpoch) {
        double iterations = iterations(epochs, iterationsPerEpoch);
        double closing = Math.min(iterations / 3, Math.max(iterations / 10, 100));
        return recipe(iterations, closing, grid -> fromScratchRate(grid, epochs, iterationsPerEpoch))
                .scale(Scale.mse())
                .presetStartSpread(0.06);
    }

    /**
     * The learning rate at which {@link #fromScratch} starts: {@code min(1.2, 600 / (epochs * iterationsPerEpoch))} times
     * half the width of the hull, which is {@code K - 1} half cells for {@code K} levels; of more than 16 levels it takes 15
     * half cells, lest the last steps leave weights beside their levels. While eps is 1 the weights are free within the
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
    public static AskewBuilder fineTune(int epochs, int iterationsPerEpoch) {
        double iterations = iterations(epochs, iterationsPerEpoch);
        return recipe(iterations, iterations / 2, grid -> 0.03)
                .scale(Scale.mse().perChannel())
                .presetHull(Annealing.hold(0).thenLinear(iterations / 4).byIteration());
    }

    private static AskewBuilder recipe(double iterations, double closing, ToDoubleFunction<Grid> cellRate) {
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
