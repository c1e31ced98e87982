package io.github.dl4jaskew.examples.study;

import io.github.dl4jaskew.AskewBuilder;
import io.github.dl4jaskew.LearningRateUnit;
import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.Recipes;
import io.github.dl4jaskew.baseline.BinaryConnect;
import io.github.dl4jaskew.baseline.PostTraining;
import io.github.dl4jaskew.baseline.ProxQuant;
import io.github.dl4jaskew.examples.task.Budget;
import io.github.dl4jaskew.examples.task.Task;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.schedule.Growth;
import java.util.List;
import java.util.Locale;

/**
 * The methods compared. All of them have the same grids and scales, estimated from the first weights and then fixed; all
 * but rounding train for as many epochs, with Adam, whose learning rate falls along a cosine to 0. Parameters that are not
 * quantized have the task's updater, whatever the method.
 */
enum Method {
    /** Without quantization. */
    FLOAT,
    /** The float network of the same seed, rounded with scales of least squared error. */
    ROUNDING,
    /** Straight-through gradients at the nearest levels. */
    BINARYCONNECT,
    /** Soft thresholds that grow linearly, as Algorithm 1 of its paper times the learning rate. */
    PROXQUANT,
    /** The skewed rule behind the updater. */
    ASKEW_STEP,
    /** The skewed rule before the updater, as published. */
    ASKEW_GRADIENT;

    /** To be raised with any change of a recipe or a network of the study. */
    static final int RECIPES = 5;

    /** The threshold at the end over the learning rate, where an Adam step hardly exceeds the learning rate. */
    private static final double LAST_THRESHOLD = 2;

    /**
     * What to choose a learning rate from; {@link Tuning} goes beyond the list where its end is the best. The rate of the
     * weight for float; in half cells a step for the baselines; for AskewSGD in units of the rate that its recipe proposes
     * for the grid and the length of the training.
     */
    List<Double> rates() {
        return switch (this) {
            case FLOAT -> List.of(0.001, 0.003, 0.01);
            case ROUNDING -> List.of();
            case BINARYCONNECT, PROXQUANT -> List.of(0.001, 0.003, 0.01, 0.03);
            case ASKEW_STEP, ASKEW_GRADIENT -> List.of(0.5, 1.0, 2.0);
        };
    }

    /** The learning rate that a choice stands for in a training of this length. */
    double learningRate(double choice, Budget budget, Grid grid) {
        return isAskew()
                ? choice * Recipes.fromScratchRate(grid, budget.epochs(), budget.iterationsPerEpoch())
                : choice;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean isAskew() {
        return this == ASKEW_STEP || this == ASKEW_GRADIENT;
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
                PostTraining.builder().grid(grid).scale(task.roundingScale()).build();
            case BINARYCONNECT ->
                BinaryConnect.builder()
                        .grid(grid)
                        .scale(task.roundingScale())
                        .updater(Task.adam(rate, budget))
                        .learningRateUnit(LearningRateUnit.CELL)
                        .build();
            case PROXQUANT ->
                ProxQuant.builder()
                        .lambda(Growth.linear(LAST_THRESHOLD / budget.iterations())
                                .byIteration())
                        .timesLearningRate()
                        .grid(grid)
                        .scale(task.roundingScale())
                        .updater(Task.adam(rate, budget))
                        .learningRateUnit(LearningRateUnit.CELL)
                        .build();
            case ASKEW_STEP -> askew(task, ownRecipe, grid, budget, rate).build();
            case ASKEW_GRADIENT ->
                askew(task, ownRecipe, grid, budget, rate).stage(Stage.GRADIENT).build();
        };
    }

    private static AskewBuilder askew(Task task, boolean ownRecipe, Grid grid, Budget budget, double rate) {
        AskewBuilder recipe = task.recipe(grid, budget).scale(task.roundingScale());
        return ownRecipe ? recipe : recipe.updater(Task.adam(rate, budget));
    }
}
