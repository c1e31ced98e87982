package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Recipes that were tried, as builders to which grid, scale and layers can be added.
 *
 * <p>What decides is the learning rate in units of the cell, and when the intervals close: once they are narrow, hardly any
 * weight changes its side, so signs must be settled during the hold, by steps that cross a cell in some dozen updates.
 */
public final class Recipes {

    private Recipes() {}

    /**
     * Training from random weights: weights begin small ({@link AskewBuilder#startSpread} 0.06), eps stays 1 for nine
     * tenths of the training (below 1,000 iterations: until 100 are left, or a third of them) and then falls exponentially
     * to 1e-4; the constrained weights have an Adam of their own, whose rate starts at {@link #fromScratchRate} and falls
     * along a cosine to 0. Biases, batch norm and skipped layers keep the network's updater.
     *
     * <p>Put batch norm behind every constrained layer, the last one included: a binary layer cannot choose its scale. A
     * search outside of DL4J, on binary weights, MNIST's first 10,000 digits, an MLP 784-512-512-10 and 20 epochs, is where
     * this recipe comes from. It held for 0.8 of the training, at a rate of 0.3; 0.9 and today's rates were found with this
     * library later. Test accuracy of that search, mean of seeds 1 and 2:
     *
     * <table>
     * <caption>what the choices gave, in percent</caption>
     * <tr><th>hold of 0.8, rate of 0.3</th><td>97.0 to 97.1</td></tr>
     * <tr><th>weights as Xavier's initialization leaves them</th><td>96.7</td></tr>
     * <tr><th>no batch norm behind the last layer</th><td>96.5</td></tr>
     * <tr><th>hold of 0.6, 0.9</th><td>96.9, 97.2</td></tr>
     * <tr><th>rate of 0.1, 0.5</th><td>95.9, 97.1</td></tr>
     * <tr><th>rate of 1 with a hold of 0.5, 0.2</th><td>95.4, 95.9</td></tr>
     * <tr><th>Adam with a second decay of 0.99</th><td>96.8</td></tr>
     * <tr><th>BinaryConnect at rate 0.003</th><td>97.2</td></tr>
     * </table>
     *
     * <p>{@code ./mvnw -q -Pstudy verify -Ddata=DIR -Dargs="--full --cells mnist-10000/mlp-bn.+/binary"} measures the
     * library itself.
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
        return recipe(iterations, closing, fromScratchRate(epochs, iterationsPerEpoch))
                .scale(Scale.mse())
                .startSpread(0.06);
    }

    /**
     * The learning rate at which {@link #fromScratch} starts: {@code min(0.6, 600 / (epochs * iterationsPerEpoch))} half
     * cells a step. A long training thus has as much way to go as a short one: with the rate of a short one, too many of
     * its weights would be under way, between two levels, when the intervals close.
     *
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1
     * @return in half cells a step, in (0, 0.6]
     * @throws IllegalArgumentException if a number is below 1
     */
    public static double fromScratchRate(int epochs, int iterationsPerEpoch) {
        return Math.min(0.6, 600 / iterations(epochs, iterationsPerEpoch));
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
        return recipe(iterations, iterations / 2, 0.03)
                .scale(Scale.mse().perChannel())
                .presetHull(Annealing.hold(0).thenLinear(iterations / 4).byIteration());
    }

    private static AskewBuilder recipe(double iterations, double closing, double cellRate) {
        return Askew.builder()
                .epsilon(Annealing.hold(iterations - closing)
                        .thenExponential(1e-4, closing)
                        .byIteration())
                .updater(new Adam(new CosineSchedule(ScheduleType.ITERATION, cellRate, iterations)))
                .learningRateUnit(LearningRateUnit.CELL);
    }

    private static double iterations(int epochs, int iterationsPerEpoch) {
        if (epochs < 1 || iterationsPerEpoch < 1) {
            throw new IllegalArgumentException("epochs is " + epochs + " and iterationsPerEpoch is "
                    + iterationsPerEpoch + "; both must be at least 1");
        }
        return (double) epochs * iterationsPerEpoch;
    }
}
