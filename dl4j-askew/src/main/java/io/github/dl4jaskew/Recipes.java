package io.github.dl4jaskew;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.StraightThrough;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Recipes that were tried on networks of many kinds, as builders to which grid, scale and layers can be added.
 *
 * <p>Behind a {@link Askew.Builder#quantizationDelay quantization delay}, if there is one, the forward pass sees the quantized
 * network to the last iteration ({@link StraightThrough#ALWAYS}), so
 * that what is optimized is what is served, with or without batch norm; the closing intervals settle which level each weight
 * keeps, and end with all of them exactly there.
 *
 * <p>In a network in which all constrained layers see their nearest levels in the forward pass, closing intervals change nothing
 * of it, and weights can no longer choose (in a short training they learn in its first half, all the same). There both recipes let the constrained weights' rate fall to 0 a fiftieth of the
 * training before its end (at least 5 iterations, at most a quarter), and close the
 * intervals in the last fiftieth (at least 10 iterations, at most a half), in fewer than 40 iterations at a restoring rate of 1:
 * until then that is BinaryConnect in units of the cell. They do so unless {@link Askew.Builder#alpha alpha}, the restoring
 * rate, the largest step, hull, projection, perturbation, weight noise, stage, {@link Askew.Builder#crossing crossing},
 * schedule, updater or unit is set, or the forward pass is another. The plan of a network says what holds there. A weight that
 * has come to rest exactly in the middle of its cell, from which no direction leads, stays there until {@code quantize} rounds
 * it to the level that the forward pass saw.
 *
 * <p>How that compares with float training, rounding and BinaryConnect is on the
 * page of results, examples/study/RESULTS.md.
 */
public final class Recipes {

    /** Of a training of this many iterations the rates were found; longer ones take smaller steps, by the square root. */
    private static final double REFERENCE_ITERATIONS = 600;

    private static final double LARGEST_FACTOR = 2;

    /** The same where the forward pass sees the weights as they are, which have to travel to their level. */
    private static final double LARGEST_PLAIN_FACTOR = 5;

    /** Half cells a step of two levels, where the first weights are as far from 0 as their levels. */
    private static final double BINARY_RATE = 0.05;

    /** The same where weights begin small, in front of batch norm. */
    private static final double SMALL_BINARY_RATE = 0.03;

    /** The same where the forward pass sees the weights as they are. */
    private static final double PLAIN_BINARY_RATE = 0.1;

    /** Of more levels, for each gap between two of them and bit. */
    private static final double RATE = 0.06;

    /** How much faster weights of more levels than two move in front of batch norm. */
    private static final double NORMALIZED_FACTOR = 10;

    /** The same of trained weights, to which larger steps do more harm there than the training repairs. */
    private static final double NORMALIZED_FINE_TUNING = 0.1;

    /** Up to so many, rounding does more harm than those steps, and training repairs it. */
    private static final int COARSE_LEVELS = 3;

    private static final double BY_SQUARE_ROOT = 0.5;

    /**
     * A training of trained weights, or in front of batch norm, that is shorter takes smaller steps, by the square root; of
     * trained weights to the power log2(K) / 4 if that is more.
     */
    private static final double SHORT_TRAINING = 300;

    /** The same of few levels, and of two, which rounding harms so much that larger steps do not. */
    private static final double SHORT_TRAINING_OF_FEW_LEVELS = 150;

    private static final double SHORT_BINARY_TRAINING = 50;

    /**
     * Trained weights are trained in float for what a training has beyond so many iterations; in shorter ones that gained
     * nothing on held-out data.
     */
    private static final double LEAST_BEHIND_FLOAT = 250;

    /** Up to so many, weights that a large rate has driven far apart in float quantize badly. */
    private static final int FEW_LEVELS = 4;

    /** What the intervals need to take weights from anywhere to their levels at the default restoring rate. */
    private static final double SHORTEST_CLOSING = 40;

    /** The same at a restoring rate of 1, for weights that the forward pass sees as they are, and has to get used to. */
    private static final double SHORTEST_CLOSING_OF_TRAINED = 10;

    /** The same where the forward pass sees their levels already: none is then further than 0.01 half cells from them. */
    private static final double BRIEFEST_CLOSING = 10;

    /** What weights need between a delay and the closing. */
    private static final double SHORTEST_HOLD = 20;

    /**
     * The end of a training.
     *
     * @param length iterations in which the intervals close
     * @param restoringRate at which weights go to their levels
     * @param rest the last iterations, in which weights do not learn
     */
    private record Closing(double length, double restoringRate, double rest) {

        ISchedule epsilon(double iterations) {
            return Annealing.hold(iterations - length)
                    .thenExponential(1e-4, length)
                    .byIteration();
        }

        /** How long the weights learn in so many iterations. */
        double learningTime(double iterations) {
            return Math.max(1, iterations - rest);
        }
    }

    private Recipes() {}

    /**
     * Training from random weights. Eps stays 1 and then falls exponentially to 1e-4, in the time that is {@link Recipes said
     * above} or, where not all layers see levels, in the last fiftieth of the training (at least 40 iterations, at most a
     * half); the constrained weights have an Adam of their own, whose rate starts at
     * {@link #fromScratchRate} and falls along a cosine to 0. Biases, batch norm and skipped layers keep the network's
     * updater, which begins anew for the biases of delayed layers behind the delay.
     *
     * <p>In front of batch norm, which takes out their scale, the rate starts at {@code min(1, sqrt(iterations / 300),
     * sqrt(600 / iterations))} times (with 50 instead of 300 for two levels, and with 150 for three and four)
     *
     * <pre>  0.03 for two levels,    0.6 (K - 1) / log2(K) for K;  </pre>
     *
     * <p>two levels have a small start there ({@link Askew.Builder#initialScale} 0.06, which would destroy trained
     * weights), from which more weights change sign in a step. The plan says which layers these are.
     *
     * <p>Layers without batch norm are trained in float for the first half ({@link Askew.Builder#quantizationDelay}), as they
     * cannot change the scale of their levels later; for less where the hold behind it would be shorter than the closing, or
     * than 20 iterations. Up to four levels the same Adam does that, as weights that a large rate has driven far
     * apart quantize badly; small first weights cost accuracy there, and the plan warns where they are below 0.7 times those
     * of {@code WeightInit.XAVIER}. The network's updater does it with more levels,
     * and in recurrent layers, which need its larger steps. Then scales of least squared error
     * are estimated for each output channel, the hull closes around the weights during a quarter of the rest, and the
     * rates are those of a training of that length.
     *
     * <p>Where the forward pass cannot see levels (SameDiff graphs; 1D convolution, embedding, attention and other layers
     * that read their weights past DL4J's weight noise) the paper's own AskewSGD is used; in SameDiff
     * graphs and in front of batch norm binary weights begin small and move at twice {@link #fromScratchRate}, with {@code min(5,
     * sqrt(600 / iterations))} in its formula. The plan says where.
     *
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1: its minibatches, or with truncated backpropagation through
     *     time all segments of them
     * @return a builder with these values, to which grid, scale and layers can be added
     * @throws IllegalArgumentException if a number is below 1
     */
    public static Askew.Builder fromScratch(int epochs, int iterationsPerEpoch) {
        double iterations = iterations(epochs, iterationsPerEpoch);
        Closing closing = new Closing(closing(iterations), Askew.Builder.DEFAULT_RESTORING_RATE, 0);
        return new Askew.Builder(fromScratch(iterations, closing), fromScratch(iterations, briefClosing(iterations)))
                .presetInitialScale(Askew.PRESET_INITIAL_SCALE);
    }

    private static Preset fromScratch(double iterations, Closing closing) {
        double shortestRest = closing.length() + Math.max(closing.length(), SHORTEST_HOLD);
        return preset(
                iterations,
                closing,
                null,
                (grid, length) -> rate(grid, BINARY_RATE, length),
                Recipes::normalizedRate,
                (grid, length) -> plainRate(grid, PLAIN_BINARY_RATE, length),
                (int) Math.max(0, Math.min(iterations / 2, iterations - shortestRest)),
                grid -> grid.size() <= FEW_LEVELS);
    }

    /**
     * The learning rate at which {@link #fromScratch} starts where no batch norm follows, {@code min(2, sqrt(600 / iterations))}
     * times
     *
     * <pre>  0.05 for two levels,    0.06 (K - 1) / log2(K) for K,  </pre>
     *
     * <p>in half cells a step, which is about 0.04 of the standard deviation of the first weights, whatever their number.
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
        return rate(grid, binaryRate) * Math.min(LARGEST_FACTOR, Math.sqrt(REFERENCE_ITERATIONS / iterations));
    }

    private static double plainRate(Grid grid, double binaryRate, double iterations) {
        return rate(grid, binaryRate) * Math.min(LARGEST_PLAIN_FACTOR, Math.sqrt(REFERENCE_ITERATIONS / iterations));
    }

    private static double rate(Grid grid, double binaryRate) {
        int levels = grid.size();
        return levels == 2 ? binaryRate : RATE * (levels - 1) * Math.log(2) / Math.log(levels);
    }

    /**
     * Training from trained weights: one scale of least squared error for each output channel, and intervals that close as
     * those of {@link #fromScratch}, but where not all layers see levels, in trainings of fewer than 160 iterations over a
     * quarter (at least 10 iterations, at most a half) at a restoring rate of 1. At stage STEP the hull closes around the weights during the first quarter, so that the
     * first iteration moves none of them further than its updater does. That is an Adam whose rate starts at
     * {@code min(1, (iterations / 300)^max(1/2, log2(K) / 4), sqrt(600 / iterations))} times (with 50 instead of 300 for two
     * levels, and with 150 for three and four)
     *
     * <pre>  0.05 for two levels,    0.06 (K - 1) / log2(K) for K,  </pre>
     *
     * <p>in half cells a step, and with more levels than three a tenth of it in front of batch norm, and falls along a cosine to
     * 0. A short training has small steps, as it could not repair what large ones do to trained weights; behind a float
     * phase, its length is that of the rest. Where the forward pass
     * cannot see levels, rates start at {@link #fromScratchRate} with {@code min(5, sqrt(600 / iterations))} in its formula, as
     * there weights have to travel to their levels; with a {@link
     * Askew.Builder#quantizationDelay} that you set all layers have the rate of those without batch norm.
     *
     * <p>Layers without batch norm are trained in float first, by the same Adam, for as many iterations as the
     * training has beyond 250, at most a quarter of them. Then scales are estimated again. Not so recurrent layers and those
     * that do not see levels.
     *
     * @param epochs length of the training, at least 1
     * @param iterationsPerEpoch updates of an epoch, at least 1: its minibatches, or with truncated backpropagation through
     *     time all segments of them
     * @return a builder with these values, to which grid, scale and layers can be added
     * @throws IllegalArgumentException if a number is below 1
     */
    public static Askew.Builder fineTune(int epochs, int iterationsPerEpoch) {
        double iterations = iterations(epochs, iterationsPerEpoch);
        double length = closingOfTrained(iterations);
        Closing closing = new Closing(length, restoringRate(length), 0);
        return new Askew.Builder(fineTune(iterations, closing), fineTune(iterations, briefClosing(iterations)))
                .scale(Scale.mse().perChannel());
    }

    private static Preset fineTune(double iterations, Closing closing) {
        return preset(
                iterations,
                closing,
                hull(0, iterations),
                Recipes::fineTuningRate,
                (grid, length) ->
                        (grid.size() <= COARSE_LEVELS ? 1 : NORMALIZED_FINE_TUNING) * fineTuningRate(grid, length),
                (grid, length) -> plainRate(grid, BINARY_RATE, length),
                (int) Math.max(0, Math.min(iterations / 4, iterations - LEAST_BEHIND_FLOAT)),
                grid -> true);
    }

    /** A learning rate for a grid and a number of iterations. */
    @FunctionalInterface
    private interface Rate {
        double of(Grid grid, double iterations);
    }

    private static Preset preset(
            double iterations,
            Closing closing,
            @Nullable ISchedule hull,
            Rate rate,
            Rate normalized,
            Rate plain,
            int delay,
            Predicate<Grid> ownInFloat) {
        double time = closing.learningTime(iterations);
        return new Preset(
                closing.epsilon(iterations),
                closing.restoringRate(),
                hull,
                grid -> adam(rate.of(grid, iterations), time),
                grid -> adam(normalized.of(grid, iterations), time),
                grid -> adam(plain.of(grid, iterations), time),
                delay,
                grid -> ownInFloat.test(grid) ? adam(rate.of(grid, iterations), time) : null,
                waited -> hull(waited, iterations),
                waited -> grid -> {
                    double rest = rest(iterations, waited);
                    return adam(rate.of(grid, rest), closing.learningTime(rest));
                });
    }

    private static double normalizedRate(Grid grid, double iterations) {
        double factor = grid.size() == 2 ? 1 : NORMALIZED_FACTOR;
        return factor * rate(grid, SMALL_BINARY_RATE) * careful(grid, iterations, BY_SQUARE_ROOT);
    }

    private static double fineTuningRate(Grid grid, double iterations) {
        // the more levels, the less harm rounding does that a short training could repair
        double power = Math.log(grid.size()) / Math.log(2) / 4;
        return rate(grid, BINARY_RATE) * careful(grid, iterations, Math.max(BY_SQUARE_ROOT, power));
    }

    /**
     * Smaller steps in short trainings and in long ones.
     *
     * @param power to which a short training's share of a long enough one is raised
     */
    private static double careful(Grid grid, double iterations, double power) {
        double ofShort = Math.pow(iterations / shortest(grid), power);
        return Math.min(1, Math.min(ofShort, Math.sqrt(REFERENCE_ITERATIONS / iterations)));
    }

    private static double shortest(Grid grid) {
        int levels = grid.size();
        double few = levels == 2 ? SHORT_BINARY_TRAINING : SHORT_TRAINING_OF_FEW_LEVELS;
        return levels <= FEW_LEVELS ? few : SHORT_TRAINING;
    }

    private static double closing(double iterations) {
        return Math.min(iterations / 2, Math.max(iterations / 50, SHORTEST_CLOSING));
    }

    /**
     * Where the forward pass sees the levels, it is the same network before the intervals close and after. In a short training
     * weights learn in the first half of that time, too, as they have little.
     */
    private static Closing briefClosing(double iterations) {
        double length = Math.min(iterations / 2, Math.max(iterations / 50, BRIEFEST_CLOSING));
        return new Closing(length, restoringRate(length), Math.max(iterations / 50, length / 2));
    }

    private static double restoringRate(double length) {
        return length < SHORTEST_CLOSING ? 1 : Askew.Builder.DEFAULT_RESTORING_RATE;
    }

    /** Closes around weights in the first quarter behind a delay. */
    private static Annealing hull(int delay, double iterations) {
        return Annealing.hold(delay).thenLinear(rest(iterations, delay) / 4).byIteration();
    }

    /** A short training can spare no more: its weights go to their levels at a restoring rate of 1. */
    private static double closingOfTrained(double iterations) {
        return Math.min(closing(iterations), Math.max(iterations / 4, SHORTEST_CLOSING_OF_TRAINED));
    }

    private static double rest(double iterations, int delay) {
        return Math.max(1, iterations - delay);
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
