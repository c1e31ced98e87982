package io.github.dl4jaskew.examples.study;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.baseline.AdaSte;
import io.github.dl4jaskew.baseline.BinaryConnect;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.baseline.ProxQuant;
import io.github.dl4jaskew.baseline.ReSte;
import io.github.dl4jaskew.examples.task.Budget;
import io.github.dl4jaskew.examples.task.Task;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.StraightThrough;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.Growth;
import java.util.List;
import java.util.Locale;

/**
 * The methods compared. All of them have the same grids and scales, estimated from the first weights and then fixed; all
 * but rounding train for as many epochs, with Adam, whose learning rate falls along a cosine to 0. Parameters that are not
 * quantized have the task's updater, whatever the method.
 */
enum Method {
    /** Float weights; activations are the network's. */
    FLOAT,
    /** The float network of the same seed, rounded with scales of least squared error. */
    ROUNDING,
    /** Straight-through gradients at the nearest levels. */
    BINARYCONNECT,
    /** Soft thresholds that grow linearly, as Algorithm 1 of its paper times the learning rate. */
    PROXQUANT,
    /** Finite differences across the middle of a cell; mu grows from 0.01 to 100, where the forward pass sees levels. */
    ADASTE,
    /** The slope of a power, which grows from 1 to 3, at the nearest levels. */
    RESTE,
    /** The skewed rule behind the updater. */
    ASKEW_STEP,
    /** The skewed rule before the updater, as published. */
    ASKEW_GRADIENT,
    /** The skewed rule behind the updater, with a forward pass at the nearest levels, as in {@link Askew#fromScratch}. */
    ASKEW_STRAIGHT_THROUGH;

    /** To be raised with any change of a recipe or a network of the study. */
    static final int RECIPES = 6;

    /** Root mean square of the first weights over the largest level, as in AskewSGD's recipe. */
    private static final double START = 0.06;

    /** The threshold at the end over the learning rate, where an Adam step hardly exceeds the learning rate. */
    private static final double LAST_THRESHOLD = 2;

    /**
     * What to choose a learning rate from; {@link Tuning} goes beyond the list where its end is the best. In half cells a
     * step; for float, of the weight.
     */
    List<Double> rates() {
        return switch (this) {
            case FLOAT -> List.of(0.001, 0.003, 0.01);
            case ROUNDING -> List.of();
            case BINARYCONNECT, PROXQUANT, ADASTE, RESTE, ASKEW_STRAIGHT_THROUGH -> List.of(0.001, 0.003, 0.01, 0.03);
            case ASKEW_STEP, ASKEW_GRADIENT -> List.of(0.1, 0.3, 1.0);
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean isAskew() {
        return this == ASKEW_STEP || this == ASKEW_GRADIENT || this == ASKEW_STRAIGHT_THROUGH;
    }

    /** Whether the method is a training on a grid. */
    boolean trainsOnGrid() {
        return this != FLOAT && this != ROUNDING;
    }

    /** The method as it is installed on a network of the task. */
    QuantizedTraining on(Task task, boolean ownRecipe, Grid grid, Budget budget, double rate) {
        return switch (this) {
            case FLOAT -> throw new IllegalStateException("a float network has nothing installed");
            case ROUNDING ->
                PostTrainingQuantization.builder()
                        .grid(grid)
                        .scale(task.roundingScale())
                        .build();
            case BINARYCONNECT -> {
                BinaryConnect.Builder builder = BinaryConnect.builder()
                        .grid(grid)
                        .scale(task.roundingScale())
                        .updater(Task.adam(rate, budget));
                yield (startsSmall(ownRecipe, grid) ? builder.initialScale(START) : builder).build();
            }
            case PROXQUANT -> {
                ProxQuant.Builder builder = ProxQuant.builder()
                        .lambda(Growth.linear(LAST_THRESHOLD / budget.iterations())
                                .byIteration())
                        .timesLearningRate()
                        .grid(grid)
                        .scale(task.roundingScale())
                        .updater(Task.adam(rate, budget));
                yield (startsSmall(ownRecipe, grid) ? builder.initialScale(START) : builder).build();
            }
            case ADASTE -> {
                AdaSte.Builder builder = AdaSte.builder()
                        .mu(Growth.exponential(0.01, Math.pow(10_000, 1.0 / budget.iterations()))
                                .byIteration())
                        .grid(grid)
                        .scale(task.roundingScale())
                        .updater(Task.adam(rate, budget));
                yield (startsSmall(ownRecipe, grid) ? builder.initialScale(START) : builder).build();
            }
            case RESTE -> {
                ReSte.Builder builder = ReSte.builder()
                        .power(Growth.linear(1, 2.0 / budget.iterations()).byIteration())
                        .grid(grid)
                        .scale(task.roundingScale())
                        .updater(Task.adam(rate, budget));
                yield (startsSmall(ownRecipe, grid) ? builder.initialScale(START) : builder).build();
            }
            case ASKEW_STEP -> askew(task, ownRecipe, grid, budget, rate).build();
            case ASKEW_GRADIENT ->
                askew(task, ownRecipe, grid, budget, rate).stage(Stage.GRADIENT).build();
            case ASKEW_STRAIGHT_THROUGH ->
                straightThrough(task, ownRecipe, grid, budget, rate).build();
        };
    }

    /**
     * On two levels the baselines have AskewSGD's small start: for each method signs are then learned. With more levels they
     * begin at the network's own first weights, which the levels were fitted to: small ones would all be at the inner
     * levels, and a network at the level 0 has no gradient.
     */
    private static boolean startsSmall(boolean ownRecipe, Grid grid) {
        return !ownRecipe && grid.size() == 2;
    }

    /**
     * The paper's method: the forward pass sees the weights as they are, which begin small and stay free for nine tenths of
     * the training.
     */
    private static Askew.Builder askew(Task task, boolean ownRecipe, Grid grid, Budget budget, double rate) {
        if (ownRecipe) {
            return task.recipe(grid, budget).scale(task.roundingScale());
        }
        double iterations = budget.iterations();
        double closing = Math.min(iterations / 3, Math.max(iterations / 10, 100));
        return Askew.builder()
                .grid(grid)
                .scale(task.roundingScale())
                .epsilon(Annealing.hold(iterations - closing)
                        .thenExponential(1e-4, closing)
                        .byIteration())
                .learningRateUnit(LearningRateUnit.CELL)
                .updater(Task.adam(rate, budget))
                .initialScale(START);
    }

    private static Askew.Builder straightThrough(Task task, boolean ownRecipe, Grid grid, Budget budget, double rate) {
        Askew.Builder recipe = task.recipe(grid, budget).scale(task.roundingScale());
        return ownRecipe ? recipe.straightThrough(StraightThrough.ALWAYS) : recipe.updater(Task.adam(rate, budget));
    }
}
