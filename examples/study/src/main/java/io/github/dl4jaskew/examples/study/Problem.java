package io.github.dl4jaskew.examples.study;

import io.github.dl4jaskew.examples.task.Task;
import io.github.dl4jaskew.grid.Grid;
import java.util.List;
import java.util.Objects;

/**
 * Data, a network for it, and what is compared there.
 *
 * @param dataset the data's name, with the number of training examples
 * @param network the network's name
 * @param grids levels to compare
 * @param seeds number of trainings of each method, with seeds 1, 2, ...
 * @param epochs length of a training
 * @param tuningEpochs length of a training that learning rates are compared by
 * @param tasks makes the tasks
 */
record Problem(String dataset, String network, List<Grid> grids, int seeds, int epochs, int tuningEpochs, Tasks tasks) {

    /** What is trained and what it is measured on. */
    interface Tasks {

        /** All training data, and the test data. */
        Task complete(long seed);

        /** A part of the training data, and the rest of it in place of the test data. */
        Task heldOut(long seed);

        /** Seeds of the trainings that a learning rate is judged by; none of them is a seed of the study. */
        default List<Long> tuningSeeds() {
            return List.of(101L);
        }

        /** Whether the task's own recipe of AskewSGD is used, with its own learning rate. */
        default boolean hasOwnRecipe() {
            return false;
        }

        /** The learning rate that the task's own recipe starts at. */
        default double ownRate() {
            return Double.NaN;
        }
    }

    /** The learning rates that a method is tried with. */
    List<Double> rates(Method method) {
        return method.isAskew() && tasks.hasOwnRecipe() ? List.of(tasks.ownRate()) : method.rates();
    }

    /** What a cell's figures depend on. */
    Settings settings(Method method) {
        Method trained = method == Method.ROUNDING ? Method.FLOAT : method;
        return new Settings(Method.RECIPES, epochs, tuningEpochs, tuningSeeds(), rates(trained));
    }

    /** What the figures of this problem's trials depend on. */
    Settings tuningSettings(Method method) {
        return new Settings(Method.RECIPES, tuningEpochs, tuningEpochs, tuningSeeds(), rates(method));
    }

    private int tuningSeeds() {
        return tasks.tuningSeeds().size();
    }

    /** A grid by its name. */
    Grid grid(String name) {
        return grids.stream()
                .filter(grid -> grid.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(this + " has no grid '" + name + "'"));
    }

    /** By name: the data itself is large. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Problem that && dataset.equals(that.dataset) && network.equals(that.network);
    }

    @Override
    public int hashCode() {
        return Objects.hash(dataset, network);
    }

    @Override
    public String toString() {
        return dataset + "/" + network;
    }
}
