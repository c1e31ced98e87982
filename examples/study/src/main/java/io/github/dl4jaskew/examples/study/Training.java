package io.github.dl4jaskew.examples.study;

import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.examples.Comparison;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.task.Budget;
import io.github.dl4jaskew.examples.task.Task;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.config.IUpdater;

/** One training and its figures. */
final class Training {

    private static final int EVALUATION_BATCH = 500;

    private final Task task;
    private final boolean ownRecipe;
    private final long seed;
    private final Budget budget;
    private final Runnable onEpoch;

    /**
     * A training to come.
     *
     * @param task data, network and updaters
     * @param ownRecipe whether the task's own recipe of AskewSGD is used
     * @param epochs its length
     * @param seed of first weights and order of examples
     * @param onEpoch called after each epoch
     */
    Training(Task task, boolean ownRecipe, int epochs, long seed, Runnable onEpoch) {
        this.task = task;
        this.ownRecipe = ownRecipe;
        this.seed = seed;
        this.onEpoch = onEpoch;
        this.budget = new Budget(
                epochs, Batches.inOrder(task.split().train(), task.batch()).count());
    }

    /**
     * Figures of a trained network.
     *
     * @param accuracy of the quantized network on the task's test data
     * @param loss its mean cross entropy there
     * @param accuracyInTraining of the network before quantization
     * @param onGrid whether every constrained weight is on its level; false for a float network
     * @param learningRate where it started
     * @param seconds training time
     */
    record Outcome(
            double accuracy,
            double loss,
            double accuracyInTraining,
            boolean onGrid,
            double learningRate,
            double seconds) {

        /** Of a network that has no finite weights any more: DL4J would refuse to evaluate it. */
        static Outcome diverged(double learningRate, double seconds) {
            return new Outcome(0, Double.POSITIVE_INFINITY, 0, false, learningRate, seconds);
        }
    }

    /** A trained float network. */
    record Unconstrained(MultiLayerNetwork network, Outcome outcome) {}

    Unconstrained trainFloat(double rate) {
        MultiLayerNetwork network = network(Task.adam(rate, budget));
        double seconds = fit(network);
        if (hasDiverged(network)) {
            return new Unconstrained(network, Outcome.diverged(rate, seconds));
        }
        double accuracy = accuracy(network);
        return new Unconstrained(network, new Outcome(accuracy, loss(network), accuracy, false, rate, seconds));
    }

    /** Rounds a float network, which is not changed. */
    Outcome round(Unconstrained trained, Grid grid) {
        MultiLayerNetwork copy = trained.network().clone();
        QuantizedTraining rounding = Method.ROUNDING.on(task, ownRecipe, grid, budget, Double.NaN);
        rounding.install(copy);
        return outcome(
                rounding,
                copy,
                trained.outcome().learningRate(),
                trained.outcome().seconds());
    }

    /** Trains on a grid. */
    Outcome train(Method method, Grid grid, double rate) {
        MultiLayerNetwork network =
                network(method.isAskew() && ownRecipe ? task.askewUpdater(budget) : task.floatUpdater(budget));
        QuantizedTraining training = method.on(task, ownRecipe, grid, budget, rate);
        training.install(network);
        return outcome(training, network, rate, fit(network));
    }

    private Outcome outcome(QuantizedTraining training, MultiLayerNetwork network, double rate, double seconds) {
        if (hasDiverged(network)) {
            return Outcome.diverged(rate, seconds);
        }
        double before = accuracy(network);
        QuantizedModel model = training.quantize(network, task.statisticsData());
        MultiLayerNetwork served = model.toMultiLayerNetwork();
        return new Outcome(accuracy(served), loss(served), before, Comparison.isOnGrid(model), rate, seconds);
    }

    private MultiLayerNetwork network(IUpdater updater) {
        MultiLayerNetwork network = new MultiLayerNetwork(task.configuration(updater, seed));
        network.init();
        return network;
    }

    private double fit(MultiLayerNetwork network) {
        Batches train = Batches.shuffled(task.split().train(), task.batch(), seed);
        long start = System.nanoTime();
        for (int epoch = 0; epoch < budget.epochs(); epoch++) {
            network.fit(train);
            onEpoch.run();
        }
        return (System.nanoTime() - start) * 1e-9;
    }

    private static boolean hasDiverged(MultiLayerNetwork network) {
        return !Double.isFinite(network.params().sumNumber().doubleValue());
    }

    private double accuracy(MultiLayerNetwork network) {
        return network.evaluate(Batches.inOrder(task.split().test(), EVALUATION_BATCH))
                .accuracy();
    }

    private double loss(MultiLayerNetwork network) {
        return Comparison.loss(network, task.split().test());
    }
}
