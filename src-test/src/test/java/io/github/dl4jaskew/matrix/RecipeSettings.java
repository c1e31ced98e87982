package io.github.dl4jaskew.matrix;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.ProjectionMode;
import io.github.dl4jaskew.schedule.Annealing;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** What can be said in a recipe. */
final class RecipeSettings {

    static final List<Setting> ALL = all();

    private RecipeSettings() {}

    /** An Adam of its own for the constrained weights, in cells. */
    static Askew.Builder inCells(Askew.Builder recipe) {
        return recipe.updater(new Adam(Setting.cosine(0.2, 60))).learningRateUnit(LearningRateUnit.CELL);
    }

    private static List<Setting> all() {
        List<Setting> all = new ArrayList<>(List.of(
                Setting.named("the recipe's updater, in cells").recipe(RecipeSettings::inCells),
                Setting.named("the recipe's updater, in cells, batch norm")
                        .recipe(RecipeSettings::inCells)
                        .withBatchNorm(),
                Setting.named("the network's updater, in cells").recipe(r -> r.learningRateUnit(LearningRateUnit.CELL)),
                Setting.named("noise of the recipe's own").recipe(r -> r.perturbation(0.0005, 3)),
                Setting.named("batch norm").withBatchNorm(),
                Setting.named("binary, scales by channel")
                        .recipe(r -> r.grid(Grid.binary()).scale(Scale.mse().perChannel())),
                Setting.named("four bits").recipe(r -> r.grid(Grid.uniform(4))),
                Setting.named("annealed by epoch")
                        .recipe(r -> r.epsilon(
                                Annealing.hold(6).thenExponential(1e-4, 8).byEpoch())),
                Setting.named("stage GRADIENT")
                        .recipe(r -> r.stage(Stage.GRADIENT))
                        .updater(n -> new Sgd(0.1))
                        .freeStep(0.1),
                Setting.named("stage GRADIENT, alpha, in cells")
                        .recipe(r -> r.stage(Stage.GRADIENT).alpha(1).learningRateUnit(LearningRateUnit.CELL))
                        .updater(n -> new Sgd(1))
                        .freeStep(0.1),
                Setting.named("alpha")
                        .recipe(r -> r.alpha(2))
                        .updater(n -> new Sgd(0.1))
                        .freeStep(0.1)));
        for (ProjectionMode mode : ProjectionMode.values()) {
            if (mode != ProjectionMode.GRID) {
                all.add(Setting.named("projection " + mode).recipe(r -> r.projection(mode)));
            }
        }
        return all;
    }
}
